package io.tidegate.functions;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * What {@link BarValidation} and {@link FeatureValidation} read of a bar, all as doubles; NaN is a
 * value that is missing. Times are microseconds since the epoch, exact up to the year 2255.
 */
public enum BarField {
  /** What the bars are ordered by. */
  TIME,
  OPEN_TIME,
  CLOSE_TIME,
  OPEN,
  HIGH,
  LOW,
  CLOSE,
  VOLUME,
  BUY_VOLUME,
  SELL_VOLUME,
  DURATION_US,
  OFI,
  VWAP_CLOSE_DEVIATION,
  PRICE_IMPACT,
  KYLE_LAMBDA_PROXY,
  TRADE_INTENSITY,
  VOLUME_PER_TRADE,
  AGGRESSION_RATIO,
  AGGREGATION_DENSITY,
  TURNOVER_IMBALANCE,
  /** What features are to foretell: the return of the bar behind, unless the input has another. */
  FORWARD_RETURN;

  /** The ten columns that describe what happened inside a bar. */
  public static final List<BarField> FEATURES =
      List.copyOf(EnumSet.range(DURATION_US, TURNOVER_IMBALANCE));

  /** The column's name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
