package io.tidegate.adapter.arrow;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Timestamps as text: {@code yyyy-MM-dd HH:mm:ss} and, where it is not zero, the fraction. */
final class TimestampText {
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .toFormatter();

  private TimestampText() {}

  static String of(long epochMicros) {
    long seconds = Math.floorDiv(epochMicros, 1_000_000L);
    int nanos = (int) Math.floorMod(epochMicros, 1_000_000L) * 1_000;
    return FORMAT.format(LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC));
  }
}
