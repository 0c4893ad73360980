package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Range bars from a stream of trades: a bar closes on the first tick at or beyond a fixed
 * percentage from the bar's open.
 *
 * <p>Push-style: {@link #accept} takes batches of any size and appends the bars that close in them;
 * however the input is cut into batches the bars are the same.
 *
 * <p><b>Rules.</b> The first tick opens a bar at its price. The range is open +/- open * threshold
 * / 100,000, truncated to the raw unit and fixed from then on; touching it is leaving it. The tick
 * that leaves the range is the bar's last, however far it jumps, and the <em>next</em> tick opens
 * the next bar at its own price, so a bar's open need not be the previous bar's close. With the
 * time gate on, a bar never closes at the timestamp at which it opened: a tick that leaves the
 * range within that microsecond only widens the bar, which then closes on a later tick that is
 * itself outside.
 *
 * <p><b>Input.</b> Strictly ascending (time, record id), or times that never go back where there
 * are no ids, across batches too. Prices are positive, volumes zero or more. A batch that breaks a
 * rule is refused whole, with the position of the tick counted from the first one ever accepted:
 * bars and state are as they were before it.
 *
 * <p><b>Exactness.</b> Prices, volumes and turnovers are integers and never rounded; sums are 128
 * bits wide and a sum that would pass them is an error.
 *
 * <p><b>Speed.</b> No object per tick or bar. The input is taken in blocks that stay in the
 * processor's cache: a first look checks a block, a second finds the tick that leaves the range,
 * and the sums then run over the bar's part of the block without a branch or a carry.
 *
 * <p>Not thread-safe; one instance per symbol.
 */
public final class RangeBars {
  /** The number of decimal basis points in 1: a threshold of 250 is 0.25 %. */
  static final long DBPS_PER_UNIT = 100_000;

  /** Smallest threshold, in decimal basis points (0.001 %). */
  public static final int MIN_THRESHOLD_DBPS = 1;

  /** Largest threshold, in decimal basis points (100 %). */
  public static final int MAX_THRESHOLD_DBPS = 100_000;

  /** Rows that are checked and summed together; all columns of them fit the second-level cache. */
  static final int BLOCK_ROWS = 4096;

  private static final long ANY_GAP = Long.MAX_VALUE;

  private static final byte[] ALL_BUYS = new byte[BLOCK_ROWS];

  private final int thresholdDbps;
  private final boolean timeGate;
  private final TickOrder order = new TickOrder();
  private final OpenBar bar = new OpenBar();
  private final OpenBar barBefore = new OpenBar();
  private final TickOrder orderBefore = new TickOrder();

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
    if (thresholdDbps < MIN_THRESHOLD_DBPS || thresholdDbps > MAX_THRESHOLD_DBPS) {
      throw new IllegalArgumentException(
          "range_bars: threshold must be "
              + MIN_THRESHOLD_DBPS
              + " to "
              + MAX_THRESHOLD_DBPS
              + " dbps but was "
              + thresholdDbps);
    }
    this.thresholdDbps = thresholdDbps;
    this.timeGate = timeGate;
  }

  public int thresholdDbps() {
    return thresholdDbps;
  }

  public boolean timeGate() {
    return timeGate;
  }

  /** The number of ticks accepted since the first one. */
  public long ticksAccepted() {
    return order.ticks();
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

  /** Whether a bar is being formed. */
  public boolean hasOpenBar() {
    return bar.forming;
  }

  /** Appends the bar that is being formed, if any, marked as not complete; it goes on forming. */
  public void appendOpenBar(BarBatch bars) {
    requireNonNull(bars, "bars");
    if (bar.forming) {
      bars.append(bar, false);
    }
  }

  /**
   * Takes rows {@code from} (inclusive) to {@code to} (exclusive) and appends the bars that close.
   *
   * @throws IllegalArgumentException when a row breaks a rule of the input; nothing has changed
   *     then
   */
  public void accept(TickColumns ticks, int from, int to, BarBatch closed) {
    requireNonNull(ticks, "ticks");
    requireNonNull(closed, "closed");
    Objects.checkFromToIndex(from, to, ticks.capacity());
    int barsBefore = closed.size();
    barBefore.copyFrom(bar);
    orderBefore.copyFrom(order);
    boolean obsolete =
        bar.forming && from < to && ticks.tsMicros()[from] - bar.closeTime > maxGapMicros;
    bar.forming &= !obsolete;
    try {
      int end;
      for (int start = from; start < to; start = end) {
        end = Math.min(to - start, BLOCK_ROWS) + start;
        long offset = order.ticks() - start;
        if (order.passes(ticks, start, end)) {
          acceptRows(ticks, start, end, offset, closed);
        } else {
          // Too large to be added up in a long: one row always fits.
          for (int row = start; row < end; row++) {
            acceptRows(ticks, row, row + 1, offset, closed);
          }
        }
      }
    } catch (RuntimeException | Error refused) {
      closed.truncate(barsBefore);
      bar.copyFrom(barBefore);
      order.copyFrom(orderBefore);
      throw refused;
    }
    if (from < to) {
      maxGapMicros = ANY_GAP;
      droppedBars += obsolete ? 1 : 0;
    }
  }

  private void acceptRows(TickColumns ticks, int start, int end, long offset, BarBatch closed) {
    long[] ts = ticks.tsMicros();
    long[] price = ticks.priceRaw();
    long[] aggIds = ticks.aggTradeIds();
    int row = start;
    while (row < end) {
      int barStart = row;
      if (!bar.forming) {
        bar.begin(ts[row], price[row], thresholdDbps);
        bar.firstAggTradeId = aggIds == null ? offset + row : aggIds[row];
        bar.firstTradeId =
            ticks.firstTradeIds() == null ? bar.firstAggTradeId : ticks.firstTradeIds()[row];
        row++;
      }
      int closing = closingRow(ts, price, row, end);
      row = Math.min(closing + 1, end);
      addRows(ticks, barStart, row, start, offset);
      bar.closeTime = ts[row - 1];
      bar.close = price[row - 1];
      bar.lastAggTradeId = aggIds == null ? offset + row - 1 : aggIds[row - 1];
      bar.lastTradeId =
          ticks.lastTradeIds() == null ? bar.lastAggTradeId : ticks.lastTradeIds()[row - 1];
      if (closing < end) {
        closed.append(bar, true);
        bar.forming = false;
      }
    }
  }

  /** The first row that closes the bar, or {@code end}; highs and lows are taken on the way. */
  private int closingRow(long[] ts, long[] price, int from, int end) {
    long open = bar.open;
    long delta = bar.delta;
    long high = bar.high;
    long low = bar.low;
    int row = from;
    if (timeGate) {
      // Times never go back, so the gated ticks are the first ones of the bar.
      long openTime = bar.openTime;
      for (; row < end && ts[row] == openTime; row++) {
        high = Math.max(high, price[row]);
        low = Math.min(low, price[row]);
      }
    }
    for (; row < end; row++) {
      long p = price[row];
      high = Math.max(high, p);
      low = Math.min(low, p);
      // A difference of two positive prices cannot overflow; open + delta could.
      if (Math.abs(p - open) >= delta) {
        break;
      }
    }
    bar.high = high;
    bar.low = low;
    return row;
  }

  private void addRows(TickColumns ticks, int from, int to, int blockStart, long offset) {
    byte[] buyerMaker = ticks.buyerMaker();
    byte[] sell = buyerMaker == null ? ALL_BUYS : buyerMaker;
    int sellShift = buyerMaker == null ? blockStart : 0;
    // Where there are no ids of individual trades any column minus itself says "one per record".
    long[] firstIds = ticks.firstTradeIds() == null ? ticks.tsMicros() : ticks.firstTradeIds();
    long[] lastIds = ticks.lastTradeIds() == null ? ticks.tsMicros() : ticks.lastTradeIds();
    long[] price = ticks.priceRaw();
    long[] volume = ticks.volumeRaw();
    if (bar.add(price, volume, firstIds, lastIds, sell, sellShift, from, to) != null) {
      int row = from;
      String sum;
      do {
        sum = bar.add(price, volume, firstIds, lastIds, sell, sellShift, row, row + 1);
        row++;
      } while (sum == null);
      throw new IllegalArgumentException(
          "range_bars: the "
              + sum
              + " of a bar must fit "
              + (sum.equals("turnover") ? 127 : 63)
              + " bits, but in the bar opened at "
              + bar.openTime
              + " it grows past them with tick "
              + (offset + row - 1));
    }
  }
}
