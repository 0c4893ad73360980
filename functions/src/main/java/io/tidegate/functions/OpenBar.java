package io.tidegate.functions;

import java.util.List;

/**
 * The bar that is being formed: its fixed bounds and its running sums.
 *
 * <p>All 128-bit sums are totals and sell sides; the buy side is the difference. Mutable and not
 * thread-safe: it is the inside of one {@link BarMachine}.
 */
final class OpenBar {
  private static final long LOW_WORD = 0xFFFF_FFFFL;

  boolean forming;

  long openTime;
  long closeTime;
  long open;
  long high;
  long low;
  long close;

  /** Half the width of the range: the bar closes on a price at this distance from the open. */
  long delta;

  long volumeHigh;
  long volumeLow;
  long sellVolumeHigh;
  long sellVolumeLow;
  long turnoverHigh;
  long turnoverLow;
  long sellTurnoverHigh;
  long sellTurnoverLow;

  long firstTradeId;
  long lastTradeId;
  long firstAggTradeId;
  long lastAggTradeId;
  long tradeCount;
  long sellTradeCount;
  long recordCount;

  /** Begins a bar at this price without adding any tick to it. */
  void begin(long tsMicros, long price, long newDelta) {
    forming = true;
    openTime = tsMicros;
    open = price;
    high = price;
    low = price;
    delta = newDelta;
    volumeHigh = 0;
    volumeLow = 0;
    sellVolumeHigh = 0;
    sellVolumeLow = 0;
    turnoverHigh = 0;
    turnoverLow = 0;
    sellTurnoverHigh = 0;
    sellTurnoverLow = 0;
    tradeCount = 0;
    sellTradeCount = 0;
    recordCount = 0;
  }

  /** Takes the highest and the lowest price of some rows in. */
  void widen(long[] price, int from, int to) {
    long newHigh = high;
    long newLow = low;
    for (int i = from; i < to; i++) {
      newHigh = Math.max(newHigh, price[i]);
      newLow = Math.min(newLow, price[i]);
    }
    high = newHigh;
    low = newLow;
  }

  /**
   * Adds rows of which {@link TickOrder} said that their volumes and trades fit a long together, or
   * one row of any size.
   *
   * <p>Products are added as two 32-bit limbs and a high word, so that the loop needs no carry; the
   * sell side goes through a mask instead of a branch that nobody could predict.
   *
   * @return the name of a sum that would pass its bits, and then nothing was added; null is well
   */
  String add(
      long[] price,
      long[] volume,
      long[] firstId,
      long[] lastId,
      byte[] sell,
      int sellShift,
      int from,
      int to) {
    long limb0 = 0;
    long limb1 = 0;
    long top = 0;
    long sellLimb0 = 0;
    long sellLimb1 = 0;
    long sellTop = 0;
    long amount = 0;
    long sellAmount = 0;
    long trades = to - from;
    long sellTrades = 0;
    for (int i = from; i < to; i++) {
      long p = price[i];
      long v = volume[i];
      long mask = -(long) sell[i - sellShift];
      long productLow = p * v;
      long productHigh = Math.multiplyHigh(p, v);
      limb0 += productLow & LOW_WORD;
      limb1 += productLow >>> 32;
      top += productHigh;
      productLow &= mask;
      sellLimb0 += productLow & LOW_WORD;
      sellLimb1 += productLow >>> 32;
      sellTop += productHigh & mask;
      amount += v;
      sellAmount += v & mask;
      long furtherTrades = lastId[i] - firstId[i];
      trades += furtherTrades;
      sellTrades += (furtherTrades + 1) & mask;
    }
    limb1 += limb0 >>> 32;
    long product = limb1 << 32 | limb0 & LOW_WORD;
    long newTurnoverLow = turnoverLow + product;
    long newTurnoverHigh =
        turnoverHigh + top + (limb1 >>> 32) + Int128.carry(turnoverLow, product, newTurnoverLow);
    if (newTurnoverHigh < 0) {
      return "turnover";
    }
    if (tradeCount + trades < 0) {
      return "number of trades";
    }
    turnoverLow = newTurnoverLow;
    turnoverHigh = newTurnoverHigh;
    sellLimb1 += sellLimb0 >>> 32;
    addSells(
        sellTop + (sellLimb1 >>> 32),
        sellLimb1 << 32 | sellLimb0 & LOW_WORD,
        sellAmount,
        sellTrades);
    long newVolumeLow = volumeLow + amount;
    volumeHigh += Int128.carry(volumeLow, amount, newVolumeLow);
    volumeLow = newVolumeLow;
    tradeCount += trades;
    recordCount += to - from;
    return null;
  }

  /** The sell side is a part of what passed the checks of the whole. */
  private void addSells(long productHigh, long productLow, long amount, long trades) {
    long newTurnoverLow = sellTurnoverLow + productLow;
    sellTurnoverHigh += productHigh + Int128.carry(sellTurnoverLow, productLow, newTurnoverLow);
    sellTurnoverLow = newTurnoverLow;
    long newVolumeLow = sellVolumeLow + amount;
    sellVolumeHigh += Int128.carry(sellVolumeLow, amount, newVolumeLow);
    sellVolumeLow = newVolumeLow;
    sellTradeCount += trades;
  }

  /** Names of {@link #values}, in order. */
  static final List<String> VALUE_NAMES =
      List.of(
          "open_time_us",
          "close_time_us",
          "open",
          "high",
          "low",
          "close",
          "volume_high",
          "volume_low",
          "sell_volume_high",
          "sell_volume_low",
          "turnover_high",
          "turnover_low",
          "sell_turnover_high",
          "sell_turnover_low",
          "first_trade_id",
          "last_trade_id",
          "first_agg_trade_id",
          "last_agg_trade_id",
          "trade_count",
          "sell_trade_count",
          "record_count");

  /** Everything but the bounds, which follow from open price and threshold. */
  long[] values() {
    return new long[] {
      openTime,
      closeTime,
      open,
      high,
      low,
      close,
      volumeHigh,
      volumeLow,
      sellVolumeHigh,
      sellVolumeLow,
      turnoverHigh,
      turnoverLow,
      sellTurnoverHigh,
      sellTurnoverLow,
      firstTradeId,
      lastTradeId,
      firstAggTradeId,
      lastAggTradeId,
      tradeCount,
      sellTradeCount,
      recordCount
    };
  }

  /** Puts back what {@link #values} gave. */
  void resume(long[] values, long thresholdDbps) {
    begin(values[0], values[2], RangeBars.delta(values[2], thresholdDbps));
    closeTime = values[1];
    high = values[3];
    low = values[4];
    close = values[5];
    volumeHigh = values[6];
    volumeLow = values[7];
    sellVolumeHigh = values[8];
    sellVolumeLow = values[9];
    turnoverHigh = values[10];
    turnoverLow = values[11];
    sellTurnoverHigh = values[12];
    sellTurnoverLow = values[13];
    firstTradeId = values[14];
    lastTradeId = values[15];
    firstAggTradeId = values[16];
    lastAggTradeId = values[17];
    tradeCount = values[18];
    sellTradeCount = values[19];
    recordCount = values[20];
  }

  /** Whether ticks can have made these values; for those that come from outside. */
  boolean isConsistent() {
    return low > 0
        && low <= Math.min(open, close)
        && high >= Math.max(open, close)
        && openTime <= closeTime
        && recordCount > 0
        && tradeCount >= recordCount
        && sellTradeCount >= 0
        && sellTradeCount <= tradeCount
        && isPart(sellVolumeHigh, sellVolumeLow, volumeHigh, volumeLow)
        && isPart(sellTurnoverHigh, sellTurnoverLow, turnoverHigh, turnoverLow);
  }

  private static boolean isPart(long partHigh, long partLow, long wholeHigh, long wholeLow) {
    return partHigh >= 0 && Int128.differenceHigh(wholeHigh, wholeLow, partHigh, partLow) >= 0;
  }

  void copyFrom(OpenBar other) {
    forming = other.forming;
    openTime = other.openTime;
    closeTime = other.closeTime;
    open = other.open;
    high = other.high;
    low = other.low;
    close = other.close;
    delta = other.delta;
    volumeHigh = other.volumeHigh;
    volumeLow = other.volumeLow;
    sellVolumeHigh = other.sellVolumeHigh;
    sellVolumeLow = other.sellVolumeLow;
    turnoverHigh = other.turnoverHigh;
    turnoverLow = other.turnoverLow;
    sellTurnoverHigh = other.sellTurnoverHigh;
    sellTurnoverLow = other.sellTurnoverLow;
    firstTradeId = other.firstTradeId;
    lastTradeId = other.lastTradeId;
    firstAggTradeId = other.firstAggTradeId;
    lastAggTradeId = other.lastAggTradeId;
    tradeCount = other.tradeCount;
    sellTradeCount = other.sellTradeCount;
    recordCount = other.recordCount;
  }
}
