package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "1, 100000000",
    "00012.50, 1250000000",
    "+1.5, 150000000",
    "-0.5, -50000000",
    "-1.5, -150000000",
    "0.00000001, 1",
    "92233720368.54775807, 9223372036854775807",
    "-92233720368.54775808, -9223372036854775808",
    "-92233720368, -9223372036800000000",
  })
  void plainDecimalsAreReadExactly(String text, long raw) {
    assertThat(FixedPoint.parse(text)).isEqualTo(raw);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "+", "-", ".", "1.", ".5", "-.5", " 1", "1 ", "1e5", "1_0", "1,5", "1.+5", "1.-5",
        "--1", "1.2.3", "NaN", "\u0661"
      })
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.parse(text))
        .withMessage(
            "decimal: expected digits, optionally a point and up to 8 more digits, but was '"
                + text
                + "'");
  }

  @Test
  void moreThanEightPlacesAreRefusedNotRounded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.parse("1.123456789"))
        .withMessage(
            "decimal: at most 8 places after the point can be held but '1.123456789' has more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "92233720368.54775808",
        "-92233720368.54775809",
        "92233720369",
        "99999999999999999999"
      })
  void valuesOutOfRangeAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FixedPoint.parse(text))
        .withMessage(
            "decimal: values must be within -92233720368.54775808 and 92233720368.54775807 but was"
                + " '"
                + text
                + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "5e-9, 1",
    "-5e-9, -1",
    "1.5e-8, 1",
    "-1.5e-8, -1",
    "4.9999999999999994e-9, 0",
    "0.1, 10000000",
    "0.30000000000000004, 30000000",
    "-0.0, 0",
    "1e12, 9223372036854775807",
    "-1e12, -9223372036854775808",
    "Infinity, 9223372036854775807",
    "-Infinity, -9223372036854775808",
    "NaN, 0",
    "50000.01, 5000001000000",
  })
  void doublesAreRoundedHalfAwayFromZero(double value, long raw) {
    assertThat(FixedPoint.fromDouble(value)).isEqualTo(raw);
  }

  @Test
  void doublesAreRoundedAsTheirExactProductWouldBe() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      double value = (random.nextInt(2_000_001) - 1_000_000) / 2e8 * (1 + random.nextInt(1000));
      long expected =
          new BigDecimal(value * 1e8).setScale(0, RoundingMode.HALF_UP).longValueExact();
      assertThat(FixedPoint.fromDouble(value)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.00000000",
    "1, 0.00000001",
    "-50000000, -0.50000000",
    "1250000000, 12.50000000",
    "9223372036854775807, 92233720368.54775807",
    "-9223372036854775808, -92233720368.54775808",
  })
  void textHasAllEightPlaces(long raw, String text) {
    assertThat(FixedPoint.toText(raw)).isEqualTo(text);
    assertThat(FixedPoint.parse(text)).isEqualTo(raw);
  }

  @Test
  void doubleIsOneDivision() {
    assertThat(FixedPoint.toDouble(10_000_000)).isEqualTo(0.1);
    assertThat(FixedPoint.toDouble(Long.MIN_VALUE)).isEqualTo(-92233720368.54775808);
  }
}
