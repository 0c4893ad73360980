package io.tidegate.functions;

/**
 * Where a stream of ticks stands, and the check of the rows that come next.
 *
 * <p>A first look over each column of a block, without a branch, collects sign bits in which every
 * broken rule would leave a mark. A mark may also come from a value that is merely enormous, so a
 * marked block is then read row by row and that reading decides.
 *
 * <p>Mutable and not thread-safe: it is the inside of one {@link RangeBars}.
 */
final class TickOrder {
  /** Timestamps reach to the year 146,000 either side, so that their differences fit a long. */
  private static final long TS_LIMIT = 1L << 62;

  /** Values below 2^52 can be added up over a block of rows in a long. */
  private static final int SUMMABLE_BITS = 52;

  private long ticks;
  private long lastTs;
  private long lastId;
  private boolean withIds;

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
   * Checks a block of at least one and at most {@link RangeBars#BLOCK_ROWS} rows and moves behind
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
          "range_bars: ticks 0 to "
              + (ticks - 1)
              + (withIds ? " had" : " had no")
              + " trade ids, so the next ones must be alike, but they "
              + (given ? "have some" : "have none"));
    }
    long volumeBits = bits(columns.volumeRaw(), from, to);
    long furtherTrades = 0;
    long marks = volumeBits | priceMarks(columns.priceRaw(), from, to);
    marks |=
        given
            ? orderMarks(columns.tsMicros(), columns.aggTradeIds(), from, to)
            : orderMarks(columns.tsMicros(), from, to);
    if (columns.firstTradeIds() != null) {
      long[] first = columns.firstTradeIds();
      long[] last = columns.lastTradeIds();
      furtherTrades = differenceBits(first, last, from, to);
      marks |= furtherTrades | rangeMarks(first, from, to) | rangeMarks(last, from, to);
    }
    if (columns.buyerMaker() != null) {
      marks |= flagMarks(columns.buyerMaker(), from, to);
    }
    if (marks < 0) {
      readRowByRow(columns, from, to);
    }
    ticks += to - from;
    lastTs = columns.tsMicros()[to - 1];
    lastId = given ? columns.aggTradeIds()[to - 1] : 0;
    return (volumeBits | furtherTrades) >>> SUMMABLE_BITS == 0;
  }

  private static long bits(long[] values, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= values[i];
    }
    return bits;
  }

  private static long priceMarks(long[] price, int from, int to) {
    long marks = 0;
    for (int i = from; i < to; i++) {
      marks |= price[i] | (price[i] - 1);
    }
    return marks;
  }

  /** Negative when a value is outside -2^62 to 2^62 - 1, where differences may overflow. */
  private static long rangeMarks(long[] values, int from, int to) {
    long marks = 0;
    for (int i = from; i < to; i++) {
      marks |= values[i] ^ (values[i] << 1);
    }
    return marks;
  }

  private static long differenceBits(long[] low, long[] high, int from, int to) {
    long bits = 0;
    for (int i = from; i < to; i++) {
      bits |= high[i] - low[i];
    }
    return bits;
  }

  private long orderMarks(long[] ts, int from, int to) {
    long marks = rangeMarks(ts, from, to) | (ticks == 0 ? 0 : ts[from] - lastTs);
    for (int i = from + 1; i < to; i++) {
      marks |= ts[i] - ts[i - 1];
    }
    return marks;
  }

  private long orderMarks(long[] ts, long[] id, int from, int to) {
    long marks = rangeMarks(ts, from, to) | rangeMarks(id, from, to) | lastId ^ (lastId << 1);
    if (ticks > 0) {
      marks |= orderMark(ts[from] - lastTs, id[from] - lastId);
    }
    for (int i = from + 1; i < to; i++) {
      marks |= orderMark(ts[i] - ts[i - 1], id[i] - id[i - 1]);
    }
    return marks;
  }

  /** Negative when time went back, or stood still ({@code tsStep - 1} is -1) with no higher id. */
  private static long orderMark(long tsStep, long idStep) {
    return tsStep | ((idStep - 1) & (tsStep - 1));
  }

  /** Negative when a flag is neither 0 nor 1. */
  private static long flagMarks(byte[] flags, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= flags[i];
    }
    return (bits & ~1) == 0 ? 0 : -1;
  }

  private void readRowByRow(TickColumns columns, int from, int to) {
    boolean hasPrevious = ticks > 0;
    long previousTs = lastTs;
    long previousId = lastId;
    for (int i = from; i < to; i++) {
      String tick = "tick " + (ticks + i - from);
      long ts = columns.tsMicros()[i];
      long id = withIds ? columns.aggTradeIds()[i] : 0;
      if (hasPrevious && withIds && (ts < previousTs || ts == previousTs && id <= previousId)) {
        throw refused(
            "ticks must ascend by (timestamp, trade id), but %s is (%d, %d) after (%d, %d)",
            tick, ts, id, previousTs, previousId);
      }
      if (hasPrevious && ts < previousTs) {
        throw refused(
            "timestamps must not go back, but %s is at %d after %d", tick, ts, previousTs);
      }
      if (ts < -TS_LIMIT || ts >= TS_LIMIT) {
        throw refused(
            "timestamps must be microseconds of at most 62 bits, but %s is at %d", tick, ts);
      }
      if (columns.priceRaw()[i] <= 0) {
        throw refused(
            "price must be positive, but %s has %s",
            tick, FixedPoint.toText(columns.priceRaw()[i]));
      }
      if (columns.volumeRaw()[i] < 0) {
        throw refused(
            "volume must not be negative, but %s has %s",
            tick, FixedPoint.toText(columns.volumeRaw()[i]));
      }
      if (columns.firstTradeIds() != null) {
        checkTradeIds(tick, columns.firstTradeIds()[i], columns.lastTradeIds()[i]);
      }
      if (columns.buyerMaker() != null && (columns.buyerMaker()[i] & ~1) != 0) {
        throw refused(
            "the buyer-maker flag must be 0 or 1, but %s has %d", tick, columns.buyerMaker()[i]);
      }
      hasPrevious = true;
      previousTs = ts;
      previousId = id;
    }
  }

  private static void checkTradeIds(String tick, long first, long last) {
    if (last < first) {
      throw refused(
          "the last trade id must not be below the first, but %s has first %d and last %d",
          tick, first, last);
    }
    long further = last - first;
    if (further < 0 || further == Long.MAX_VALUE) {
      throw refused(
          "trades in a record must be counted in 63 bits, but %s has first %d and last %d",
          tick, first, last);
    }
  }

  private static IllegalArgumentException refused(String format, Object... arguments) {
    return new IllegalArgumentException("range_bars: " + String.format(format, arguments));
  }
}
