package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

/**
 * Bars from a stream of trades. What ends a bar is the subclass's; everything else is here.
 *
 * <p>Push-style: {@link #accept} takes batches of any size and appends the bars that close in them;
 * however the input is cut into batches the bars are the same. A tick is in one bar, and every tick
 * is: none is split, none is left out.
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
 * processor's cache: a first look checks a block, a second finds the tick that ends the bar, and
 * the sums then run over the bar's part of the block without a branch or a carry.
 *
 * <p>Not thread-safe; one instance per symbol.
 */
public abstract sealed class BarMachine
    permits RangeBars, TimeBars, TickBars, VolumeBars, DollarBars {
  /** Rows that are checked and summed together; all columns of them fit the second-level cache. */
  static final int BLOCK_ROWS = 4096;

  /** What {@link #barEnd} gives where the bar goes on. */
  static final int GOES_ON = -1;

  private static final byte[] ALL_BUYS = new byte[BLOCK_ROWS];

  private final String function;
  final TickOrder order;
  final OpenBar bar = new OpenBar();
  private final OpenBar barBefore = new OpenBar();
  private final TickOrder orderBefore;
  private long closedBars;

  BarMachine(String function) {
    this.function = function;
    order = new TickOrder(function);
    orderBefore = new TickOrder(function);
  }

  /** The number of ticks accepted since the first one. */
  public final long ticksAccepted() {
    return order.ticks();
  }

  /** The number of bars that this machine has closed; those before a restore are not among them. */
  public final long closedBars() {
    return closedBars;
  }

  /** Whether a bar is being formed. */
  public final boolean hasOpenBar() {
    return bar.forming;
  }

  /** Appends the bar that is being formed, if any, marked as not complete; it goes on forming. */
  public final void appendOpenBar(BarBatch bars) {
    requireNonNull(bars, "bars");
    if (bar.forming) {
      bars.append(bar, false);
    }
  }

  /**
   * Finds where the forming bar ends and widens its high and low by the rows that are in it.
   *
   * @param from the first row not in the bar yet; the bar's first one if it has no records
   * @param to the end of the rows, exclusive
   * @return the end, exclusive, of the rows that are in the bar if it closes, which may be {@code
   *     from}; {@link #GOES_ON} if it does not
   */
  abstract int barEnd(TickColumns ticks, int from, int to);

  /** Half the width of the range of a bar that opens at this price; 0 for bars without a range. */
  long delta(long price) {
    return 0;
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
    closedBars += closed.size() - barsBefore;
  }

  private void acceptRows(TickColumns ticks, int start, int end, long offset, BarBatch closed) {
    long[] ts = ticks.tsMicros();
    long[] price = ticks.priceRaw();
    long[] aggIds = ticks.aggTradeIds();
    int row = start;
    while (row < end) {
      int from = row;
      if (!bar.forming) {
        bar.begin(ts[from], price[from], delta(price[from]));
        bar.firstAggTradeId = aggIds == null ? offset + from : aggIds[from];
        bar.firstTradeId =
            ticks.firstTradeIds() == null ? bar.firstAggTradeId : ticks.firstTradeIds()[from];
      }
      int barEnd = barEnd(ticks, from, end);
      row = barEnd == GOES_ON ? end : barEnd;
      if (row > from) {
        addRows(ticks, from, row, start, offset);
        bar.closeTime = ts[row - 1];
        bar.close = price[row - 1];
        bar.lastAggTradeId = aggIds == null ? offset + row - 1 : aggIds[row - 1];
        bar.lastTradeId =
            ticks.lastTradeIds() == null ? bar.lastAggTradeId : ticks.lastTradeIds()[row - 1];
      }
      if (barEnd != GOES_ON) {
        closed.append(bar, true);
        bar.forming = false;
      }
    }
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
          function
              + ": the "
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
