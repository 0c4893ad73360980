package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

/**
 * Decimal numbers with eight places as longs: raw = value * 10^8.
 *
 * <p>The form in which prices and amounts are compared and added without rounding.
 */
public final class FixedPoint {
  /** Raw units in 1. */
  public static final long SCALE = 100_000_000;

  private static final int PLACES = 8;

  private FixedPoint() {}

  /**
   * The raw value of a plain decimal: an optional sign, digits and, after a point, one to eight
   * digits more.
   *
   * <p>Nothing is rounded and nothing skipped: no blanks, exponents or separators, digits on both
   * sides of a point, ASCII only.
   *
   * @throws IllegalArgumentException when the text is anything else or beyond 63 bits
   */
  public static long parse(String text) {
    requireNonNull(text, "text");
    int length = text.length();
    int at = length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    boolean negative = at == 1 && text.charAt(0) == '-';
    int integerStart = at;
    // Counted below zero, where one more value fits than above.
    long raw = 0;
    int places = -1;
    try {
      for (; at < length; at++) {
        char c = text.charAt(at);
        if (c == '.' && places < 0 && at > integerStart) {
          places = 0;
          continue;
        }
        if (c < '0' || c > '9') {
          throw notDecimal(text);
        }
        if (places >= 0 && ++places > PLACES) {
          throw new IllegalArgumentException(
              "decimal: at most 8 places after the point can be held but '" + text + "' has more");
        }
        raw = Math.subtractExact(Math.multiplyExact(raw, 10), c - '0');
      }
      if (at == integerStart || places == 0) {
        throw notDecimal(text);
      }
      for (int i = Math.max(places, 0); i < PLACES; i++) {
        raw = Math.multiplyExact(raw, 10);
      }
      return negative ? raw : Math.negateExact(raw);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "decimal: values must be within -92233720368.54775808 and 92233720368.54775807 but was '"
              + text
              + "'",
          overflow);
    }
  }

  private static IllegalArgumentException notDecimal(String text) {
    return new IllegalArgumentException(
        "decimal: expected digits, optionally a point and up to 8 more digits, but was '"
            + text
            + "'");
  }

  /**
   * The raw value nearest to the double product {@code value * 1e8}, halves away from zero.
   *
   * <p>NaN gives 0 and what is out of range its nearest limit, as the reference's cast does.
   * (Math.round differs: it takes negative halves upwards.)
   */
  public static long fromDouble(double value) {
    double scaled = value * SCALE;
    double whole = scaled < 0 ? Math.ceil(scaled) : Math.floor(scaled);
    // The part behind the point is exact, as is the sum: 2^53 and more has no such part.
    if (Math.abs(scaled - whole) >= 0.5) {
      whole += Math.signum(scaled);
    }
    return (long) whole;
  }

  /** The double nearest to raw / 10^8 of the double nearest to raw. */
  public static double toDouble(long raw) {
    return raw / (double) SCALE;
  }

  /** The plain decimal with all eight places, such as {@code -0.50000000}. */
  public static String toText(long raw) {
    String digits = Long.toString(raw);
    StringBuilder text = new StringBuilder(digits.length() + PLACES + 2);
    int start = 0;
    if (raw < 0) {
      text.append('-');
      start = 1;
    }
    for (int i = digits.length() - start; i <= PLACES; i++) {
      text.append('0');
    }
    return text.append(digits, start, digits.length())
        .insert(text.length() - PLACES, '.')
        .toString();
  }
}
