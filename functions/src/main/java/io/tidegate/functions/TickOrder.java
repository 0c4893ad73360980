package io.tidegate.functions;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a stream of ticks stands, and the check of the rows that come next.
 *
 * <p>A first look over each column of a block, without a branch, collects the bits of values and
 * steps. If they show nothing but small steps forward the block is fine. If not, there may still be
 * nothing wrong (ids may go back where time goes on), so the block is then read row by row, and
 * that reading decides.
 *
 * <p>Mutable and not thread-safe: it is the inside of one {@link BarMachine}.
 */
final class TickOrder {
  /** Differences of values within this distance from zero fit a long. */
  private static final long VALUE_LIMIT = 1L << 62;

  /** Values below 2^50 can be added up over a block of rows in a long. */
  private static final int SUMMABLE_BITS = 50;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final String function;
  private long ticks;
  private long lastTs;
  private long lastId;
  private boolean withIds;

  /** The order of a function's input; its name begins every message. */
  TickOrder(String function) {
    this.function = function;
  }

  /** The number of ticks that passed. */
  long ticks() {
    return ticks;
  }

  long lastTs() {
    return lastTs;
  }

  long lastId() {
    return lastId;
  }

  boolean withIds() {
    return withIds;
  }

  void set(long newTicks, long newLastTs, long newLastId, boolean newWithIds) {
    ticks = newTicks;
    lastTs = newLastTs;
    lastId = newLastId;
    withIds = newWithIds;
  }

  void copyFrom(TickOrder other) {
    set(other.ticks, other.lastTs, other.lastId, other.withIds);
  }

  /**
   * Checks a block of at least one and at most {@link BarMachine#BLOCK_ROWS} rows and moves behind
   * it.
   *
   * @return whether the volumes and trade counts of the block are small enough to be added up in a
   *     long; if not they must be added row by row
   */
  boolean passes(TickColumns columns, int from, int to) {
    boolean given = columns.hasAggTradeIds();
    if (ticks == 0) {
      withIds = given;
    } else if (withIds != given) {
      throw new IllegalArgumentException(
          function
              + ": ticks 0 to "
              + (ticks - 1)
              + (withIds ? " had" : " had no")
              + " trade ids, so the next ones must be alike, but they "
              + (given ? "have some" : "have none"));
    }
    long amounts = amountBits(columns.priceRaw(), columns.volumeRaw(), from, to);
    long tradeIds =
        columns.firstTradeIds() == null
            ? 0
            : tradeIdBits(columns.firstTradeIds(), columns.lastTradeIds(), from, to);
    boolean plain =
        amounts >= 0
            && isSummable(tradeIds)
            && ascends(columns.tsMicros(), lastTs, 0, from, to)
            && (!given || ascends(columns.aggTradeIds(), lastId, 1, from, to))
            && (columns.buyerMaker() == null || areFlags(columns.buyerMaker(), from, to));
    if (!plain) {
      readRowByRow(columns, from, to);
    }
    ticks += to - from;
    lastTs = columns.tsMicros()[to - 1];
    lastId = given ? columns.aggTradeIds()[to - 1] : 0;
    return isSummable(amounts | tradeIds);
  }

  private static boolean isSummable(long bits) {
    return bits >>> SUMMABLE_BITS == 0;
  }

  private static boolean isFarFromOverflow(long value) {
    return value >= -VALUE_LIMIT && value < VALUE_LIMIT;
  }

  /** The bits of all volumes; negative when a volume is, or a price is not positive. */
  private static long amountBits(long[] price, long[] volume, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= volume[i] | ((price[i] | (price[i] - 1)) & Long.MIN_VALUE);
    }
    return bits;
  }

  /** The bits of all differences; not summable when one of them may have wrapped. */
  private static long tradeIdBits(long[] first, long[] last, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= (last[i] - first[i]) | (first[i] & -VALUE_LIMIT);
    }
    return bits;
  }

  /**
   * Whether the values go on from the last one in steps of {@code leastStep} or a little more.
   *
   * <p>Steps of 50 bits that lead over a block from one value far from overflow to another cannot
   * have wrapped in between.
   */
  private boolean ascends(long[] values, long last, long leastStep, int from, int to) {
    long first = values[from];
    long steps = ticks == 0 ? 0 : first - last - leastStep;
    for (int i = from + 1; i < to; i++) {
      steps |= values[i] - values[i - 1] - leastStep;
    }
    return isSummable(steps)
        && isFarFromOverflow(last)
        && isFarFromOverflow(first)
        && isFarFromOverflow(values[to - 1]);
  }

  private static boolean areFlags(byte[] flags, int from, int to) {
    long eight = 0;
    int row = from;
    for (; row <= to - Long.BYTES; row += Long.BYTES) {
      eight |= (long) EIGHT_BYTES.get(flags, row);
    }
    byte one = 0;
    for (; row < to; row++) {
      one |= flags[row];
    }
    return (eight & ~0x0101_0101_0101_0101L) == 0 && (one & ~1) == 0;
  }

  private void readRowByRow(TickColumns columns, int from, int to) {
    long[] first = columns.firstTradeIds();
    long[] last = columns.lastTradeIds();
    boolean hasPrevious = ticks > 0;
    long previousTs = lastTs;
    long previousId = lastId;
    for (int i = from; i < to; i++) {
      long tick = ticks + i - from;
      long ts = columns.tsMicros()[i];
      long id = withIds ? columns.aggTradeIds()[i] : 0;
      if (hasPrevious) {
        checkOrder(tick, ts, id, previousTs, previousId);
      }
      if (!isFarFromOverflow(ts)) {
        throw refused(
            "timestamps must fit 62 bits of microseconds, but tick %d is at %d", tick, ts);
      }
      if (columns.priceRaw()[i] <= 0) {
        throw refused(
            "price must be positive, but tick %d has %s",
            tick, FixedPoint.toText(columns.priceRaw()[i]));
      }
      if (columns.volumeRaw()[i] < 0) {
        throw refused(
            "volume must not be negative, but tick %d has %s",
            tick, FixedPoint.toText(columns.volumeRaw()[i]));
      }
      if (first != null) {
        checkTradeIds(tick, first[i], last[i]);
      }
      if (columns.buyerMaker() != null && (columns.buyerMaker()[i] & ~1) != 0) {
        throw refused(
            "the buyer-maker flag must be 0 or 1, but tick %d has %d",
            tick, columns.buyerMaker()[i]);
      }
      hasPrevious = true;
      previousTs = ts;
      previousId = id;
    }
  }

  private void checkOrder(long tick, long ts, long id, long previousTs, long previousId) {
    if (withIds) {
      if (ts < previousTs || ts == previousTs && id <= previousId) {
        throw refused(
            "ticks must ascend by (timestamp, trade id), but tick %d is (%d, %d) after (%d, %d)",
            tick, ts, id, previousTs, previousId);
      }
    } else if (ts < previousTs) {
      throw refused(
          "timestamps must not go back, but tick %d is at %d after %d", tick, ts, previousTs);
    }
  }

  private void checkTradeIds(long tick, long first, long last) {
    if (last < first) {
      throw refused(
          "the last trade id must not be below the first, but tick %d has first %d and last %d",
          tick, first, last);
    }
    long further = last - first;
    if (further < 0 || further == Long.MAX_VALUE) {
      throw refused(
          "the trades of a record must be countable in 63 bits, but tick %d has first %d and last %d",
          tick, first, last);
    }
  }

  private IllegalArgumentException refused(String format, Object... arguments) {
    return new IllegalArgumentException(function + ": " + String.format(format, arguments));
  }
}
