package io.tidegate.functions;

/**
 * Time bars: the ticks of one interval of the clock are one bar.
 *
 * <p>Intervals begin at multiples of their length since the epoch, before it too. A bar is complete
 * when a tick of a later interval has come; an interval without ticks has no bar. Open and close
 * time are those of the first and the last tick, like everywhere; {@link
 * CandleInterval#floorMicros} gives the interval's own begin.
 */
public final class TimeBars extends BarMachine {
  /** Longest interval: a little more than 68 years. */
  public static final int MAX_INTERVAL_SECONDS = Integer.MAX_VALUE;

  private final long intervalMicros;

  /**
   * Time bars.
   *
   * @param intervalSeconds 1 to {@link #MAX_INTERVAL_SECONDS}
   */
  public TimeBars(long intervalSeconds) {
    super("time_bars");
    if (intervalSeconds < 1 || intervalSeconds > MAX_INTERVAL_SECONDS) {
      throw new IllegalArgumentException(
          "time_bars: the interval must be 1 to "
              + MAX_INTERVAL_SECONDS
              + " seconds but was "
              + intervalSeconds);
    }
    intervalMicros = intervalSeconds * CandleInterval.MICROS_PER_SECOND;
  }

  @Override
  int barEnd(TickColumns ticks, int from, int to) {
    long[] ts = ticks.tsMicros();
    // Times fit 62 bits and an interval 51, so this does not wrap.
    long next = bar.openTime - Math.floorMod(bar.openTime, intervalMicros) + intervalMicros;
    // Times never go back: if the last tick is within, all are.
    int row = ts[to - 1] < next ? to : from;
    while (row < to && ts[row] < next) {
      row++;
    }
    bar.widen(ticks.priceRaw(), from, row);
    return row == to ? GOES_ON : row;
  }
}
