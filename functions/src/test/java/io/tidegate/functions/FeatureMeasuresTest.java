package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The measures behind {@link FeatureValidation}, to nine digits of their references. */
class FeatureMeasuresTest {
  private static final Percentage NINE_DIGITS = Percentage.withPercentage(1e-7);
  private static final double ZERO = 1e-12;

  private static void assertNear(double actual, double expected, String about) {
    if (Math.abs(expected) < ZERO) {
      assertThat(actual).as(about).isCloseTo(expected, Offset.offset(ZERO));
    } else {
      assertThat(actual).as(about).isCloseTo(expected, NINE_DIGITS);
    }
  }

  @Test
  void distributionsAreThoseOfScipy() {
    for (References.Figure figure : References.of("special", 56)) {
      double x = Double.parseDouble(figure.first());
      double actual =
          switch (figure.measure()) {
            case "normal_cdf" -> Distributions.normalCdf(x);
            case "student_two_sided" ->
                Distributions.studentTwoSided(x, Double.parseDouble(figure.second()));
            case "digamma" -> Distributions.digammas((int) x)[(int) x];
            default -> throw new IllegalArgumentException(figure.measure());
          };
      if (figure.value() == 0 || actual == 0) {
        assertNear(actual, figure.value(), figure.toString());
      } else {
        assertThat(actual)
            .as(figure.toString())
            .isCloseTo(figure.value(), Percentage.withPercentage(1e-8));
      }
    }
  }

  @Test
  void seriesHaveTheFiguresOfTheReferences() {
    Map<String, double[]> series = References.series();
    for (References.Figure figure : References.of("series", 48)) {
      double[] values = series.get(figure.first().replace(" first 20", ""));
      if (figure.first().endsWith(" first 20")) {
        values = Arrays.copyOf(values, 20);
      }
      double[] target = series.get("target");
      double actual =
          switch (figure.measure()) {
            case "adf_statistic" -> UnitRootTest.of(values).orElseThrow().statistic();
            case "adf_p_value" -> UnitRootTest.of(values).orElseThrow().pValue();
            case "adf_lags" -> UnitRootTest.of(values).orElseThrow().lags();
            case "spearman_rho" -> correlation(values, target).rho();
            case "spearman_p_value" -> correlation(values, target).pValue();
            case "mutual_information" -> MutualInformation.of(values, target);
            default -> throw new IllegalArgumentException(figure.measure());
          };
      assertNear(actual, figure.value(), figure.toString());
    }
  }

  private static RankCorrelation correlation(double[] x, double[] y) {
    return RankCorrelation.ofRanks(RankCorrelation.ranks(x), RankCorrelation.ranks(y));
  }

  /** statsmodels itself loses digits where a series is far smaller than the constant beside it. */
  @Test
  void unitRootDoesNotDependOnTheUnit() {
    double[] trend = References.series().get("trend");
    double[] small = Arrays.stream(trend).map(value -> 7e6 + value * 1e-5).toArray();
    assertThat(UnitRootTest.of(small).orElseThrow().statistic())
        .isCloseTo(UnitRootTest.of(trend).orElseThrow().statistic(), Offset.offset(1e-4));
    double[] tiny = Arrays.stream(trend).map(value -> value * 1e-30).toArray();
    assertNear(
        UnitRootTest.of(tiny).orElseThrow().statistic(),
        UnitRootTest.of(trend).orElseThrow().statistic(),
        "tiny");
  }

  @Test
  void equalValuesShareARankAndZeroEqualsMinusZero() {
    assertThat(RankCorrelation.ranks(new double[] {3, -0.0, 7, 0, 3, 3}))
        .containsExactly(4, 1.5, 6, 1.5, 4, 4);
  }

  @Test
  void constantsHaveNoCorrelationAndNoUnitRoot() {
    double[] constant = new double[50];
    Arrays.fill(constant, 0.1);
    double[] line = new double[50];
    Arrays.setAll(line, i -> i);
    assertThat(correlation(constant, line).rho()).isNaN();
    assertThat(UnitRootTest.of(constant)).isEmpty();
    assertThat(UnitRootTest.of(line)).isEmpty();
    assertThat(UnitRootTest.of(new double[] {1, 2, 4})).isEmpty();
  }
}
