package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The length of a candle in whole seconds, and the candle that a time falls into.
 *
 * <p>Candles begin at multiples of their length since the epoch, before it too: the floor goes
 * towards the past, not towards zero.
 */
public final class CandleInterval {
  static final long MICROS_PER_SECOND = 1_000_000;

  private CandleInterval() {}

  /**
   * Start of the candle that holds a time.
   *
   * @param epochMicros microseconds since the epoch, UTC
   * @param intervalSeconds length of a candle, positive
   * @throws IllegalArgumentException when the interval is not positive, or the candle begins before
   *     the first microsecond that a long can hold
   */
  public static long floorMicros(long epochMicros, long intervalSeconds) {
    long interval = micros("floor_to_interval", intervalSeconds);
    try {
      return Math.subtractExact(epochMicros, Math.floorMod(epochMicros, interval));
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "floor_to_interval: the candle of "
              + intervalSeconds
              + " s around "
              + epochMicros
              + " us begins before the first representable microsecond",
          overflow);
    }
  }

  /** The interval in microseconds; {@code function} is who asks, for the error. */
  static long micros(String function, long intervalSeconds) {
    if (intervalSeconds <= 0 || intervalSeconds > Long.MAX_VALUE / MICROS_PER_SECOND) {
      throw new IllegalArgumentException(
          function
              + ": interval must be 1 to "
              + Long.MAX_VALUE / MICROS_PER_SECOND
              + " seconds but was "
              + intervalSeconds);
    }
    return intervalSeconds * MICROS_PER_SECOND;
  }

  /**
   * Seconds in an interval as people write it: {@code 30s}, {@code 5m}, {@code 4h}, {@code 1d}, or
   * a bare number of seconds.
   *
   * <p>Blanks around it and the case of the unit do not matter.
   *
   * @throws IllegalArgumentException when it is anything else, or not positive
   */
  public static long parse(String text) {
    requireNonNull(text, "text");
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < trimmed.length() && isDigit(trimmed.charAt(digits))) {
      digits++;
    }
    long unitSeconds = unitSeconds(trimmed.substring(digits));
    if (digits == 0 || unitSeconds == 0) {
      throw new IllegalArgumentException(
          "interval: expected a positive whole number and s, m, h or d (such as 5m) but was '"
              + text
              + "'");
    }
    long seconds;
    try {
      seconds = Math.multiplyExact(Long.parseLong(trimmed.substring(0, digits)), unitSeconds);
    } catch (NumberFormatException | ArithmeticException overflow) {
      throw outOfRange(text, overflow);
    }
    if (seconds == 0 || seconds > Long.MAX_VALUE / MICROS_PER_SECOND) {
      throw outOfRange(text, null);
    }
    return seconds;
  }

  /** All texts that {@link #parse} reads as an interval, lower case and without zeros in front. */
  public static List<String> spellings(long intervalSeconds) {
    micros("interval", intervalSeconds);
    List<String> spellings = new ArrayList<>();
    for (String unit : List.of("d", "h", "m", "s", "")) {
      long unitSeconds = unitSeconds(unit);
      if (intervalSeconds % unitSeconds == 0) {
        spellings.add(intervalSeconds / unitSeconds + unit);
      }
    }
    return spellings;
  }

  private static IllegalArgumentException outOfRange(String text, Exception cause) {
    return new IllegalArgumentException(
        "interval: must be 1 to "
            + Long.MAX_VALUE / MICROS_PER_SECOND
            + " seconds but was '"
            + text
            + "'",
        cause);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long unitSeconds(String unit) {
    return switch (unit) {
      case "", "s" -> 1;
      case "m" -> 60;
      case "h" -> 3_600;
      case "d" -> 86_400;
      default -> 0;
    };
  }
}
