package io.tidegate.adapter.bars;

import io.tidegate.functions.BarBatch;
import io.tidegate.functions.BarFeatures;
import java.util.Locale;
import java.util.function.Function;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** The columns of a range bar in output order; a column's SQL name is the constant's. */
public enum BarColumn {
  OPEN_TIME(Type.TIME, BarBatch::openTimeMicros),
  CLOSE_TIME(Type.TIME, BarBatch::closeTimeMicros),
  OPEN(Type.PRICE, BarBatch::openRaw),
  HIGH(Type.PRICE, BarBatch::highRaw),
  LOW(Type.PRICE, BarBatch::lowRaw),
  CLOSE(Type.PRICE, BarBatch::closeRaw),
  VOLUME(Type.AMOUNT, BarBatch::volumeHigh, BarBatch::volumeLow),
  TURNOVER(Type.TURNOVER, BarBatch::turnoverHigh, BarBatch::turnoverLow),
  BUY_VOLUME(Type.AMOUNT, BarBatch::buyVolumeHigh, BarBatch::buyVolumeLow),
  SELL_VOLUME(Type.AMOUNT, BarBatch::sellVolumeHigh, BarBatch::sellVolumeLow),
  BUY_TURNOVER(Type.TURNOVER, BarBatch::buyTurnoverHigh, BarBatch::buyTurnoverLow),
  SELL_TURNOVER(Type.TURNOVER, BarBatch::sellTurnoverHigh, BarBatch::sellTurnoverLow),
  FIRST_TRADE_ID(Type.COUNT, BarBatch::firstTradeId),
  LAST_TRADE_ID(Type.COUNT, BarBatch::lastTradeId),
  FIRST_AGG_TRADE_ID(Type.COUNT, BarBatch::firstAggTradeId),
  LAST_AGG_TRADE_ID(Type.COUNT, BarBatch::lastAggTradeId),
  INDIVIDUAL_TRADE_COUNT(Type.COUNT, BarBatch::individualTradeCount),
  AGG_RECORD_COUNT(Type.COUNT, BarBatch::aggRecordCount),
  BUY_TRADE_COUNT(Type.COUNT, BarBatch::buyTradeCount),
  SELL_TRADE_COUNT(Type.COUNT, BarBatch::sellTradeCount),
  VWAP(Type.PRICE, BarBatch::vwapRaw),
  DURATION_US(Type.COUNT, BarBatch::durationMicros),
  OFI(BarFeatures::ofi),
  VWAP_CLOSE_DEVIATION(BarFeatures::vwapCloseDeviation),
  PRICE_IMPACT(BarFeatures::priceImpact),
  KYLE_LAMBDA_PROXY(BarFeatures::kyleLambdaProxy),
  TRADE_INTENSITY(BarFeatures::tradeIntensity),
  VOLUME_PER_TRADE(BarFeatures::volumePerTrade),
  AGGRESSION_RATIO(BarFeatures::aggressionRatio),
  AGGREGATION_DENSITY(BarFeatures::aggregationDensity),
  TURNOVER_IMBALANCE(BarFeatures::turnoverImbalance),
  COMPLETE(Type.FLAG, null, null, null);

  /** What a column holds. */
  public enum Type {
    /** TIMESTAMP(6), UTC. */
    TIME(new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
    /** DECIMAL(19, 8): every long of raw units. */
    PRICE(new ArrowType.Decimal(19, 8, 128)),
    /** DECIMAL(38, 8). */
    AMOUNT(new ArrowType.Decimal(38, 8, 128)),
    /** DECIMAL(38, 16): price times amount without rounding. */
    TURNOVER(new ArrowType.Decimal(38, 16, 128)),
    /** BIGINT. */
    COUNT(new ArrowType.Int(64, true)),
    /** DOUBLE. */
    RATIO(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
    /** BOOLEAN. */
    FLAG(ArrowType.Bool.INSTANCE);

    private final ArrowType arrow;

    Type(ArrowType arrow) {
      this.arrow = arrow;
    }

    ArrowType arrow() {
      return arrow;
    }
  }

  private final Type type;
  private final Function<BarBatch, long[]> high;
  private final Function<BarBatch, long[]> low;
  private final Function<BarFeatures, double[]> feature;

  BarColumn(
      Type type,
      Function<BarBatch, long[]> high,
      Function<BarBatch, long[]> low,
      Function<BarFeatures, double[]> feature) {
    this.type = type;
    this.high = high;
    this.low = low;
    this.feature = feature;
  }

  BarColumn(Type type, Function<BarBatch, long[]> values) {
    this(type, null, values, null);
  }

  BarColumn(Type type, Function<BarBatch, long[]> high, Function<BarBatch, long[]> low) {
    this(type, high, low, null);
  }

  BarColumn(Function<BarFeatures, double[]> feature) {
    this(Type.RATIO, null, null, feature);
  }

  public Type type() {
    return type;
  }

  /** The name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The values of a column that is not a ratio or flag; the low words of one that is wider. */
  long[] longs(BarBatch bars) {
    return low.apply(bars);
  }

  /** The high words of a 128-bit column. */
  long[] highWords(BarBatch bars) {
    return high.apply(bars);
  }

  /** The values of a ratio. */
  double[] doubles(BarFeatures features) {
    return feature.apply(features);
  }
}
