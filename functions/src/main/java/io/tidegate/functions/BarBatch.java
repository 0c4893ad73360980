package io.tidegate.functions;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Finished bars as growable parallel columns: a {@link BarMachine} appends, the caller drains and
 * {@linkplain #clear() clears}.
 *
 * <p>Prices and volumes are raw (times 10^8), turnovers are raw price times raw volume (times
 * 10^16). Volumes and turnovers are 128-bit integers in a high and a low array (see {@link
 * Int128}); laid out low word first in little-endian order they are Arrow's 128-bit decimals.
 *
 * <p>Every accessor that gives an array gives the column itself, not a copy: its first {@link
 * #size()} elements count, it must not be written to, and it may be replaced by the next append.
 * Not thread-safe.
 */
public final class BarBatch {
  private static final int INITIAL_CAPACITY = 256;

  private int size;
  private int capacity;

  private long[] openTimeMicros;
  private long[] closeTimeMicros;
  private long[] openRaw;
  private long[] highRaw;
  private long[] lowRaw;
  private long[] closeRaw;
  private long[] volumeHigh;
  private long[] volumeLow;
  private long[] turnoverHigh;
  private long[] turnoverLow;
  private long[] buyVolumeHigh;
  private long[] buyVolumeLow;
  private long[] sellVolumeHigh;
  private long[] sellVolumeLow;
  private long[] buyTurnoverHigh;
  private long[] buyTurnoverLow;
  private long[] sellTurnoverHigh;
  private long[] sellTurnoverLow;
  private long[] firstTradeId;
  private long[] lastTradeId;
  private long[] firstAggTradeId;
  private long[] lastAggTradeId;
  private long[] individualTradeCount;
  private long[] aggRecordCount;
  private long[] buyTradeCount;
  private long[] sellTradeCount;
  private long[] vwapRaw;
  private long[] durationMicros;
  private boolean[] complete;

  /** An empty batch. */
  public BarBatch() {
    this(INITIAL_CAPACITY);
  }

  /** An empty batch that holds this many bars before it grows. */
  public BarBatch(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "range_bars: a bar batch needs room for at least 1 bar but was asked for " + capacity);
    }
    this.capacity = capacity;
    openTimeMicros = new long[capacity];
    closeTimeMicros = new long[capacity];
    openRaw = new long[capacity];
    highRaw = new long[capacity];
    lowRaw = new long[capacity];
    closeRaw = new long[capacity];
    volumeHigh = new long[capacity];
    volumeLow = new long[capacity];
    turnoverHigh = new long[capacity];
    turnoverLow = new long[capacity];
    buyVolumeHigh = new long[capacity];
    buyVolumeLow = new long[capacity];
    sellVolumeHigh = new long[capacity];
    sellVolumeLow = new long[capacity];
    buyTurnoverHigh = new long[capacity];
    buyTurnoverLow = new long[capacity];
    sellTurnoverHigh = new long[capacity];
    sellTurnoverLow = new long[capacity];
    firstTradeId = new long[capacity];
    lastTradeId = new long[capacity];
    firstAggTradeId = new long[capacity];
    lastAggTradeId = new long[capacity];
    individualTradeCount = new long[capacity];
    aggRecordCount = new long[capacity];
    buyTradeCount = new long[capacity];
    sellTradeCount = new long[capacity];
    vwapRaw = new long[capacity];
    durationMicros = new long[capacity];
    complete = new boolean[capacity];
  }

  /** The number of bars held. */
  public int size() {
    return size;
  }

  /** Forgets the bars and keeps the room. */
  public void clear() {
    size = 0;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  void append(OpenBar bar, boolean closed) {
    if (size == capacity) {
      grow();
    }
    int row = size;
    openTimeMicros[row] = bar.openTime;
    closeTimeMicros[row] = bar.closeTime;
    openRaw[row] = bar.open;
    highRaw[row] = bar.high;
    lowRaw[row] = bar.low;
    closeRaw[row] = bar.close;
    volumeHigh[row] = bar.volumeHigh;
    volumeLow[row] = bar.volumeLow;
    turnoverHigh[row] = bar.turnoverHigh;
    turnoverLow[row] = bar.turnoverLow;
    sellVolumeHigh[row] = bar.sellVolumeHigh;
    sellVolumeLow[row] = bar.sellVolumeLow;
    buyVolumeHigh[row] =
        Int128.differenceHigh(bar.volumeHigh, bar.volumeLow, bar.sellVolumeHigh, bar.sellVolumeLow);
    buyVolumeLow[row] = bar.volumeLow - bar.sellVolumeLow;
    sellTurnoverHigh[row] = bar.sellTurnoverHigh;
    sellTurnoverLow[row] = bar.sellTurnoverLow;
    buyTurnoverHigh[row] =
        Int128.differenceHigh(
            bar.turnoverHigh, bar.turnoverLow, bar.sellTurnoverHigh, bar.sellTurnoverLow);
    buyTurnoverLow[row] = bar.turnoverLow - bar.sellTurnoverLow;
    firstTradeId[row] = bar.firstTradeId;
    lastTradeId[row] = bar.lastTradeId;
    firstAggTradeId[row] = bar.firstAggTradeId;
    lastAggTradeId[row] = bar.lastAggTradeId;
    individualTradeCount[row] = bar.tradeCount;
    aggRecordCount[row] = bar.recordCount;
    buyTradeCount[row] = bar.tradeCount - bar.sellTradeCount;
    sellTradeCount[row] = bar.sellTradeCount;
    boolean anyVolume = (bar.volumeHigh | bar.volumeLow) != 0;
    vwapRaw[row] =
        anyVolume
            ? Int128.quotient(bar.turnoverHigh, bar.turnoverLow, bar.volumeHigh, bar.volumeLow)
            : bar.open;
    durationMicros[row] = bar.closeTime - bar.openTime;
    complete[row] = closed;
    size = row + 1;
  }

  private void grow() {
    int roomier = Math.addExact(capacity, capacity);
    openTimeMicros = Arrays.copyOf(openTimeMicros, roomier);
    closeTimeMicros = Arrays.copyOf(closeTimeMicros, roomier);
    openRaw = Arrays.copyOf(openRaw, roomier);
    highRaw = Arrays.copyOf(highRaw, roomier);
    lowRaw = Arrays.copyOf(lowRaw, roomier);
    closeRaw = Arrays.copyOf(closeRaw, roomier);
    volumeHigh = Arrays.copyOf(volumeHigh, roomier);
    volumeLow = Arrays.copyOf(volumeLow, roomier);
    turnoverHigh = Arrays.copyOf(turnoverHigh, roomier);
    turnoverLow = Arrays.copyOf(turnoverLow, roomier);
    buyVolumeHigh = Arrays.copyOf(buyVolumeHigh, roomier);
    buyVolumeLow = Arrays.copyOf(buyVolumeLow, roomier);
    sellVolumeHigh = Arrays.copyOf(sellVolumeHigh, roomier);
    sellVolumeLow = Arrays.copyOf(sellVolumeLow, roomier);
    buyTurnoverHigh = Arrays.copyOf(buyTurnoverHigh, roomier);
    buyTurnoverLow = Arrays.copyOf(buyTurnoverLow, roomier);
    sellTurnoverHigh = Arrays.copyOf(sellTurnoverHigh, roomier);
    sellTurnoverLow = Arrays.copyOf(sellTurnoverLow, roomier);
    firstTradeId = Arrays.copyOf(firstTradeId, roomier);
    lastTradeId = Arrays.copyOf(lastTradeId, roomier);
    firstAggTradeId = Arrays.copyOf(firstAggTradeId, roomier);
    lastAggTradeId = Arrays.copyOf(lastAggTradeId, roomier);
    individualTradeCount = Arrays.copyOf(individualTradeCount, roomier);
    aggRecordCount = Arrays.copyOf(aggRecordCount, roomier);
    buyTradeCount = Arrays.copyOf(buyTradeCount, roomier);
    sellTradeCount = Arrays.copyOf(sellTradeCount, roomier);
    vwapRaw = Arrays.copyOf(vwapRaw, roomier);
    durationMicros = Arrays.copyOf(durationMicros, roomier);
    complete = Arrays.copyOf(complete, roomier);
    capacity = roomier;
  }

  /** Time of the first tick. */
  public long[] openTimeMicros() {
    return openTimeMicros;
  }

  /** Time of the last tick. */
  public long[] closeTimeMicros() {
    return closeTimeMicros;
  }

  /** Price of the first tick. */
  public long[] openRaw() {
    return openRaw;
  }

  /** Highest price. */
  public long[] highRaw() {
    return highRaw;
  }

  /** Lowest price. */
  public long[] lowRaw() {
    return lowRaw;
  }

  /** Price of the last tick. */
  public long[] closeRaw() {
    return closeRaw;
  }

  public long[] volumeHigh() {
    return volumeHigh;
  }

  public long[] volumeLow() {
    return volumeLow;
  }

  public long[] turnoverHigh() {
    return turnoverHigh;
  }

  public long[] turnoverLow() {
    return turnoverLow;
  }

  public long[] buyVolumeHigh() {
    return buyVolumeHigh;
  }

  public long[] buyVolumeLow() {
    return buyVolumeLow;
  }

  public long[] sellVolumeHigh() {
    return sellVolumeHigh;
  }

  public long[] sellVolumeLow() {
    return sellVolumeLow;
  }

  public long[] buyTurnoverHigh() {
    return buyTurnoverHigh;
  }

  public long[] buyTurnoverLow() {
    return buyTurnoverLow;
  }

  public long[] sellTurnoverHigh() {
    return sellTurnoverHigh;
  }

  public long[] sellTurnoverLow() {
    return sellTurnoverLow;
  }

  /** Id of the first individual trade. */
  public long[] firstTradeId() {
    return firstTradeId;
  }

  /** Id of the last individual trade. */
  public long[] lastTradeId() {
    return lastTradeId;
  }

  /** Id of the first trade record. */
  public long[] firstAggTradeId() {
    return firstAggTradeId;
  }

  /** Id of the last trade record. */
  public long[] lastAggTradeId() {
    return lastAggTradeId;
  }

  /** Individual trades: the sum over the records of last id - first id + 1. */
  public long[] individualTradeCount() {
    return individualTradeCount;
  }

  /** Trade records, which are the input's rows. */
  public long[] aggRecordCount() {
    return aggRecordCount;
  }

  /** Individual trades in which the buyer was the aggressor. */
  public long[] buyTradeCount() {
    return buyTradeCount;
  }

  /** Individual trades in which the seller was the aggressor. */
  public long[] sellTradeCount() {
    return sellTradeCount;
  }

  /** Volume-weighted average price, truncated; the open where there is no volume. */
  public long[] vwapRaw() {
    return vwapRaw;
  }

  /** Close time minus open time. */
  public long[] durationMicros() {
    return durationMicros;
  }

  /** False in the bar that was still forming when it was asked for. */
  public boolean[] complete() {
    return complete;
  }

  public BigInteger volume(int row) {
    return Int128.toBigInteger(volumeHigh[row], volumeLow[row]);
  }

  public BigInteger turnover(int row) {
    return Int128.toBigInteger(turnoverHigh[row], turnoverLow[row]);
  }

  public BigInteger buyVolume(int row) {
    return Int128.toBigInteger(buyVolumeHigh[row], buyVolumeLow[row]);
  }

  public BigInteger sellVolume(int row) {
    return Int128.toBigInteger(sellVolumeHigh[row], sellVolumeLow[row]);
  }

  public BigInteger buyTurnover(int row) {
    return Int128.toBigInteger(buyTurnoverHigh[row], buyTurnoverLow[row]);
  }

  public BigInteger sellTurnover(int row) {
    return Int128.toBigInteger(sellTurnoverHigh[row], sellTurnoverLow[row]);
  }
}
