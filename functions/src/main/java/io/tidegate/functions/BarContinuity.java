package io.tidegate.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether bars follow each other: prices in order within a bar, bars one behind the other, and no
 * gap between a close and the next open that the threshold does not explain.
 *
 * <p>A gap is |open - close before| / |close before|. It is too wide beyond threshold + tolerance,
 * where a threshold of 250 decimal basis points is 0.0025. Gaps are also counted by what they
 * suggest, up to one of twice the threshold or more, which is the border of a session.
 */
final class BarContinuity {
  private enum Gap {
    PRECISION,
    NOISE,
    MARKET_MOVE,
    MICROSTRUCTURE,
    SESSION_BOUNDARY;

    static Gap of(double gap, double threshold) {
      if (gap < 1e-5) {
        return PRECISION;
      }
      if (gap < 1e-4) {
        return NOISE;
      }
      if (gap < 1e-3) {
        return MARKET_MOVE;
      }
      return gap < 2 * threshold ? MICROSTRUCTURE : SESSION_BOUNDARY;
    }
  }

  private final double threshold;
  private final double tolerance;
  private final boolean hasTimes;
  private final long[] gaps = new long[Gap.values().length];
  private long missing;
  private long disordered;
  private long overlapping;
  private long equalTimes;
  private long tooWide;
  private double largest = Double.NaN;
  private double timeBefore = Double.NaN;
  private double closeTimeBefore = Double.NaN;
  private double closeBefore = Double.NaN;

  BarContinuity(int thresholdDbps, double tolerance, Set<BarField> present) {
    this.threshold = (double) thresholdDbps / RangeBars.DBPS_PER_UNIT;
    this.tolerance = tolerance;
    this.hasTimes = present.contains(BarField.OPEN_TIME) && present.contains(BarField.CLOSE_TIME);
  }

  void accept(double[][] fields, int from, int to) {
    double[] time = fields[BarField.TIME.ordinal()];
    double[] open = fields[BarField.OPEN.ordinal()];
    double[] high = fields[BarField.HIGH.ordinal()];
    double[] low = fields[BarField.LOW.ordinal()];
    double[] close = fields[BarField.CLOSE.ordinal()];
    for (int row = from; row < to; row++) {
      missing += missing(open[row]) + missing(high[row]) + missing(low[row]) + missing(close[row]);
      boolean ordered =
          high[row] >= Math.max(open[row], close[row])
              && low[row] <= Math.min(open[row], close[row]);
      disordered += ordered ? 0 : 1;
      equalTimes += time[row] == timeBefore ? 1 : 0;
      timeBefore = time[row];
      gap(Math.abs(open[row] - closeBefore) / Math.abs(closeBefore));
      closeBefore = close[row];
    }
    if (hasTimes) {
      overlaps(
          fields[BarField.OPEN_TIME.ordinal()], fields[BarField.CLOSE_TIME.ordinal()], from, to);
    }
  }

  private static int missing(double price) {
    return Double.isFinite(price) ? 0 : 1;
  }

  private void overlaps(double[] openTime, double[] closeTime, int from, int to) {
    for (int row = from; row < to; row++) {
      boolean forwards = closeTime[row] >= openTime[row];
      boolean behind = Double.isNaN(closeTimeBefore) || openTime[row] >= closeTimeBefore;
      overlapping += forwards && behind ? 0 : 1;
      closeTimeBefore = closeTime[row];
    }
  }

  private void gap(double gap) {
    if (Double.isNaN(gap)) {
      return;
    }
    gaps[Gap.of(gap, threshold).ordinal()]++;
    tooWide += gap > threshold + tolerance ? 1 : 0;
    largest = Double.isNaN(largest) ? gap : Math.max(largest, gap);
  }

  List<BarCheck> checks() {
    List<BarCheck> checks = new ArrayList<>();
    checks.add(BarCheck.none("ohlc_no_nan", missing, true));
    checks.add(BarCheck.none("ohlc_ordered", disordered, true));
    checks.add(
        hasTimes
            ? BarCheck.none("bars_disjoint", overlapping, true)
            : BarCheck.required("bars_disjoint", null, null, "= 0"));
    checks.add(BarCheck.none("times_distinct", equalTimes, false));
    checks.add(BarCheck.none("continuity", tooWide, true));
    checks.add(
        BarCheck.informs(
            "largest_gap",
            Double.isNaN(largest) ? null : tooWide == 0,
            largest,
            "<= " + (threshold + tolerance)));
    for (Gap gap : Gap.values()) {
      String name = "gaps_" + gap.name().toLowerCase(Locale.ROOT);
      long count = gaps[gap.ordinal()];
      checks.add(
          gap == Gap.SESSION_BOUNDARY
              ? BarCheck.none(name, count, false)
              : BarCheck.informs(name, null, (double) count, null));
    }
    return checks;
  }
}
