package io.tidegate.functions;

/** Candle intervals: fixed numbers of seconds counted from the epoch, in UTC. */
public final class CandleInterval {
  private CandleInterval() {}

  /** Returns the start of the interval that holds the moment; times before 1970 floor too. */
  public static long floorMicros(long epochMicros, long intervalSeconds) {
    long intervalMicros = Math.multiplyExact(intervalSeconds, 1_000_000L);
    return Math.floorDiv(epochMicros, intervalMicros) * intervalMicros;
  }
}
