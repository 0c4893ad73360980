package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bar is, on ticks made by hand, and what holds for every input. */
class RangeBarsTest {
  private static final TickColumns WALK = Ticks.walk(7, 40_000);
  private static final long START = 1_704_067_200_000_000L;

  @Test
  void barClosesWhenRangeIsReachedExactly() {
    // 250 dbps of 100,000 raw are 250 raw.
    BarBatch bars = closedBars(250, prices(100_000, 100_249, 100_250, 100_250));
    assertThat(bars.size()).isEqualTo(1);
    assertThat(bars.closeRaw()[0]).isEqualTo(100_250);
    assertThat(bars.aggRecordCount()[0]).isEqualTo(3);
    assertThat(closedBars(250, prices(100_000, 99_751, 99_750)).size()).isEqualTo(1);
  }

  @Test
  void nextTickOpensTheNextBarAtItsOwnPrice() {
    RangeBars machine = new RangeBars(250);
    BarBatch bars = new BarBatch();
    TickColumns ticks = prices(100_000, 200_000, 150_000);
    machine.accept(ticks, 0, 3, bars);
    machine.appendOpenBar(bars);
    assertThat(bars.openRaw()).startsWith(100_000, 150_000);
    assertThat(bars.closeRaw()).startsWith(200_000, 150_000);
    assertThat(bars.complete()).startsWith(true, false);
  }

  @Test
  void openBarIsGivenOnRequestAndGoesOnForming() {
    RangeBars machine = new RangeBars(250);
    BarBatch bars = new BarBatch();
    machine.appendOpenBar(bars);
    assertThat(bars.size()).isZero();
    assertThat(machine.hasOpenBar()).isFalse();
    machine.accept(prices(100_000, 100_100, 100_300), 0, 2, bars);
    assertThat(bars.size()).isZero();
    assertThat(machine.hasOpenBar()).isTrue();
    machine.appendOpenBar(bars);
    machine.appendOpenBar(bars);
    assertThat(bars.size()).isEqualTo(2);
    assertThat(BarText.all(bars).get(0)).isEqualTo(BarText.all(bars).get(1));
  }

  @Test
  void barDoesNotCloseAtItsOpeningTimestampUnlessTheGateIsOff() {
    TickColumns ticks = prices(100_000, 200_000, 100_000);
    ticks.tsMicros()[1] = START;
    assertThat(closedBars(250, ticks).size()).isZero();
    BarBatch ungated = new BarBatch();
    new RangeBars(250, false).accept(ticks, 0, 3, ungated);
    assertThat(ungated.size()).isEqualTo(1);
  }

  @Test
  void rangeOfTheHighestPricesDoesNotWrap() {
    long top = Long.MAX_VALUE;
    assertThat(closedBars(100_000, prices(top - 1, top, 1)).size()).isZero();
    BarBatch bars = closedBars(50_000, prices(top - 1, top, top / 2 + 2, top / 2, 7));
    assertThat(bars.size()).isEqualTo(1);
    assertThat(bars.highRaw()[0]).isEqualTo(top);
    assertThat(bars.lowRaw()[0]).isEqualTo(top / 2);
  }

  @Test
  void absentColumnsMeanOneBuyPerRecordNumberedFromZero() {
    TickColumns full = Ticks.copy(WALK, 0, 10_000);
    for (int row = 0; row < full.capacity(); row++) {
      full.aggTradeIds()[row] = row;
      full.firstTradeIds()[row] = row;
      full.lastTradeIds()[row] = row;
      full.buyerMaker()[row] = 0;
    }
    TickColumns bare = TickColumns.of(full.tsMicros(), full.priceRaw(), full.volumeRaw());
    List<String> expected = bars(10, full, 10_000);
    assertThat(bars(10, bare, 10_000)).isEqualTo(expected);
    assertThat(bars(10, bare, 777)).isEqualTo(expected);
    TickColumns recordIdsOnly =
        new TickColumns(
            full.tsMicros(),
            full.priceRaw(),
            full.volumeRaw(),
            full.aggTradeIds(),
            null,
            null,
            null);
    assertThat(bars(10, recordIdsOnly, 777)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1000, 4095, 4096, 4097, 40_000})
  void anySplitOfTheBatchesGivesTheSameBars(int batchRows) {
    for (int thresholdDbps : new int[] {1, 10, 250}) {
      assertThat(bars(thresholdDbps, WALK, batchRows))
          .isEqualTo(bars(thresholdDbps, WALK, WALK.capacity()));
    }
  }

  @Test
  void randomSplitsAndAReusedColumnSetGiveTheSameBars() {
    Random random = new Random(5);
    List<String> expected = bars(50, WALK, WALK.capacity());
    RangeBars machine = new RangeBars(50);
    BarBatch bars = new BarBatch(1);
    TickColumns reused = Ticks.columns(2_000);
    for (int from = 0; from < WALK.capacity(); ) {
      int rows = Math.min(random.nextInt(2_000), WALK.capacity() - from);
      System.arraycopy(WALK.tsMicros(), from, reused.tsMicros(), 0, rows);
      System.arraycopy(WALK.priceRaw(), from, reused.priceRaw(), 0, rows);
      System.arraycopy(WALK.volumeRaw(), from, reused.volumeRaw(), 0, rows);
      System.arraycopy(WALK.aggTradeIds(), from, reused.aggTradeIds(), 0, rows);
      System.arraycopy(WALK.firstTradeIds(), from, reused.firstTradeIds(), 0, rows);
      System.arraycopy(WALK.lastTradeIds(), from, reused.lastTradeIds(), 0, rows);
      System.arraycopy(WALK.buyerMaker(), from, reused.buyerMaker(), 0, rows);
      machine.accept(reused, 0, rows, bars);
      from += rows;
    }
    machine.appendOpenBar(bars);
    assertThat(BarText.all(bars)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "10, true", "10, false", "250, true", "100000, true"})
  void whatGoesInComesOut(int thresholdDbps, boolean timeGate) {
    RangeBars machine = new RangeBars(thresholdDbps, timeGate);
    BarBatch bars = new BarBatch();
    machine.accept(WALK, 0, WALK.capacity(), bars);
    machine.appendOpenBar(bars);
    BigInteger volume = BigInteger.ZERO;
    BigInteger turnover = BigInteger.ZERO;
    long records = 0;
    long trades = 0;
    for (int row = 0; row < bars.size(); row++) {
      volume = volume.add(bars.volume(row));
      turnover = turnover.add(bars.buyTurnover(row)).add(bars.sellTurnover(row));
      records += bars.aggRecordCount()[row];
      trades += bars.buyTradeCount()[row] + bars.sellTradeCount()[row];
      assertThat(bars.volume(row)).isEqualTo(bars.buyVolume(row).add(bars.sellVolume(row)));
      assertThat(bars.openRaw()[row]).isBetween(bars.lowRaw()[row], bars.highRaw()[row]);
      assertThat(bars.closeRaw()[row]).isBetween(bars.lowRaw()[row], bars.highRaw()[row]);
      assertThat(bars.vwapRaw()[row]).isBetween(bars.lowRaw()[row], bars.highRaw()[row]);
      if (row > 0) {
        assertThat(bars.firstAggTradeId()[row]).isEqualTo(bars.lastAggTradeId()[row - 1] + 1);
      }
    }
    BigInteger volumeIn = BigInteger.ZERO;
    BigInteger turnoverIn = BigInteger.ZERO;
    for (int row = 0; row < WALK.capacity(); row++) {
      BigInteger amount = BigInteger.valueOf(WALK.volumeRaw()[row]);
      volumeIn = volumeIn.add(amount);
      turnoverIn = turnoverIn.add(amount.multiply(BigInteger.valueOf(WALK.priceRaw()[row])));
    }
    assertThat(volume).isEqualTo(volumeIn);
    assertThat(turnover).isEqualTo(turnoverIn);
    assertThat(records).isEqualTo(WALK.capacity());
    assertThat(trades).isEqualTo(WALK.lastTradeIds()[WALK.capacity() - 1]);
  }

  @Test
  void enormousVolumesAndIdsAreAddedExactly() {
    Random random = new Random(11);
    TickColumns ticks = Ticks.copy(WALK, 0, 9_000);
    BigInteger volume = BigInteger.ZERO;
    BigInteger sellTurnover = BigInteger.ZERO;
    BigInteger trades = BigInteger.ZERO;
    for (int row = 0; row < ticks.capacity(); row++) {
      ticks.priceRaw()[row] = (1L << 62) + random.nextInt();
      ticks.volumeRaw()[row] = (row & 1) == 0 ? random.nextLong() >>> 14 : random.nextInt(100);
      ticks.firstTradeIds()[row] = Long.MIN_VALUE + random.nextInt(1 << 30);
      ticks.lastTradeIds()[row] = ticks.firstTradeIds()[row] + (random.nextLong() >>> 16);
      BigInteger amount = BigInteger.valueOf(ticks.volumeRaw()[row]);
      volume = volume.add(amount);
      if (ticks.buyerMaker()[row] == 1) {
        sellTurnover = sellTurnover.add(amount.multiply(BigInteger.valueOf(ticks.priceRaw()[row])));
      }
      trades =
          trades.add(
              BigInteger.valueOf(ticks.lastTradeIds()[row] - ticks.firstTradeIds()[row] + 1));
    }
    RangeBars machine = new RangeBars(100_000);
    BarBatch bars = new BarBatch();
    machine.accept(ticks, 0, ticks.capacity(), bars);
    machine.appendOpenBar(bars);
    assertThat(bars.size()).isEqualTo(1);
    assertThat(bars.volume(0)).isEqualTo(volume);
    assertThat(bars.sellTurnover(0)).isEqualTo(sellTurnover);
    assertThat(BigInteger.valueOf(bars.individualTradeCount()[0])).isEqualTo(trades);
  }

  @Test
  void idsMayGoBackWhereTimeGoesOn() {
    TickColumns ticks = prices(100_000, 100_001, 100_002);
    ticks.aggTradeIds()[0] = Long.MAX_VALUE;
    ticks.aggTradeIds()[1] = Long.MIN_VALUE;
    BarBatch bars = new BarBatch();
    RangeBars machine = new RangeBars(250);
    machine.accept(ticks, 0, 3, bars);
    assertThat(machine.ticksAccepted()).isEqualTo(3);
  }

  @Test
  void emptyInputChangesNothing() {
    RangeBars machine = new RangeBars(250);
    machine.accept(WALK, 5, 5, new BarBatch());
    assertThat(machine.ticksAccepted()).isZero();
    assertThat(machine.hasOpenBar()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 100_001})
  void thresholdOutOfRangeIsRefused(int thresholdDbps) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RangeBars(thresholdDbps))
        .withMessage("range_bars: threshold must be 1 to 100000 dbps but was " + thresholdDbps);
  }

  @Test
  void namedThresholdsAreThoseOfTheReference() {
    assertThat(RangeThreshold.dbpsOf("range_bars", "micro")).isEqualTo(10);
    assertThat(RangeThreshold.dbpsOf("range_bars", "Tight")).isEqualTo(50);
    assertThat(RangeThreshold.dbpsOf("range_bars", "standard")).isEqualTo(100);
    assertThat(RangeThreshold.dbpsOf("range_bars", "MEDIUM")).isEqualTo(250);
    assertThat(RangeThreshold.dbpsOf("range_bars", "wide")).isEqualTo(500);
    assertThat(RangeThreshold.dbpsOf("range_bars", "macro")).isEqualTo(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RangeThreshold.dbpsOf("range_bars", "huge"))
        .withMessage(
            "range_bars: threshold must be 1 to 100000 dbps or one of micro, tight, standard,"
                + " medium, wide, macro but was 'huge'");
  }

  @Test
  void rowsBeyondTheColumnsAreRefused() {
    assertThatThrownBy(() -> new RangeBars(1).accept(WALK, 0, 40_001, new BarBatch()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TickColumns(
                    new long[1], new long[1], new long[1], null, new long[1], null, null))
        .withMessage(
            "range_bars: first and last trade ids come together, but only the first ones were"
                + " given");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BarBatch(0))
        .withMessage("range_bars: a bar batch needs room for at least 1 bar but was asked for 0");
  }

  private static BarBatch closedBars(int thresholdDbps, TickColumns ticks) {
    BarBatch bars = new BarBatch();
    new RangeBars(thresholdDbps).accept(ticks, 0, ticks.capacity(), bars);
    return bars;
  }

  private static List<String> bars(int thresholdDbps, TickColumns ticks, int batchRows) {
    RangeBars machine = new RangeBars(thresholdDbps);
    BarBatch bars = new BarBatch();
    for (int from = 0; from < ticks.capacity(); from += batchRows) {
      machine.accept(ticks, from, Math.min(from + batchRows, ticks.capacity()), bars);
    }
    machine.appendOpenBar(bars);
    return BarText.all(bars);
  }

  /** One tick a second, volume 1, id = row. */
  private static TickColumns prices(long... raw) {
    TickColumns ticks = Ticks.columns(raw.length);
    for (int row = 0; row < raw.length; row++) {
      ticks.tsMicros()[row] = START + row * 1_000_000L;
      ticks.priceRaw()[row] = raw[row];
      ticks.volumeRaw()[row] = FixedPoint.SCALE;
      ticks.aggTradeIds()[row] = row;
      ticks.firstTradeIds()[row] = row;
      ticks.lastTradeIds()[row] = row;
    }
    return ticks;
  }
}
