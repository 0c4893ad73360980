package io.tidegate.functions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The first tier of checks: whether the features are numbers that features of bars can be.
 *
 * <p>What is required: bars, at least one feature, no NaN, no infinity, durations and volumes of
 * zero or more, {@code ofi} and {@code turnover_imbalance} between -1 and 1. What only informs: the
 * correlation of {@code ofi} with the change of the close (with more than 50 bars), the mean of
 * {@code ofi}, the median of {@code aggression_ratio}. A column that is not there passes.
 */
final class FeatureSanity {
  /** Bars of one partition, at most: the median needs all its values. */
  static final int MAX_BARS = 20_000_000;

  private static final int LEAST_BARS_FOR_CORRELATION = 51;

  private final String function;
  private final List<BarField> features;
  private final List<BarField> volumes;
  private final Extreme smallestDuration;
  private final Extreme smallestVolume;
  private final Extreme largestOfi;
  private final Extreme largestTurnoverImbalance;
  private final DoubleColumn aggressionRatios = new DoubleColumn();
  private final Comovement ofiWithChange = new Comovement();
  private final boolean hasOfi;
  private final boolean hasClose;
  private final boolean hasAggressionRatio;
  private int bars;
  private long notNumbers;
  private long infinities;
  private double ofiSum;
  private long ofiCount;
  private double closeBefore = Double.NaN;

  /** The value of a column that is furthest out, and whether all are within their bounds. */
  private static final class Extreme {
    private final boolean present;
    private final double low;
    private final double high;
    private double value = Double.NaN;
    private boolean within = true;

    Extreme(boolean present, double low, double high) {
      this.present = present;
      this.low = low;
      this.high = high;
    }

    void add(double next) {
      within &= next >= low && next <= high;
      boolean further = high == Double.POSITIVE_INFINITY ? next < value : size(next) > size(value);
      if (further || Double.isNaN(value)) {
        value = next;
      }
    }

    private static double size(double value) {
      return Math.abs(value);
    }

    BarCheck check(String name, String limit) {
      return BarCheck.required(name, within, present ? value : null, limit);
    }
  }

  FeatureSanity(String function, Set<BarField> present) {
    this.function = function;
    features = BarField.FEATURES.stream().filter(present::contains).toList();
    volumes =
        List.of(BarField.VOLUME, BarField.BUY_VOLUME, BarField.SELL_VOLUME).stream()
            .filter(present::contains)
            .toList();
    hasOfi = present.contains(BarField.OFI);
    hasClose = present.contains(BarField.CLOSE);
    hasAggressionRatio = present.contains(BarField.AGGRESSION_RATIO);
    smallestDuration =
        new Extreme(present.contains(BarField.DURATION_US), 0, Double.POSITIVE_INFINITY);
    smallestVolume = new Extreme(!volumes.isEmpty(), 0, Double.POSITIVE_INFINITY);
    largestOfi = new Extreme(hasOfi, -1, 1);
    largestTurnoverImbalance = new Extreme(present.contains(BarField.TURNOVER_IMBALANCE), -1, 1);
  }

  void accept(double[][] fields, int from, int to) {
    if (bars > MAX_BARS - (to - from)) {
      throw tooMany(function, MAX_BARS);
    }
    bars += to - from;
    for (BarField feature : features) {
      double[] values = fields[feature.ordinal()];
      for (int row = from; row < to; row++) {
        if (!Double.isFinite(values[row])) {
          notNumbers += Double.isNaN(values[row]) ? 1 : 0;
          infinities += Double.isNaN(values[row]) ? 0 : 1;
        }
      }
    }
    for (BarField volume : volumes) {
      extreme(smallestVolume, fields[volume.ordinal()], from, to);
    }
    extreme(smallestDuration, fields[BarField.DURATION_US.ordinal()], from, to);
    extreme(largestOfi, fields[BarField.OFI.ordinal()], from, to);
    extreme(largestTurnoverImbalance, fields[BarField.TURNOVER_IMBALANCE.ordinal()], from, to);
    if (hasAggressionRatio) {
      aggressionRatios(fields[BarField.AGGRESSION_RATIO.ordinal()], from, to);
    }
    if (hasOfi) {
      ofi(
          fields[BarField.OFI.ordinal()],
          hasClose ? fields[BarField.CLOSE.ordinal()] : null,
          from,
          to);
    }
  }

  static IllegalArgumentException tooMany(String function, int most) {
    return new IllegalArgumentException(
        function
            + ": a partition can have at most "
            + most
            + " bars but has more; validate a part of it, such as a month");
  }

  private static void extreme(Extreme extreme, double[] values, int from, int to) {
    if (values != null) {
      for (int row = from; row < to; row++) {
        extreme.add(values[row]);
      }
    }
  }

  private void aggressionRatios(double[] values, int from, int to) {
    for (int row = from; row < to; row++) {
      if (!Double.isNaN(values[row])) {
        aggressionRatios.add(values[row]);
      }
    }
  }

  private void ofi(double[] ofi, double[] close, int from, int to) {
    for (int row = from; row < to; row++) {
      if (!Double.isNaN(ofi[row])) {
        ofiSum += ofi[row];
        ofiCount++;
      }
      if (close != null) {
        double change = close[row] / closeBefore - 1;
        if (Double.isFinite(change) && Double.isFinite(ofi[row])) {
          ofiWithChange.add(ofi[row], change);
        }
        closeBefore = close[row];
      }
    }
  }

  List<BarCheck> checks() {
    List<BarCheck> checks = new ArrayList<>();
    checks.add(BarCheck.required("bars_present", bars > 0, (double) bars, ">= 1"));
    checks.add(
        BarCheck.required(
            "features_present", !features.isEmpty(), (double) features.size(), ">= 1"));
    checks.add(BarCheck.none("no_nan", notNumbers, true));
    checks.add(BarCheck.none("no_inf", infinities, true));
    checks.add(smallestDuration.check("duration_positive", ">= 0"));
    checks.add(largestOfi.check("ofi_bounded", "abs <= 1"));
    checks.add(largestTurnoverImbalance.check("turnover_imbalance_bounded", "abs <= 1"));
    checks.add(smallestVolume.check("volumes_not_negative", ">= 0"));
    long failed = checks.stream().filter(BarCheck::failed).count();
    checks.add(
        informs(
            "ofi_corr_sane",
            bars < LEAST_BARS_FOR_CORRELATION ? Double.NaN : ofiWithChange.correlation(),
            0.05,
            0.8,
            "0.05 < abs < 0.8"));
    checks.add(informs("ofi_mean_near_zero", ofiSum / ofiCount, -1, 0.3, "abs < 0.3"));
    checks.add(informs("aggression_ratio_reasonable", median(), -1, 10, "< 10"));
    checks.add(BarCheck.required("tier1_passed", failed == 0, (double) failed, "= 0"));
    return checks;
  }

  private static BarCheck informs(
      String name, double value, double above, double below, String limit) {
    double size = Math.abs(value);
    return BarCheck.informs(
        name, Double.isNaN(value) ? null : size > above && size < below, value, limit);
  }

  private double median() {
    double[] values = aggressionRatios.toArray();
    Arrays.sort(values);
    int half = values.length / 2;
    if (values.length == 0) {
      return Double.NaN;
    }
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
}
