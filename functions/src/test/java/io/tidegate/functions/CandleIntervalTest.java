package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandleIntervalTest {
  @ParameterizedTest
  @CsvSource({
    "1609459230000000, 60, 1609459200000000",
    "1609459200000000, 60, 1609459200000000",
    "1609459259999999, 60, 1609459200000000",
    "1609459200123000, 1, 1609459200000000",
    "0, 86400, 0",
    "-1, 60, -60000000",
    "-60000000, 60, -60000000",
    "-60000001, 60, -120000000",
    "9223372036854775807, 1, 9223372036854000000",
    "-9223372036854000000, 1, -9223372036854000000",
  })
  void floorGoesTowardsThePast(long epochMicros, long intervalSeconds, long floor) {
    assertThat(CandleInterval.floorMicros(epochMicros, intervalSeconds)).isEqualTo(floor);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 9_223_372_036_855L})
  void intervalOutOfRangeIsRefused(long intervalSeconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CandleInterval.floorMicros(0, intervalSeconds))
        .withMessage(
            "floor_to_interval: interval must be 1 to 9223372036854 seconds but was "
                + intervalSeconds);
  }

  @Test
  void floorBeforeTheFirstMicrosecondIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CandleInterval.floorMicros(Long.MIN_VALUE, 60))
        .withMessage(
            "floor_to_interval: the candle of 60 s around -9223372036854775808 us begins before"
                + " the first representable microsecond");
  }

  @ParameterizedTest
  @CsvSource({
    "1s, 1",
    "5m, 300",
    "' 15M ', 900",
    "4h, 14400",
    "1D, 86400",
    "60, 60",
    "007s, 7",
    "9223372036854, 9223372036854",
  })
  void intervalsAreReadAsPeopleWriteThem(String text, long seconds) {
    assertThat(CandleInterval.parse(text)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "m", "-5m", "+5m", "5 m", "5mm", "5w", "1.5h", "5m5s", "\u0665m"})
  void otherTextsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CandleInterval.parse(text))
        .withMessage(
            "interval: expected a positive whole number and s, m, h or d (such as 5m) but was '"
                + text
                + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0d", "9223372036855", "99999999999999999999s", "9223372036854775807d"})
  void intervalsOutOfRangeAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CandleInterval.parse(text))
        .withMessage("interval: must be 1 to 9223372036854 seconds but was '" + text + "'");
  }
}
