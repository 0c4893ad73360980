package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The candles around an alert: {@code pre} before the one it falls into, that one, and {@code post}
 * after it.
 *
 * <p>The end is the first microsecond that does <em>not</em> belong to the window, {@code (post +
 * 1)} candles behind the anchor.
 *
 * @param anchorMicros start of the alert's candle
 * @param startMicros start of the first candle, inclusive
 * @param endMicros end of the last candle, exclusive
 */
public record WindowSlice(long anchorMicros, long startMicros, long endMicros) {
  private static final Pattern SPEC = Pattern.compile("pre([0-9]+)_post([0-9]+)");

  /**
   * How many candles a window takes before and after the alert's own.
   *
   * @param pre candles before, 0 or more
   * @param post candles after, 0 or more
   */
  public record Spec(long pre, long post) {
    public Spec {
      requireNotNegative("pre", pre);
      requireNotNegative("post", post);
    }

    /** Candles in the window. */
    public long candles() {
      return Math.addExact(Math.addExact(pre, post), 1);
    }

    /** The form that {@link #parseSpec} reads. */
    @Override
    public String toString() {
      return "pre" + pre + "_post" + post;
    }
  }

  /**
   * The window around an alert.
   *
   * @throws IllegalArgumentException when the interval is not positive, a count negative, or the
   *     window reaches beyond the microseconds that a long can hold
   */
  public static WindowSlice of(long alertMicros, long intervalSeconds, long pre, long post) {
    return new WindowSlice(
        CandleInterval.floorMicros(alertMicros, intervalSeconds),
        startMicros(alertMicros, intervalSeconds, pre),
        endMicros(alertMicros, intervalSeconds, post));
  }

  /** The window around an alert. */
  public static WindowSlice of(long alertMicros, long intervalSeconds, Spec spec) {
    return of(alertMicros, intervalSeconds, spec.pre(), spec.post());
  }

  /** Start of the window, inclusive. */
  public static long startMicros(long alertMicros, long intervalSeconds, long pre) {
    requireNotNegative("pre", pre);
    long step = CandleInterval.micros("window_slice", intervalSeconds);
    long anchor = CandleInterval.floorMicros(alertMicros, intervalSeconds);
    try {
      return Math.subtractExact(anchor, Math.multiplyExact(pre, step));
    } catch (ArithmeticException overflow) {
      throw tooFar(alertMicros, intervalSeconds, pre + " candles before");
    }
  }

  /** End of the window, exclusive. */
  public static long endMicros(long alertMicros, long intervalSeconds, long post) {
    requireNotNegative("post", post);
    long step = CandleInterval.micros("window_slice", intervalSeconds);
    long anchor = CandleInterval.floorMicros(alertMicros, intervalSeconds);
    try {
      return Math.addExact(anchor, Math.multiplyExact(Math.addExact(post, 1), step));
    } catch (ArithmeticException overflow) {
      throw tooFar(alertMicros, intervalSeconds, post + " candles after");
    }
  }

  /**
   * Reads {@code pre52_post4948}: exactly that form, no sign, blank or capital.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static Spec parseSpec(String text) {
    requireNonNull(text, "text");
    Matcher matcher = SPEC.matcher(text);
    if (!matcher.matches()) {
      throw badSpec(text, null);
    }
    try {
      return new Spec(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    } catch (NumberFormatException tooLarge) {
      throw badSpec(text, tooLarge);
    }
  }

  private static IllegalArgumentException badSpec(String text, Exception cause) {
    return new IllegalArgumentException(
        "window_slice: expected a window such as pre52_post4948 but was '" + text + "'", cause);
  }

  private static void requireNotNegative(String name, long count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "window_slice: " + name + " must be 0 or more candles but was " + count);
    }
  }

  private static IllegalArgumentException tooFar(
      long alertMicros, long intervalSeconds, String candles) {
    return new IllegalArgumentException(
        "window_slice: "
            + candles
            + " of "
            + intervalSeconds
            + " s around "
            + alertMicros
            + " us reach beyond the representable microseconds");
  }
}
