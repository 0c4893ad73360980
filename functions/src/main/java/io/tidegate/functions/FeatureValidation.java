package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the features of bars say something about the return behind them: the second tier of
 * validation.
 *
 * <p>Each feature is tested for a unit root ({@link UnitRootTest}), and held against the target by
 * Spearman's rank correlation and by {@linkplain MutualInformation mutual information}, where there
 * are more than 100 rows. Features are also held against each other: pairs that correlate beyond
 * 0.8 say the same thing twice. The tier is passed with the first tier and three features or more
 * whose correlation with the target is beyond 0.02 with a p-value below 0.05. A measure that the
 * data do not allow is null.
 *
 * <p>The target is {@link BarField#FORWARD_RETURN}, or where there is none the change from a bar's
 * close to the next one's. Rows in which one of the two values is not finite are left out of what
 * needs both.
 *
 * <p>Holds all its rows, at most {@link #MAX_BARS}, 8 bytes for each and feature. Not thread-safe.
 */
public final class FeatureValidation implements BarChecks {
  /** Bars of one partition, at most. */
  public static final int MAX_BARS = 2_000_000;

  private static final String NAME = "validate_features";
  private static final int LEAST_ROWS = 101;
  private static final double LEAST_RHO = 0.02;
  private static final double SIGNIFICANCE = 0.05;
  private static final double REDUNDANT_RHO = 0.8;
  private static final int LEAST_SIGNIFICANT = 3;

  private final FeatureSanity sanity;
  private final Map<BarField, DoubleColumn> columns = new EnumMap<>(BarField.class);
  private final BarField target;

  /** A validation of no bars yet, of which the fields named are there. */
  public FeatureValidation(Set<BarField> present) {
    requireNonNull(present, "present");
    target = present.contains(BarField.FORWARD_RETURN) ? BarField.FORWARD_RETURN : BarField.CLOSE;
    if (!present.contains(target)) {
      throw new IllegalArgumentException(
          NAME + ": bars have a close or a forward_return but these have " + present);
    }
    sanity = new FeatureSanity(NAME, present);
    for (BarField field : BarField.FEATURES) {
      if (present.contains(field)) {
        columns.put(field, new DoubleColumn());
      }
    }
    columns.put(target, new DoubleColumn());
  }

  @Override
  public void accept(double[][] fields, int from, int to) {
    if (columns.get(target).size() > MAX_BARS - (to - from)) {
      throw FeatureSanity.tooMany(NAME, MAX_BARS);
    }
    sanity.accept(fields, from, to);
    columns.forEach(
        (field, column) -> {
          double[] values = fields[field.ordinal()];
          for (int row = from; row < to; row++) {
            column.add(values[row]);
          }
        });
  }

  /** A column and, if all its values are finite, their ranks, which each pair would make anew. */
  private record Ranked(double[] values, double[] ranks) {
    static Ranked of(double[] values) {
      for (double value : values) {
        if (!Double.isFinite(value)) {
          return new Ranked(values, null);
        }
      }
      return new Ranked(values, RankCorrelation.ranks(values));
    }
  }

  /** Two columns without the rows in which one is not finite. */
  private record Pair(double[] first, double[] second) {
    static Pair of(double[] first, double[] second) {
      DoubleColumn left = new DoubleColumn();
      DoubleColumn right = new DoubleColumn();
      for (int row = 0; row < first.length; row++) {
        if (Double.isFinite(first[row]) && Double.isFinite(second[row])) {
          left.add(first[row]);
          right.add(second[row]);
        }
      }
      return new Pair(left.toArray(), right.toArray());
    }

    RankCorrelation correlation() {
      return RankCorrelation.ofRanks(RankCorrelation.ranks(first), RankCorrelation.ranks(second));
    }
  }

  /** In the order of the documentation; {@code tier2_passed} is the last. */
  @Override
  public List<BarCheck> checks() {
    List<BarCheck> tierOne = sanity.checks();
    List<BarCheck> checks = new ArrayList<>();
    tierOne.stream().filter(check -> check.name().equals("tier1_passed")).forEach(checks::add);
    boolean sane = checks.stream().noneMatch(BarCheck::failed);
    double[] returns = returns();
    Map<BarField, Ranked> features = new EnumMap<>(BarField.class);
    int significant = 0;
    for (BarField feature : BarField.FEATURES) {
      if (columns.containsKey(feature)) {
        double[] values = columns.get(feature).toArray();
        features.put(feature, Ranked.of(values));
        stationarity(feature, values, checks);
        significant += association(feature, Pair.of(values, returns), checks) ? 1 : 0;
      }
    }
    redundancy(features, checks);
    checks.add(
        BarCheck.required(
            "significant_features",
            significant >= LEAST_SIGNIFICANT,
            (double) significant,
            ">= " + LEAST_SIGNIFICANT));
    checks.add(
        BarCheck.required("tier2_passed", sane && significant >= LEAST_SIGNIFICANT, null, null));
    return checks;
  }

  private double[] returns() {
    double[] values = columns.get(target).toArray();
    if (target == BarField.FORWARD_RETURN) {
      return values;
    }
    double[] returns = new double[values.length];
    for (int row = 0; row < values.length; row++) {
      returns[row] = row + 1 < values.length ? values[row + 1] / values[row] - 1 : Double.NaN;
    }
    return returns;
  }

  private static void stationarity(BarField feature, double[] values, List<BarCheck> checks) {
    Optional<UnitRootTest> test = UnitRootTest.of(Pair.of(values, values).first());
    checks.add(
        informs("adf_statistic", feature, null, null, test.map(UnitRootTest::statistic), null));
    checks.add(
        informs(
            "adf_p_value",
            feature,
            null,
            test.map(t -> t.pValue() < SIGNIFICANCE).orElse(null),
            test.map(UnitRootTest::pValue),
            "< " + SIGNIFICANCE));
  }

  private static boolean association(BarField feature, Pair pair, List<BarCheck> checks) {
    boolean enough = pair.first().length >= LEAST_ROWS;
    Optional<RankCorrelation> correlation =
        enough
            ? Optional.of(pair.correlation()).filter(c -> !Double.isNaN(c.rho()))
            : Optional.empty();
    Optional<Boolean> strong = correlation.map(c -> Math.abs(c.rho()) > LEAST_RHO);
    Optional<Boolean> certain = correlation.map(c -> c.pValue() < SIGNIFICANCE);
    checks.add(
        informs(
            "spearman_rho",
            feature,
            BarField.FORWARD_RETURN,
            strong.orElse(null),
            correlation.map(RankCorrelation::rho),
            "abs > " + LEAST_RHO));
    checks.add(
        informs(
            "spearman_p_value",
            feature,
            BarField.FORWARD_RETURN,
            certain.orElse(null),
            correlation.map(RankCorrelation::pValue),
            "< " + SIGNIFICANCE));
    checks.add(
        informs(
            "mutual_information",
            feature,
            BarField.FORWARD_RETURN,
            null,
            enough
                ? Optional.of(MutualInformation.of(pair.first(), pair.second()))
                : Optional.empty(),
            null));
    return strong.orElse(false) && certain.orElse(false);
  }

  private static void redundancy(Map<BarField, Ranked> features, List<BarCheck> checks) {
    for (BarField first : features.keySet()) {
      for (BarField second : features.keySet()) {
        if (first.compareTo(second) < 0) {
          Ranked one = features.get(first);
          Ranked other = features.get(second);
          RankCorrelation correlation =
              one.ranks() != null && other.ranks() != null
                  ? RankCorrelation.ofRanks(one.ranks(), other.ranks())
                  : Pair.of(one.values(), other.values()).correlation();
          double rho = correlation.rho();
          checks.add(
              informs(
                  "redundancy",
                  first,
                  second,
                  Double.isNaN(rho) ? null : Math.abs(rho) <= REDUNDANT_RHO,
                  Optional.of(rho),
                  "abs <= " + REDUNDANT_RHO));
        }
      }
    }
  }

  private static BarCheck informs(
      String name,
      BarField feature,
      BarField other,
      Boolean passed,
      Optional<Double> value,
      String limit) {
    return new BarCheck(
        name,
        feature.toString(),
        other == null ? null : other.toString(),
        passed,
        value.orElse(null),
        limit,
        false);
  }
}
