package io.tidegate.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoverageTest {
  private static final long MINUTE = 60_000_000;
  private static final long ALERT = 1_704_110_400_000_000L;

  private static Coverage coverage(long pre, long post, long... minutes) {
    Coverage.Counter counter =
        new Coverage.Counter(ALERT + 30_000_000, 60, new WindowSlice.Spec(pre, post));
    for (long minute : minutes) {
      counter.candle(ALERT + minute * MINUTE);
    }
    return counter.finish();
  }

  /** The numbers of the exporter that came before. */
  @ParameterizedTest
  @CsvSource({
    "52, 4948, -100, 200, 52, 200, 252, partial",
    "52, 4948, 0, 10, 0, 10, 10, partial",
    "52, 4948, 0, 0, 0, 0, 0, insufficient",
    "3, 4, -3, 5, 3, 5, 8, complete",
    "3, 4, -3, 4, 3, 4, 7, complete",
    "3, 4, -3, 3, 3, 3, 6, partial",
    "3, 4, -2, 5, 2, 5, 7, partial",
    "0, 0, 0, 1, 0, 1, 1, complete",
  })
  void countsBeforeAndFromTheAlertOn(
      long pre,
      long post,
      long from,
      long to,
      long availablePre,
      long availablePost,
      long total,
      String status) {
    Coverage.Counter counter = new Coverage.Counter(ALERT, 60, new WindowSlice.Spec(pre, post));
    for (long minute = from; minute < to; minute++) {
      counter.candle(ALERT + minute * MINUTE);
    }
    Coverage coverage = counter.finish();
    assertThat(coverage.availablePre()).isEqualTo(availablePre);
    assertThat(coverage.availablePost()).isEqualTo(availablePost);
    assertThat(coverage.availableTotal()).isEqualTo(total);
    assertThat(coverage.status()).isEqualTo(status);
    assertThat(coverage.expectedSlots()).isEqualTo(pre + 1 + post);
    assertThat(coverage.missingSlots()).isEqualTo(pre + 1 + post - total);
  }

  @Test
  void gapsAreRangesWithoutTheirEnd() {
    assertThat(coverage(2, 2, -2, -1, 0, 1, 2).gapRanges()).isEqualTo("[]");
    assertThat(coverage(2, 2).gapRanges()).isEqualTo("[[1704110280000,1704110580000]]");
    assertThat(coverage(2, 2, -1, 2).gapRanges())
        .isEqualTo("[[1704110280000,1704110340000],[1704110400000,1704110520000]]");
    assertThat(coverage(2, 2, 0).gapRanges())
        .isEqualTo("[[1704110280000,1704110400000],[1704110460000,1704110580000]]");
  }

  @Test
  void duplicatesFillNothing() {
    Coverage coverage = coverage(1, 1, -1, -1, 0, 0, 0);
    assertThat(coverage.availableTotal()).isEqualTo(2);
    assertThat(coverage.duplicates()).isEqualTo(3);
    assertThat(coverage.missingSlots()).isEqualTo(1);
    assertThat(coverage.status()).isEqualTo(Coverage.COMPLETE);
  }

  @Test
  void candlesOfOtherWindowsAreLeftOut() {
    Coverage coverage = coverage(1, 1, -2, -1, 0, 1, 2);
    assertThat(coverage.availableTotal()).isEqualTo(3);
    assertThat(coverage.firstMicros()).isEqualTo(ALERT - MINUTE);
    assertThat(coverage.lastMicros()).isEqualTo(ALERT + MINUTE);
    assertThat(coverage.window().anchorMicros()).isEqualTo(ALERT);
  }

  @Test
  void candleThatBeginsLateInItsSlotFillsIt() {
    Coverage.Counter counter = new Coverage.Counter(-1, 60, new WindowSlice.Spec(1, 1));
    counter.candle(-60_000_001);
    counter.candle(-1);
    counter.candle(59_999_999);
    counter.candle(60_000_000);
    Coverage coverage = counter.finish();
    assertThat(coverage.availablePre()).isEqualTo(1);
    assertThat(coverage.availablePost()).isEqualTo(2);
    assertThat(coverage.missingSlots()).isZero();
  }

  @Test
  void refusesCandlesOutOfOrderAndBadIntervals() {
    assertThatThrownBy(() -> coverage(5, 5, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("order of their times");
    assertThatThrownBy(() -> new Coverage.Counter(0, 0, new WindowSlice.Spec(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was 0");
  }

  @Test
  void slotsAndGapsAreTheWindow() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      long pre = random.nextInt(20);
      long post = random.nextInt(20);
      TreeSet<Long> minutes = new TreeSet<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        minutes.add((long) random.nextInt(60) - 30);
      }
      Coverage coverage =
          coverage(pre, post, minutes.stream().mapToLong(Long::longValue).toArray());
      long gapSlots = 0;
      for (String range : coverage.gapRanges().split("],")) {
        List<Long> ends =
            List.of(range.replaceAll("[\\[\\]]", "").split(",")).stream()
                .filter(text -> !text.isEmpty())
                .map(Long::valueOf)
                .toList();
        gapSlots += ends.isEmpty() ? 0 : (ends.get(1) - ends.get(0)) / 60_000;
      }
      assertThat(gapSlots).isEqualTo(coverage.missingSlots());
      assertThat(coverage.availableTotal())
          .isEqualTo(minutes.subSet(-pre, true, post, true).size());
    }
  }
}
