package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped goes on as if it had not been. */
class RangeBarsCheckpointTest {
  private static final TickColumns WALK = Ticks.walk(7, 20_000);
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @CsvSource({
    "c11_ckpt_small, 0",
    "c11_ckpt_gap1h_exact, 0",
    "c11_ckpt_gap1h_plus1us, 1",
  })
  void barOverAGapOfMoreThanAnHourIsDroppedAsInTheReference(String name, int dropped) {
    TickColumns ticks = Ticks.golden(name);
    RangeBars first = new RangeBars(250);
    BarBatch bars = new BarBatch();
    first.accept(ticks, 0, 4, bars);
    RangeBars second = RangeBars.restore(first.checkpoint(), HOUR);
    second.accept(ticks, 4, 4, bars);
    second.accept(ticks, 4, ticks.capacity(), bars);
    second.appendOpenBar(bars);
    assertThat(BarText.all(bars))
        .isEqualTo(BarText.expected(Ticks.goldenLines(name + ".t250.ckpt4.bars.csv")));
    assertThat(second.droppedBars()).isEqualTo(dropped);
  }

  @Test
  void refusedBatchDoesNotDropTheBar() {
    TickColumns ticks = Ticks.golden("c11_ckpt_gap1h_plus1us");
    RangeBars first = new RangeBars(250);
    first.accept(ticks, 0, 4, new BarBatch());
    RangeBars second = RangeBars.restore(first.checkpoint(), HOUR);
    TickColumns bad = Ticks.copy(ticks, 4, 6);
    bad.priceRaw()[1] = 0;
    assertThatIllegalArgumentException().isThrownBy(() -> second.accept(bad, 0, 2, new BarBatch()));
    assertThat(second.droppedBars()).isZero();
    assertThat(second.checkpoint()).isEqualTo(first.checkpoint());
    second.accept(ticks, 4, 6, new BarBatch());
    assertThat(second.droppedBars()).isEqualTo(1);
  }

  @Test
  void checkpointsAnywhereLeaveNoTrace() {
    Random random = new Random(3);
    for (int thresholdDbps : new int[] {1, 10, 250}) {
      for (boolean timeGate : new boolean[] {true, false}) {
        RangeBars unbroken = new RangeBars(thresholdDbps, timeGate);
        BarBatch expected = new BarBatch();
        unbroken.accept(WALK, 0, WALK.capacity(), expected);
        unbroken.appendOpenBar(expected);
        RangeBars machine = new RangeBars(thresholdDbps, timeGate);
        BarBatch bars = new BarBatch();
        for (int from = 0; from < WALK.capacity(); ) {
          int to = Math.min(from + random.nextInt(200), WALK.capacity());
          machine.accept(WALK, from, to, bars);
          machine = RangeBars.restore(RangeBarsCheckpoint.parse(machine.checkpoint().toText()));
          from = to;
        }
        machine.appendOpenBar(bars);
        assertThat(BarText.all(bars)).isEqualTo(BarText.all(expected));
        assertThat(machine.checkpoint()).isEqualTo(unbroken.checkpoint());
      }
    }
  }

  @Test
  void textHoldsEverySumToTheLastBit() {
    long[] ts = {5, 6};
    long[] most = {Long.MAX_VALUE, Long.MAX_VALUE};
    RangeBars machine = new RangeBars(100_000, false);
    machine.accept(TickColumns.of(ts, most, most), 0, 2, new BarBatch());
    RangeBarsCheckpoint checkpoint = machine.checkpoint();
    assertThat(checkpoint.toText())
        .isEqualTo(
            "range_bars/1 threshold_dbps=100000 time_gate=0 ticks=2 last_ts_us=6"
                + " last_agg_trade_id=0 with_ids=0 dropped_bars=0 forming=1 open_time_us=5"
                + " close_time_us=6 open=9223372036854775807 high=9223372036854775807"
                + " low=9223372036854775807 close=9223372036854775807 volume_high=0"
                + " volume_low=-2 sell_volume_high=0 sell_volume_low=0"
                + " turnover_high=9223372036854775806 turnover_low=2 sell_turnover_high=0"
                + " sell_turnover_low=0 first_trade_id=0 last_trade_id=1 first_agg_trade_id=0"
                + " last_agg_trade_id=1 trade_count=2 sell_trade_count=0 record_count=2 end");
    assertThat(RangeBarsCheckpoint.parse(checkpoint.toText()))
        .isEqualTo(checkpoint)
        .hasSameHashCodeAs(checkpoint)
        .hasToString(checkpoint.toText());
    assertThat(checkpoint.thresholdDbps()).isEqualTo(100_000);
    assertThat(checkpoint.timeGate()).isFalse();
    assertThat(checkpoint.hasOpenBar()).isTrue();
    assertThat(checkpoint.ticksAccepted()).isEqualTo(2);
    assertThat(checkpoint.lastTsMicros()).isEqualTo(6);
    assertThat(checkpoint.lastAggTradeId()).isZero();
  }

  @Test
  void machineWithoutTicksHasACheckpointToo() {
    RangeBarsCheckpoint checkpoint = new RangeBars(250).checkpoint();
    assertThat(RangeBarsCheckpoint.parse(checkpoint.toText())).isEqualTo(checkpoint);
    assertThat(RangeBars.restore(checkpoint).ticksAccepted()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "range_bars/2 end",
        "range_bars/1 end",
        "range_bars/1",
      })
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RangeBarsCheckpoint.parse(text))
        .withMessageStartingWith("range_bars: expected a checkpoint of version range_bars/1, but ");
  }

  @Test
  void cutOrEditedTextsAreRefused() {
    RangeBars machine = new RangeBars(250);
    machine.accept(WALK, 0, 100, new BarBatch());
    String text = machine.checkpoint().toText();
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertThatIllegalArgumentException().isThrownBy(() -> RangeBarsCheckpoint.parse(cut));
    }
    List<String[]> edits =
        List.of(
            new String[] {"threshold_dbps=250", "threshold_dbps=0"},
            new String[] {"time_gate=1", "time_gate=2"},
            new String[] {"ticks=100", "ticks=-1"},
            new String[] {"ticks=100", "ticks=3"},
            new String[] {"forming=1", "forming=0"},
            new String[] {"with_ids=1", "ids=1"},
            new String[] {"record_count=", "record_count=x"},
            new String[] {"sell_turnover_high=", "sell_turnover_high=9"},
            new String[] {" low=", " low=-"},
            new String[] {" end", " more=1 end"});
    for (String[] edit : edits) {
      String edited = text.replaceFirst(edit[0], edit[1]);
      assertThat(edited).isNotEqualTo(text);
      assertThatIllegalArgumentException()
          .as(edit[1])
          .isThrownBy(() -> RangeBarsCheckpoint.parse(edited));
    }
  }

  @Test
  void negativeGapIsRefused() {
    RangeBarsCheckpoint checkpoint = new RangeBars(250).checkpoint();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RangeBars.restore(checkpoint, Duration.ofSeconds(-1)))
        .withMessage("range_bars: the largest gap must not be negative but was PT-1S");
  }
}
