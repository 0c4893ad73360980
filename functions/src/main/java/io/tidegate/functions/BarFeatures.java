package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

/**
 * The ten microstructure columns of range bars, computed from the integer columns of a {@link
 * BarBatch}.
 *
 * <p>Nine doubles; the tenth is {@link BarBatch#durationMicros()}. Each is a function of one bar,
 * computed in IEEE doubles in a fixed order (reciprocals are multiplied, not divided by), so the
 * bits are the same on every machine. Negative zero is a possible value.
 *
 * <p>The arrays given out belong to this object: elements {@code [0, size())} hold the rows of the
 * last {@link #compute}, and the next call overwrites or replaces them. Not thread-safe.
 */
public final class BarFeatures {
  /** Distance from 1 to the next double; amounts up to this count as nothing. */
  private static final double EPSILON = 0x1p-52;

  private static final double MAX_AGGRESSION = 100;

  private int size;
  private double[] ofi = {};
  private double[] vwapCloseDeviation = {};
  private double[] priceImpact = {};
  private double[] kyleLambdaProxy = {};
  private double[] tradeIntensity = {};
  private double[] volumePerTrade = {};
  private double[] aggressionRatio = {};
  private double[] aggregationDensity = {};
  private double[] turnoverImbalance = {};

  /** Computes the features of bars {@code from} (inclusive) to {@code to} (exclusive). */
  public void compute(BarBatch bars, int from, int to) {
    requireNonNull(bars, "bars");
    Objects.checkFromToIndex(from, to, bars.size());
    size = to - from;
    if (ofi.length < size) {
      int room = Math.max(size, bars.openRaw().length);
      ofi = new double[room];
      vwapCloseDeviation = new double[room];
      priceImpact = new double[room];
      kyleLambdaProxy = new double[room];
      tradeIntensity = new double[room];
      volumePerTrade = new double[room];
      aggressionRatio = new double[room];
      aggregationDensity = new double[room];
      turnoverImbalance = new double[room];
    }
    for (int row = 0; row < size; row++) {
      prices(bars, from + row, row);
      counts(bars, from + row, row);
      turnovers(bars, from + row, row);
    }
  }

  private void prices(BarBatch bars, int bar, int row) {
    double buy = scaled(bars.buyVolumeHigh()[bar], bars.buyVolumeLow()[bar]);
    double sell = scaled(bars.sellVolumeHigh()[bar], bars.sellVolumeLow()[bar]);
    double volume = scaled(bars.volumeHigh()[bar], bars.volumeLow()[bar]);
    double imbalance = (buy - sell) * reciprocal(buy + sell);
    ofi[row] = imbalance;

    double open = FixedPoint.toDouble(bars.openRaw()[bar]);
    double close = FixedPoint.toDouble(bars.closeRaw()[bar]);
    double vwap = FixedPoint.toDouble(bars.vwapRaw()[bar]);
    double range =
        FixedPoint.toDouble(bars.highRaw()[bar]) - FixedPoint.toDouble(bars.lowRaw()[bar]);
    vwapCloseDeviation[row] = range > EPSILON ? (close - vwap) / range : 0;
    priceImpact[row] = volume > EPSILON ? Math.abs(close - open) / volume : 0;
    kyleLambdaProxy[row] =
        Math.abs(imbalance) > EPSILON && Math.abs(open) > EPSILON
            ? ((close - open) / Math.abs(open)) / imbalance
            : 0;
    volumePerTrade[row] = volume * reciprocal(bars.individualTradeCount()[bar]);
  }

  private void counts(BarBatch bars, int bar, int row) {
    double trades = bars.individualTradeCount()[bar];
    double buys = bars.buyTradeCount()[bar];
    double sells = bars.sellTradeCount()[bar];
    double records = bars.aggRecordCount()[bar];
    double seconds = bars.durationMicros()[bar] * 1e-6;
    tradeIntensity[row] = seconds > EPSILON ? trades * (1 / seconds) : trades;
    if (sells > EPSILON) {
      aggressionRatio[row] = Math.min(buys / sells, MAX_AGGRESSION);
    } else {
      aggressionRatio[row] = buys > 0 ? MAX_AGGRESSION : 1;
    }
    aggregationDensity[row] = records > EPSILON ? trades * (1 / records) : 1;
  }

  private void turnovers(BarBatch bars, int bar, int row) {
    double buy = Int128.toDouble(bars.buyTurnoverHigh()[bar], bars.buyTurnoverLow()[bar]);
    double sell = Int128.toDouble(bars.sellTurnoverHigh()[bar], bars.sellTurnoverLow()[bar]);
    // Added as integers and then rounded once, unlike the volumes above.
    double total = Int128.toDouble(bars.turnoverHigh()[bar], bars.turnoverLow()[bar]);
    turnoverImbalance[row] = (buy - sell) * reciprocal(total);
  }

  private static double scaled(long high, long low) {
    return Int128.toDouble(high, low) / FixedPoint.SCALE;
  }

  private static double reciprocal(double amount) {
    return amount > EPSILON ? 1 / amount : 0;
  }

  /** The number of rows computed last. */
  public int size() {
    return size;
  }

  /** Order flow imbalance: (buy - sell volume) / volume, -1 to 1; 0 without volume. */
  public double[] ofi() {
    return ofi;
  }

  /** (close - VWAP) / (high - low); 0 where the bar is flat. */
  public double[] vwapCloseDeviation() {
    return vwapCloseDeviation;
  }

  /** |close - open| per base unit traded; 0 without volume. */
  public double[] priceImpact() {
    return priceImpact;
  }

  /** Relative move from open to close per unit of order flow imbalance; 0 where that is 0. */
  public double[] kyleLambdaProxy() {
    return kyleLambdaProxy;
  }

  /** Individual trades per second; their number where the bar took no time. */
  public double[] tradeIntensity() {
    return tradeIntensity;
  }

  /** Base units per individual trade. */
  public double[] volumePerTrade() {
    return volumePerTrade;
  }

  /** Buys per sell, counted in individual trades and capped at 100. */
  public double[] aggressionRatio() {
    return aggressionRatio;
  }

  /** Individual trades per trade record. */
  public double[] aggregationDensity() {
    return aggregationDensity;
  }

  /** (buy - sell turnover) / turnover; 0 without turnover. */
  public double[] turnoverImbalance() {
    return turnoverImbalance;
  }
}
