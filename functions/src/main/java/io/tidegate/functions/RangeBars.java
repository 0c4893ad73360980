package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Range bars: a bar closes on the first tick at or beyond a fixed percentage from the bar's open.
 *
 * <p><b>Rules.</b> The first tick opens a bar at its price. The range is open +/- open * threshold
 * / 100,000, truncated to the raw unit and fixed from then on; touching it is leaving it. The tick
 * that leaves the range is the bar's last, however far it jumps, and the <em>next</em> tick opens
 * the next bar at its own price, so a bar's open need not be the previous bar's close. With the
 * time gate on, a bar never closes at the timestamp at which it opened: a tick that leaves the
 * range within that microsecond only widens the bar, which then closes on a later tick that is
 * itself outside.
 *
 * <p>Input, exactness and speed are those of every {@link BarMachine}; range bars can also be
 * written down and continued elsewhere, see {@link #checkpoint}.
 */
public final class RangeBars extends BarMachine {
  /** The number of decimal basis points in 1: a threshold of 250 is 0.25 %. */
  static final long DBPS_PER_UNIT = 100_000;

  /** Smallest threshold, in decimal basis points (0.001 %). */
  public static final int MIN_THRESHOLD_DBPS = 1;

  /** Largest threshold, in decimal basis points (100 %). */
  public static final int MAX_THRESHOLD_DBPS = 100_000;

  private static final String NAME = "range_bars";

  private static final long ANY_GAP = Long.MAX_VALUE;

  private final int thresholdDbps;
  private final boolean timeGate;

  /** The gap that a restored bar survives; asked once, by the first batch. */
  private long maxGapMicros = ANY_GAP;

  private long droppedBars;

  /** Range bars with the time gate on. */
  public RangeBars(int thresholdDbps) {
    this(thresholdDbps, true);
  }

  /**
   * Range bars.
   *
   * @param thresholdDbps distance from the open in decimal basis points, 1 to 100,000
   * @param timeGate whether a bar must span at least two timestamps
   */
  public RangeBars(int thresholdDbps, boolean timeGate) {
    super(NAME);
    this.thresholdDbps = RangeThreshold.checked(NAME, thresholdDbps);
    this.timeGate = timeGate;
  }

  public int thresholdDbps() {
    return thresholdDbps;
  }

  public boolean timeGate() {
    return timeGate;
  }

  /** The number of forming bars that a gap after a restore made obsolete. */
  public long droppedBars() {
    return droppedBars;
  }

  /** All there is to know to go on later, on another machine if need be. */
  public RangeBarsCheckpoint checkpoint() {
    return RangeBarsCheckpoint.of(this, order, bar);
  }

  /** Goes on where a checkpoint was taken, however long ago. */
  public static RangeBars restore(RangeBarsCheckpoint checkpoint) {
    RangeBars machine = new RangeBars(checkpoint.thresholdDbps(), checkpoint.timeGate());
    machine.droppedBars = checkpoint.droppedBars();
    checkpoint.fill(machine.order, machine.bar);
    return machine;
  }

  /**
   * Goes on where a checkpoint was taken, but drops its forming bar if the next tick comes more
   * than {@code maxGap} after the bar's last one: a bar over a hole in the data is not one that the
   * market made.
   */
  public static RangeBars restore(RangeBarsCheckpoint checkpoint, Duration maxGap) {
    if (maxGap.isNegative()) {
      throw new IllegalArgumentException(
          "range_bars: the largest gap must not be negative but was " + maxGap);
    }
    RangeBars machine = restore(checkpoint);
    machine.maxGapMicros = TimeUnit.MICROSECONDS.convert(maxGap);
    return machine;
  }

  /** A batch that the bar of a checkpoint does not live to see is begun without it. */
  @Override
  public void accept(TickColumns ticks, int from, int to, BarBatch closed) {
    requireNonNull(ticks, "ticks");
    boolean any = from < to && from >= 0 && to <= ticks.capacity();
    boolean obsolete = any && bar.forming && ticks.tsMicros()[from] - bar.closeTime > maxGapMicros;
    bar.forming &= !obsolete;
    try {
      super.accept(ticks, from, to, closed);
    } catch (RuntimeException | Error refused) {
      bar.forming |= obsolete;
      throw refused;
    }
    if (any) {
      maxGapMicros = ANY_GAP;
      droppedBars += obsolete ? 1 : 0;
    }
  }

  @Override
  long delta(long price) {
    return delta(price, thresholdDbps);
  }

  static long delta(long price, long thresholdDbps) {
    // price * dbps / 100000 without the 128-bit product: quotient and remainder apart.
    return price / DBPS_PER_UNIT * thresholdDbps
        + price % DBPS_PER_UNIT * thresholdDbps / DBPS_PER_UNIT;
  }

  /** The tick that opened the bar is never tested. */
  @Override
  int barEnd(TickColumns ticks, int from, int to) {
    long[] ts = ticks.tsMicros();
    long[] price = ticks.priceRaw();
    long open = bar.open;
    long delta = bar.delta;
    long high = bar.high;
    long low = bar.low;
    int row = bar.recordCount == 0 ? from + 1 : from;
    if (timeGate) {
      // Times never go back, so the gated ticks are the first ones of the bar.
      long openTime = bar.openTime;
      for (; row < to && ts[row] == openTime; row++) {
        high = Math.max(high, price[row]);
        low = Math.min(low, price[row]);
      }
    }
    int end = GOES_ON;
    for (; row < to; row++) {
      long p = price[row];
      high = Math.max(high, p);
      low = Math.min(low, p);
      // A difference of two positive prices cannot overflow; open + delta could.
      if (Math.abs(p - open) >= delta) {
        end = row + 1;
        break;
      }
    }
    bar.high = high;
    bar.low = low;
    return end;
  }
}
