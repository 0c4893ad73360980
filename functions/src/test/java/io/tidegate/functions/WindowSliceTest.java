package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSliceTest {
  @ParameterizedTest
  @CsvSource({
    "1609459200000, 60, 52, 4948, 1609459200000, 1609456080000, 1609756140000",
    "1609459230000, 60, 10, 10, 1609459200000, 1609458600000, 1609459860000",
    "1704110400000, 60, 10, 20, 1704110400000, 1704109800000, 1704111660000",
    "1609459200123, 1, 3, 2, 1609459200000, 1609459197000, 1609459203000",
    "-1, 60, 1, 1, -60000, -120000, 60000",
  })
  void windowsAreThoseOfExistingSlices(
      long alertMillis,
      long intervalSeconds,
      long pre,
      long post,
      long anchorMillis,
      long startMillis,
      long endMillis) {
    WindowSlice expected =
        new WindowSlice(anchorMillis * 1000, startMillis * 1000, endMillis * 1000);
    assertThat(WindowSlice.of(alertMillis * 1000, intervalSeconds, pre, post)).isEqualTo(expected);
    assertThat(
            WindowSlice.of(
                alertMillis * 1000 + 999, intervalSeconds, new WindowSlice.Spec(pre, post)))
        .isEqualTo(expected);
    assertThat(WindowSlice.startMicros(alertMillis * 1000, intervalSeconds, pre))
        .isEqualTo(startMillis * 1000);
    assertThat(WindowSlice.endMicros(alertMillis * 1000, intervalSeconds, post))
        .isEqualTo(endMillis * 1000);
  }

  @Test
  void windowHoldsPreAndPostCandlesAndTheAlertsOwn() {
    WindowSlice.Spec spec = WindowSlice.parseSpec("pre52_post4948");
    assertThat(spec).isEqualTo(new WindowSlice.Spec(52, 4948)).hasToString("pre52_post4948");
    assertThat(spec.candles()).isEqualTo(5001);
    WindowSlice slice = WindowSlice.of(1_609_459_200_000_000L, 300, spec);
    assertThat((slice.endMicros() - slice.startMicros()) / 300_000_000).isEqualTo(5001);
    assertThat(WindowSlice.parseSpec("pre0_post0").candles()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pre5",
        "pre_post5",
        "pre5_post",
        "pre-1_post5",
        "pre1_post-5",
        "pre1_post5_post6",
        " pre1_post5",
        "pre1_post5\n",
        "Pre1_Post5",
        "pre1 _post5",
        "pre99999999999999999999_post1",
        "pre\u0665_post1"
      })
  void otherSpecsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowSlice.parseSpec(text))
        .withMessage(
            "window_slice: expected a window such as pre52_post4948 but was '" + text + "'");
  }

  @Test
  void negativeCountsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowSlice.of(0, 60, -1, 0))
        .withMessage("window_slice: pre must be 0 or more candles but was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowSlice.of(0, 60, 0, -2))
        .withMessage("window_slice: post must be 0 or more candles but was -2");
    assertThatIllegalArgumentException().isThrownBy(() -> new WindowSlice.Spec(0, -1));
  }

  @Test
  void intervalMustBePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowSlice.endMicros(0, 0, 1))
        .withMessage("window_slice: interval must be 1 to 9223372036854 seconds but was 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 60, 9223372036854775807, 0, 9223372036854775807 candles before",
    "-9223372036800000000, 60, 1, 0, 1 candles before",
    "0, 60, 0, 9223372036854775807, 9223372036854775807 candles after",
    "9223372036854775807, 60, 0, 0, 0 candles after",
  })
  void windowsBeyondTheMicrosecondsAreRefused(
      long alertMicros, long intervalSeconds, long pre, long post, String which) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowSlice.of(alertMicros, intervalSeconds, pre, post))
        .withMessage(
            "window_slice: "
                + which
                + " of 60 s around "
                + alertMicros
                + " us reach beyond the representable microseconds");
  }
}
