package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Time, tick, volume and dollar bars. */
class OtherBarsTest {
  private static final TickColumns WALK = Ticks.walk(7, 50_000);

  private static final BigInteger DOLLAR = BigInteger.TEN.pow(16);

  /** What a bar's end is asked of: the bar's rows so far, one tick further each time. */
  private interface Rule {
    /** Whether the bar of rows {@code first} to {@code last}, both in it, ends with the last. */
    boolean endsWith(TickColumns ticks, int first, int last);
  }

  private static BigInteger sum(TickColumns ticks, int first, int last, boolean turnover) {
    BigInteger sum = BigInteger.ZERO;
    for (int row = first; row <= last; row++) {
      BigInteger volume = BigInteger.valueOf(ticks.volumeRaw()[row]);
      sum = sum.add(turnover ? volume.multiply(BigInteger.valueOf(ticks.priceRaw()[row])) : volume);
    }
    return sum;
  }

  private static Arguments bars(String name, Supplier<BarMachine> machine, Rule rule) {
    return Arguments.of(name, machine, rule);
  }

  static Stream<Arguments> machines() {
    return Stream.of(
        bars(
            "every second",
            () -> new TimeBars(1),
            (ticks, first, last) ->
                last + 1 < ticks.capacity()
                    && ticks.tsMicros()[last + 1] / 1_000_000
                        > ticks.tsMicros()[first] / 1_000_000),
        bars(
            "every minute",
            () -> new TimeBars(60),
            (ticks, first, last) ->
                last + 1 < ticks.capacity()
                    && ticks.tsMicros()[last + 1] / 60_000_000
                        > ticks.tsMicros()[first] / 60_000_000),
        bars("every tick", () -> new TickBars(1), (ticks, first, last) -> true),
        bars("7 ticks", () -> new TickBars(7), (ticks, first, last) -> last - first == 6),
        bars("9000 ticks", () -> new TickBars(9000), (ticks, first, last) -> last - first == 8999),
        bars(
            "100 units",
            () -> new VolumeBars(10_000_000_000L),
            (ticks, first, last) ->
                sum(ticks, first, last, false).compareTo(BigInteger.valueOf(10_000_000_000L)) >= 0),
        bars("a raw unit", () -> new VolumeBars(1), (ticks, first, last) -> true),
        bars(
            "5 M dollars",
            () -> new DollarBars(DOLLAR.multiply(BigInteger.valueOf(5_000_000))),
            (ticks, first, last) ->
                sum(ticks, first, last, true)
                        .compareTo(DOLLAR.multiply(BigInteger.valueOf(5_000_000)))
                    >= 0));
  }

  /** Rows of each bar by the rule alone, the last one perhaps open: first, last, closed. */
  private static List<String> expected(Rule rule) {
    List<String> bars = new ArrayList<>();
    int first = 0;
    for (int row = 0; row < WALK.capacity(); row++) {
      boolean ends = rule.endsWith(WALK, first, row);
      if (ends || row == WALK.capacity() - 1) {
        bars.add(line(first, row, ends));
        first = row + 1;
      }
    }
    return bars;
  }

  private static String line(int first, int last, boolean closed) {
    long high = 0;
    long low = Long.MAX_VALUE;
    long trades = 0;
    long sells = 0;
    BigInteger sold = BigInteger.ZERO;
    for (int row = first; row <= last; row++) {
      high = Math.max(high, WALK.priceRaw()[row]);
      low = Math.min(low, WALK.priceRaw()[row]);
      long count = WALK.lastTradeIds()[row] - WALK.firstTradeIds()[row] + 1;
      trades += count;
      if (WALK.buyerMaker()[row] == 1) {
        sells += count;
        sold = sold.add(sum(WALK, row, row, true));
      }
    }
    BigInteger volume = sum(WALK, first, last, false);
    BigInteger turnover = sum(WALK, first, last, true);
    return String.join(
        " ",
        Stream.of(
                WALK.tsMicros()[first],
                WALK.tsMicros()[last],
                WALK.priceRaw()[first],
                high,
                low,
                WALK.priceRaw()[last],
                volume,
                turnover,
                sold,
                WALK.firstTradeIds()[first],
                WALK.lastTradeIds()[last],
                WALK.aggTradeIds()[first],
                WALK.aggTradeIds()[last],
                trades,
                last - first + 1,
                sells,
                turnover.divide(volume),
                closed)
            .map(Object::toString)
            .toList());
  }

  private static List<String> lines(BarBatch bars) {
    List<String> lines = new ArrayList<>();
    for (int bar = 0; bar < bars.size(); bar++) {
      lines.add(
          String.join(
              " ",
              Stream.of(
                      bars.openTimeMicros()[bar],
                      bars.closeTimeMicros()[bar],
                      bars.openRaw()[bar],
                      bars.highRaw()[bar],
                      bars.lowRaw()[bar],
                      bars.closeRaw()[bar],
                      bars.volume(bar),
                      bars.turnover(bar),
                      bars.sellTurnover(bar),
                      bars.firstTradeId()[bar],
                      bars.lastTradeId()[bar],
                      bars.firstAggTradeId()[bar],
                      bars.lastAggTradeId()[bar],
                      bars.individualTradeCount()[bar],
                      bars.aggRecordCount()[bar],
                      bars.sellTradeCount()[bar],
                      bars.vwapRaw()[bar],
                      bars.complete()[bar])
                  .map(Object::toString)
                  .toList()));
    }
    return lines;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("machines")
  void barsAreThoseOfTheRuleHoweverTheInputIsCut(
      String name, Supplier<BarMachine> machines, Rule rule) {
    List<String> expected = expected(rule);
    assertThat(expected).hasSizeGreaterThan(5);
    Random random = new Random(3);
    for (int mostRows : new int[] {WALK.capacity(), 20_000, 3}) {
      BarMachine machine = machines.get();
      BarBatch bars = new BarBatch();
      int to;
      for (int from = 0; from < WALK.capacity(); from = to) {
        to = Math.min(WALK.capacity(), from + 1 + random.nextInt(mostRows));
        machine.accept(WALK, from, to, bars);
      }
      machine.appendOpenBar(bars);
      assertThat(lines(bars)).as("cut at %d", mostRows).isEqualTo(expected);
    }
  }

  /** Price 1.00, and volumes and times as given. */
  private static TickColumns ticks(long[] ts, long... volumes) {
    long[] price = new long[ts.length];
    java.util.Arrays.fill(price, FixedPoint.SCALE);
    return TickColumns.of(ts, price, volumes);
  }

  private static BarBatch run(BarMachine machine, TickColumns ticks) {
    BarBatch bars = new BarBatch();
    machine.accept(ticks, 0, ticks.capacity(), bars);
    return bars;
  }

  @Test
  void intervalsBeginAtMultiplesOfTheirLengthBefore1970Too() {
    BarBatch bars =
        run(
            new TimeBars(10),
            ticks(
                new long[] {-10_000_001, -10_000_000, -1, 0, 9_999_999, 10_000_000},
                1,
                2,
                3,
                4,
                5,
                6));
    assertThat(bars.size()).isEqualTo(3);
    assertThat(bars.volumeLow()).startsWith(1, 5, 9);
    assertThat(bars.openTimeMicros()).startsWith(-10_000_001, -10_000_000, 0);
    assertThat(bars.closeTimeMicros()).startsWith(-10_000_001, -1, 9_999_999);
  }

  @Test
  void intervalsWithoutTicksHaveNoBar() {
    BarBatch bars = run(new TimeBars(1), ticks(new long[] {0, 1, 3_600_000_000L}, 1, 1, 1));
    assertThat(bars.size()).isEqualTo(1);
    assertThat(bars.durationMicros()[0]).isEqualTo(1);
  }

  @Test
  void barClosesWhenItsVolumeIsReachedExactlyAndWhatIsMoreIsNotCarriedOver() {
    BarBatch bars = run(new VolumeBars(10), ticks(new long[] {1, 2, 3, 4, 5}, 9, 1, 25, 9, 1));
    assertThat(bars.volumeLow()).startsWith(10, 25, 10);
    assertThat(bars.size()).isEqualTo(3);
  }

  @Test
  void barClosesWhenItsTurnoverIsReachedExactly() {
    BarBatch bars =
        run(
            new DollarBars(BigInteger.valueOf(10 * FixedPoint.SCALE)),
            ticks(new long[] {1, 2, 3}, 9, 1, 9));
    assertThat(bars.size()).isEqualTo(1);
    assertThat(bars.volumeLow()[0]).isEqualTo(10);
  }

  @Test
  void volumesBeyond63BitsCloseABarAndDoNotWrap() {
    long most = Long.MAX_VALUE;
    BarBatch bars =
        run(new VolumeBars(most), ticks(new long[] {1, 2, 3, 4}, most - 1, most, most, 7));
    assertThat(bars.size()).isEqualTo(2);
    assertThat(bars.volume(0))
        .isEqualTo(BigInteger.valueOf(most).add(BigInteger.valueOf(most - 1)));
    assertThat(bars.volume(1)).isEqualTo(BigInteger.valueOf(most));
  }

  @Test
  void turnoverBeyond127BitsIsAnErrorOfDollarBarsToo() {
    long[] most = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
    TickColumns ticks = TickColumns.of(new long[] {1, 2, 3}, most, most);
    BarMachine machine = new DollarBars(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));
    assertThatThrownBy(() -> run(machine, ticks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dollar_bars: the turnover of a bar must fit 127 bits, but in the bar opened at 1 it"
                + " grows past them with tick 2");
    assertThat(machine.hasOpenBar()).isFalse();
    assertThat(machine.ticksAccepted()).isZero();
  }

  @Test
  void messagesNameTheFunction() {
    assertThatThrownBy(() -> run(new TickBars(5), ticks(new long[] {2, 1}, 1, 1)))
        .hasMessage("tick_bars: timestamps must not go back, but tick 1 is at 1 after 2");
    assertThatThrownBy(() -> run(new TimeBars(5), ticks(new long[] {1, 2}, 1, -1)))
        .hasMessage("time_bars: volume must not be negative, but tick 1 has -0.00000001");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    for (Supplier<BarMachine> machine :
        List.<Supplier<BarMachine>>of(
            () -> new TimeBars(0),
            () -> new TimeBars(1L << 31),
            () -> new TickBars(0),
            () -> new VolumeBars(0),
            () -> new DollarBars(BigInteger.ZERO),
            () -> new DollarBars(BigInteger.ONE.shiftLeft(127)))) {
      assertThatThrownBy(machine::get).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void noTicksNoBars() {
    BarMachine machine = new TimeBars(60);
    BarBatch bars = run(machine, ticks(new long[0]));
    machine.appendOpenBar(bars);
    assertThat(bars.size()).isZero();
  }
}
