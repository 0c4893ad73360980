package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that breaks a rule is named, wherever it stands, and leaves no trace. */
class RangeBarsRefusalTest {
  private static final int ROWS = 10_000;
  private static final int BAD_ROW = 6_789;
  private static final TickColumns GOOD = Ticks.walk(3, ROWS);

  @Test
  void repeatedIdAtTheSameTimeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acceptAll(Ticks.golden("c12_err_dup_id")))
        .withMessage(
            "range_bars: ticks must ascend by (timestamp, trade id), but tick 2 is"
                + " (1704067200000005, 2) after (1704067200000005, 2)");
  }

  @Test
  void timeThatGoesBackIsRefused() {
    TickColumns ticks = Ticks.golden("c12_err_ts_back");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acceptAll(ticks))
        .withMessage(
            "range_bars: ticks must ascend by (timestamp, trade id), but tick 2 is"
                + " (1704067200000004, 3) after (1704067200000005, 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> acceptAll(TickColumns.of(ticks.tsMicros(), ticks.priceRaw(), ticks.volumeRaw())))
        .withMessage(
            "range_bars: timestamps must not go back, but tick 2 is at 1704067200000004 after"
                + " 1704067200000005");
  }

  @Test
  void orderIsCheckedAcrossBatchesAndOverACheckpoint() {
    RangeBars machine = new RangeBars(250);
    machine.accept(GOOD, 0, 100, new BarBatch());
    String message =
        "range_bars: ticks must ascend by (timestamp, trade id), but tick 100 is (%d, 100) after"
            + " (%d, 100)";
    long ts = GOOD.tsMicros()[99];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.accept(GOOD, 99, 100, new BarBatch()))
        .withMessage(message, ts, ts);
    RangeBars restored = RangeBars.restore(machine.checkpoint());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> restored.accept(GOOD, 99, 200, new BarBatch()))
        .withMessage(message, ts, ts);
  }

  @Test
  void badValuesAreNamedWithTheirTick() {
    refuses(t -> t.priceRaw()[BAD_ROW] = 0, "price must be positive, but tick 6789 has 0.00000000");
    refuses(
        t -> t.priceRaw()[BAD_ROW] = -150_000_000,
        "price must be positive, but tick 6789 has -1.50000000");
    refuses(
        t -> t.priceRaw()[BAD_ROW] = Long.MIN_VALUE,
        "price must be positive, but tick 6789 has -92233720368.54775808");
    refuses(
        t -> t.volumeRaw()[BAD_ROW] = -1,
        "volume must not be negative, but tick 6789 has -0.00000001");
    refuses(
        t -> t.lastTradeIds()[BAD_ROW] = t.firstTradeIds()[BAD_ROW] - 1,
        "the last trade id must not be below the first, but tick 6789 has first "
            + GOOD.firstTradeIds()[BAD_ROW]
            + " and last "
            + (GOOD.firstTradeIds()[BAD_ROW] - 1));
    refuses(
        t -> {
          t.firstTradeIds()[BAD_ROW] = Long.MAX_VALUE;
          t.lastTradeIds()[BAD_ROW] = Long.MIN_VALUE;
        },
        "the last trade id must not be below the first, but tick 6789 has first "
            + "9223372036854775807 and last -9223372036854775808");
    refuses(
        t -> {
          t.firstTradeIds()[BAD_ROW] = -1;
          t.lastTradeIds()[BAD_ROW] = Long.MAX_VALUE;
        },
        "the trades of a record must be countable in 63 bits, but tick 6789 has first -1 and last "
            + "9223372036854775807");
    refuses(
        t -> t.buyerMaker()[BAD_ROW] = 2,
        "the buyer-maker flag must be 0 or 1, but tick 6789 has 2");
    refuses(
        t -> t.buyerMaker()[BAD_ROW] = -1,
        "the buyer-maker flag must be 0 or 1, but tick 6789 has -1");
    refuses(
        t -> t.tsMicros()[BAD_ROW] = 1L << 62,
        "timestamps must fit 62 bits of microseconds, but tick 6789 is at 4611686018427387904");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 4_095, 4_096, 8_191, 8_192, ROWS - 1})
  void everyRowOfABlockIsChecked(int row) {
    TickColumns price = Ticks.copy(GOOD, 0, ROWS);
    price.priceRaw()[row] = 0;
    TickColumns volume = Ticks.copy(GOOD, 0, ROWS);
    volume.volumeRaw()[row] = -1;
    TickColumns flag = Ticks.copy(GOOD, 0, ROWS);
    flag.buyerMaker()[row] = 4;
    TickColumns ids = Ticks.copy(GOOD, 0, ROWS);
    ids.lastTradeIds()[row] = 0;
    for (TickColumns ticks : List.of(price, volume, flag, ids)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> acceptAll(ticks))
          .withMessageContaining("tick " + row + " has");
    }
  }

  @Test
  void timestampsThatWrapAroundAreNotTakenForAscending() {
    long[] ts = {(1L << 62) - 1, Long.MIN_VALUE};
    long[] one = {1, 1};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acceptAll(TickColumns.of(ts, one, one)))
        .withMessage(
            "range_bars: timestamps must not go back, but tick 1 is at -9223372036854775808 after"
                + " 4611686018427387903");
  }

  @Test
  void turnoverBeyond127BitsIsAnError() {
    long[] ts = {1, 2, 3};
    long[] most = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
    RangeBars machine = new RangeBars(250);
    BarBatch bars = new BarBatch();
    TickColumns ticks = TickColumns.of(ts, most, most);
    machine.accept(ticks, 0, 2, bars);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.accept(ticks, 2, 3, bars))
        .withMessage(
            "range_bars: the turnover of a bar must fit 127 bits, but in the bar opened at 1 it"
                + " grows past them with tick 2");
    assertThat(machine.ticksAccepted()).isEqualTo(2);
  }

  @Test
  void theTickThatOverflowsIsFoundInsideABlock() {
    TickColumns ticks = TickColumns.of(new long[4_000], new long[4_000], new long[4_000]);
    for (int row = 0; row < 4_000; row++) {
      ticks.tsMicros()[row] = row;
      ticks.priceRaw()[row] = 1L << 62;
      ticks.volumeRaw()[row] = 1L << 49;
    }
    // 2^16 ticks of 2^111 each are 2^127.
    RangeBars machine = new RangeBars(1);
    BarBatch bars = new BarBatch();
    for (int batch = 0; batch < 16; batch++) {
      machine.accept(ticks, 0, 4_000, bars);
      for (int row = 0; row < 4_000; row++) {
        ticks.tsMicros()[row] += 4_000;
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.accept(ticks, 0, 4_000, bars))
        .withMessage(
            "range_bars: the turnover of a bar must fit 127 bits, but in the bar opened at 0 it"
                + " grows past them with tick 65535");
  }

  @Test
  void countOfTradesBeyond63BitsIsAnError() {
    TickColumns ticks = Ticks.copy(GOOD, 0, 3);
    ticks.firstTradeIds()[0] = 0;
    ticks.lastTradeIds()[0] = Long.MAX_VALUE - 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> acceptAll(ticks))
        .withMessage(
            "range_bars: the number of trades of a bar must fit 63 bits, but in the bar opened at"
                + " %d it grows past them with tick 1",
            ticks.tsMicros()[0]);
  }

  @Test
  void idsMustNotComeOrGoBetweenBatches() {
    RangeBars machine = new RangeBars(250);
    machine.accept(GOOD, 0, 10, new BarBatch());
    TickColumns bare = TickColumns.of(GOOD.tsMicros(), GOOD.priceRaw(), GOOD.volumeRaw());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.accept(bare, 10, 20, new BarBatch()))
        .withMessage(
            "range_bars: ticks 0 to 9 had trade ids, so the next ones must be alike, but they have"
                + " none");
  }

  /** A batch is refused with this message, and afterwards the machine does as if it never came. */
  private static void refuses(Consumer<TickColumns> damage, String message) {
    TickColumns bad = Ticks.copy(GOOD, 0, ROWS);
    damage.accept(bad);
    RangeBars machine = new RangeBars(10);
    BarBatch bars = new BarBatch();
    machine.accept(GOOD, 0, 1_000, bars);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.accept(bad, 1_000, ROWS, bars))
        .withMessage("range_bars: " + message);
    machine.accept(GOOD, 1_000, ROWS, bars);
    assertThat(BarText.all(bars)).isEqualTo(BarText.all(acceptAll(GOOD)));
  }

  private static BarBatch acceptAll(TickColumns ticks) {
    BarBatch bars = new BarBatch();
    new RangeBars(10).accept(ticks, 0, ticks.capacity(), bars);
    return bars;
  }
}
