package io.tidegate.functions;

import java.math.BigInteger;

/**
 * Arithmetic on non-negative 128-bit integers that live in two longs, {@code high * 2^64 + low}
 * with {@code low} unsigned.
 *
 * <p>Sums of volumes and turnovers pass 64 bits in real data, and tokens priced in millionths make
 * even a volume do so. Two longs carry them without an object per sum.
 */
public final class Int128 {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  /** Below this a double quotient is off by one at most, and its products fit a long. */
  private static final double SMALL = 1L << 50;

  private Int128() {}

  /** The value as a BigInteger, for tests, messages and callers that are not in a hurry. */
  public static BigInteger toBigInteger(long high, long low) {
    BigInteger unsignedLow = BigInteger.valueOf(low);
    return BigInteger.valueOf(high)
        .shiftLeft(64)
        .add(low < 0 ? unsignedLow.add(TWO_TO_64) : unsignedLow);
  }

  /** The nearest double, ties to even. */
  public static double toDouble(long high, long low) {
    if (high == 0 && low >= 0) {
      return low;
    }
    int leadingZeros =
        high == 0 ? 64 + Long.numberOfLeadingZeros(low) : Long.numberOfLeadingZeros(high);
    long top = leadingZeros >= 64 ? low << leadingZeros : shiftedHigh(high, low, leadingZeros);
    long rest = leadingZeros >= 64 ? 0 : low << leadingZeros;
    // 63 significant bits, the lowest of them sticky: one correct rounding is left to the cast.
    long significand = (top >>> 1) | (top & 1) | (rest == 0 ? 0 : 1);
    long exponent = 65 - leadingZeros;
    return significand * Double.longBitsToDouble((1023 + exponent) << 52);
  }

  private static long shiftedHigh(long high, long low, int by) {
    return by == 0 ? high : (high << by) | (low >>> (64 - by));
  }

  /** 1 where the unsigned sum of two words wrapped, else 0. */
  static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /** The high word of a - b; the low word is the plain difference of the low words. */
  static long differenceHigh(long aHigh, long aLow, long bHigh, long bLow) {
    return aHigh - bHigh - (Long.compareUnsigned(aLow, bLow) < 0 ? 1 : 0);
  }

  /** The quotient, truncated; it must fit a long and the divisor must not be zero. */
  static long quotient(long high, long low, long divisorHigh, long divisorLow) {
    double estimate = toDouble(high, low) / toDouble(divisorHigh, divisorLow);
    if (divisorHigh == 0 && divisorLow > 0 && divisorLow < SMALL && estimate < SMALL) {
      long quotient = (long) estimate;
      // The low words are enough: the true remainder is far smaller than 2^63.
      long remainder = low - quotient * divisorLow;
      while (remainder < 0) {
        quotient--;
        remainder += divisorLow;
      }
      while (remainder >= divisorLow) {
        quotient++;
        remainder -= divisorLow;
      }
      return quotient;
    }
    return toBigInteger(high, low).divide(toBigInteger(divisorHigh, divisorLow)).longValueExact();
  }
}
