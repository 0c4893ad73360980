package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarValidationTest {
  private static final double TOLERANCE = 0.001;
  private static final Set<BarField> ALL =
      EnumSet.complementOf(EnumSet.of(BarField.FORWARD_RETURN));

  private static List<BarCheck> checks(double[][] bars, Set<BarField> present, int thresholdDbps) {
    BarValidation validation = new BarValidation(thresholdDbps, TOLERANCE, present);
    validation.accept(bars, 0, bars[0].length);
    return validation.checks();
  }

  private static Map<String, BarCheck> byName(List<BarCheck> checks) {
    return checks.stream().collect(Collectors.toMap(BarCheck::name, Function.identity()));
  }

  @Test
  void figuresOfTheWalkAreThoseOfPandas() {
    Map<String, BarCheck> checks = byName(checks(References.bars(), ALL, 250));
    Map<String, String> names =
        Map.of(
            "rows", "bars_present",
            "ofi_corr", "ofi_corr_sane",
            "ofi_mean", "ofi_mean_near_zero",
            "aggression_ratio_median", "aggression_ratio_reasonable",
            "largest_gap", "largest_gap");
    for (References.Figure figure : References.of("bars", 115)) {
      String name =
          figure.measure().equals("gaps") ? "gaps_" + figure.first() : names.get(figure.measure());
      if (name != null) {
        assertThat(checks.get(name).value())
            .as(figure.toString())
            .isCloseTo(figure.value(), within(1e-12));
      }
    }
    assertThat(checks.values()).noneMatch(BarCheck::failed);
    assertThat(checks.get("tier1_passed").passed()).isTrue();
    // 0.028 is less than the 0.05 of bars of a real market.
    assertThat(checks.get("ofi_corr_sane").passed()).isFalse();
  }

  @Test
  void anyCutGivesTheSameChecks() {
    double[][] bars = References.bars();
    List<BarCheck> whole = checks(bars, ALL, 250);
    BarValidation cut = new BarValidation(250, TOLERANCE, ALL);
    int from = 0;
    for (int rows = 1; from < bars[0].length; rows = rows * 3 % 61) {
      int to = Math.min(from + rows, bars[0].length);
      cut.accept(bars, from, to);
      from = to;
    }
    assertThat(cut.checks()).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource({
    "ofi, 7, NaN, no_nan ofi_bounded tier1_passed, 1",
    "price_impact, 7, NaN, no_nan tier1_passed, 1",
    "trade_intensity, 7, Infinity, no_inf tier1_passed, 1",
    "duration_us, 0, -1, duration_positive tier1_passed, -1",
    "ofi, 529, -1.0000000000000002, ofi_bounded tier1_passed, -1.0000000000000002",
    "turnover_imbalance, 3, 1.5, turnover_imbalance_bounded tier1_passed, 1.5",
    "sell_volume, 3, -0.5, volumes_not_negative tier1_passed, -0.5",
    "high, 3, 1, ohlc_ordered, 1",
    "low, 3, 1e9, ohlc_ordered, 1",
    "low, 3, NaN, ohlc_no_nan ohlc_ordered, 1",
    "open_time, 5, 0, bars_disjoint, 1",
  })
  void oneBadValueFailsItsCheck(
      BarFieldName field, int row, double value, String failing, double measured) {
    double[][] bars = References.bars();
    bars[field.field().ordinal()][row] = value;
    List<BarCheck> checks = checks(bars, ALL, 250);
    assertThat(checks.stream().filter(BarCheck::failed).map(BarCheck::name))
        .containsExactlyInAnyOrder(failing.split(" "));
    String first = failing.split(" ")[0];
    assertThat(byName(checks).get(first).value()).isEqualTo(measured);
  }

  /** A field by its column's name. */
  record BarFieldName(BarField field) {
    static BarFieldName of(String name) {
      return new BarFieldName(BarField.valueOf(name.toUpperCase(Locale.ROOT)));
    }
  }

  /** 250 dbps are 0.0025; taken for ten times as much, this gap would pass. */
  @ParameterizedTest
  @CsvSource({"250, 0.0034, true", "250, 0.0036, false", "10, 0.0036, false", "500, 0.0036, true"})
  void gapBeyondThresholdAndToleranceBreaksContinuity(int dbps, double gap, boolean passes) {
    double[][] bars = References.bars();
    int row = 100;
    double close = bars[BarField.CLOSE.ordinal()][row - 1];
    for (BarField price : List.of(BarField.OPEN, BarField.HIGH, BarField.LOW, BarField.CLOSE)) {
      Arrays.fill(bars[price.ordinal()], row, bars[0].length, close * (1 + gap));
    }
    Map<String, BarCheck> checks = byName(checks(bars, ALL, dbps));
    assertThat(checks.get("continuity").passed()).isEqualTo(passes);
    assertThat(checks.get("continuity").value()).isEqualTo(passes ? 0 : 1);
    assertThat(checks.get("largest_gap").value()).isCloseTo(gap, within(1e-12));
    assertThat(checks.get("gaps_session_boundary").value()).isEqualTo(dbps == 10 ? 1 : 0);
  }

  @Test
  void barRepeatedIsNotDisjoint() {
    double[][] bars = References.bars();
    BarValidation validation = new BarValidation(250, TOLERANCE, ALL);
    validation.accept(bars, 0, 100);
    validation.accept(bars, 99, 200);
    Map<String, BarCheck> checks = byName(validation.checks());
    assertThat(checks.get("bars_disjoint").value()).isEqualTo(1);
    assertThat(checks.get("times_distinct").value()).isEqualTo(1);
  }

  @Test
  void noBarsAreNotValid() {
    BarValidation validation = new BarValidation(250, TOLERANCE, ALL);
    assertThat(validation.checks().stream().filter(BarCheck::failed).map(BarCheck::name))
        .containsExactly("bars_present", "tier1_passed");
  }

  @Test
  void barsWithoutFeaturesAreNotValidButWithOneTheyAre() {
    Set<BarField> prices =
        EnumSet.of(BarField.TIME, BarField.OPEN, BarField.HIGH, BarField.LOW, BarField.CLOSE);
    double[][] bars = References.bars();
    for (BarField field : EnumSet.complementOf(EnumSet.copyOf(prices))) {
      if (field != BarField.OFI) {
        bars[field.ordinal()] = null;
      }
    }
    Map<String, BarCheck> one =
        byName(checks(bars, EnumSet.of(BarField.OFI, prices.toArray(BarField[]::new)), 250));
    assertThat(one.values()).noneMatch(BarCheck::failed);
    assertThat(one.get("bars_disjoint").passed()).isNull();
    assertThat(one.get("duration_positive").value()).isNull();
    bars[BarField.OFI.ordinal()] = null;
    assertThat(
            new TreeSet<>(
                checks(bars, prices, 250).stream()
                    .filter(BarCheck::failed)
                    .map(BarCheck::name)
                    .toList()))
        .containsExactly("features_present", "tier1_passed");
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BarValidation(0, TOLERANCE, ALL))
        .withMessage("validate_bars: threshold must be 1 to 100000 dbps but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BarValidation(250, Double.NaN, ALL))
        .withMessage("validate_bars: tolerance must be zero or more but was NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BarValidation(250, TOLERANCE, EnumSet.of(BarField.OPEN)))
        .withMessageContaining("these have [open]");
  }
}
