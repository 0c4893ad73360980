package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureValidationTest {
  private static final Set<BarField> ALL =
      EnumSet.complementOf(EnumSet.of(BarField.FORWARD_RETURN));

  private static List<BarCheck> checks(double[][] bars, Set<BarField> present, int rows) {
    FeatureValidation validation = new FeatureValidation(present);
    validation.accept(bars, 0, rows / 3);
    validation.accept(bars, rows / 3, rows);
    return validation.checks();
  }

  private static Map<String, BarCheck> byKey(List<BarCheck> checks) {
    Map<String, BarCheck> byKey = new HashMap<>();
    for (BarCheck check : checks) {
      String measure = check.name().equals("redundancy") ? "spearman_rho" : check.name();
      byKey.put(measure + " " + check.feature() + " " + check.otherFeature(), check);
    }
    return byKey;
  }

  /** Nine digits of scipy's, statsmodels' and scikit-learn's. */
  @Test
  void figuresOfTheWalkAreThoseOfTheReferences() {
    Map<String, BarCheck> checks = byKey(checks(References.bars(), ALL, 530));
    int compared = 0;
    for (References.Figure figure : References.of("bars", 115)) {
      BarCheck check =
          checks.get(
              figure.measure()
                  + " "
                  + figure.first()
                  + " "
                  + (figure.measure().equals("mutual_information") || !figure.second().isEmpty()
                      ? figure.second()
                      : null));
      if (check != null) {
        compared++;
        double tolerance = Math.max(1e-9 * Math.abs(figure.value()), 1e-13);
        assertThat(check.value())
            .as(figure.toString())
            .isCloseTo(figure.value(), within(tolerance));
      }
    }
    assertThat(compared).isEqualTo(10 * 5 + 45);
    // A walk has no features that foretell: what little there is is by chance.
    assertThat(checks.get("tier1_passed null null").passed()).isTrue();
    assertThat(checks.get("significant_features null null").value()).isEqualTo(2);
    assertThat(checks.get("tier2_passed null null").passed()).isFalse();
    assertThat(checks.get("spearman_rho ofi turnover_imbalance").passed()).isFalse();
  }

  @Test
  void featuresThatForetellPass() {
    double[][] bars = References.bars();
    double[] target = new double[530];
    for (int row = 0; row < target.length; row++) {
      target[row] =
          bars[BarField.OFI.ordinal()][row] + bars[BarField.VOLUME_PER_TRADE.ordinal()][row] / 20;
    }
    bars[BarField.FORWARD_RETURN.ordinal()] = target;
    Map<String, BarCheck> checks = byKey(checks(bars, EnumSet.allOf(BarField.class), 530));
    assertThat(checks.get("spearman_rho ofi forward_return").value()).isGreaterThan(0.5);
    assertThat(checks.get("tier2_passed null null").passed()).isTrue();
    bars[BarField.PRICE_IMPACT.ordinal()][17] = Double.NaN;
    checks = byKey(checks(bars, EnumSet.allOf(BarField.class), 530));
    assertThat(checks.get("tier1_passed null null").passed()).isFalse();
    assertThat(checks.get("tier2_passed null null").passed()).isFalse();
    assertThat(checks.get("spearman_rho price_impact forward_return").value()).isNotNull();
  }

  @Test
  void tooFewRowsAreNotMeasured() {
    Map<String, BarCheck> hundred = byKey(checks(References.bars(), ALL, 101));
    assertThat(hundred.get("spearman_rho ofi forward_return").passed()).isNull();
    assertThat(hundred.get("mutual_information ofi forward_return").value()).isNull();
    assertThat(hundred.get("adf_p_value ofi null").value()).isNotNull();
    assertThat(byKey(checks(References.bars(), ALL, 102)).get("spearman_rho ofi forward_return"))
        .extracting(BarCheck::value)
        .isNotNull();
    Map<String, BarCheck> none = byKey(checks(References.bars(), ALL, 0));
    assertThat(none.get("tier2_passed null null").passed()).isFalse();
    assertThat(none.get("redundancy ofi turnover_imbalance")).isNull();
    assertThat(none.get("spearman_rho ofi turnover_imbalance").value()).isNull();
    assertThat(byKey(checks(References.bars(), ALL, 19)).get("adf_p_value ofi null").value())
        .isNull();
  }
}
