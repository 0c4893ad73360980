package io.tidegate.functions;

/**
 * Distribution functions that the tests of features need. Relative errors are below 1e-12 unless
 * said otherwise.
 *
 * <p>The continued fractions are evaluated by Lentz's method, see Press et al., Numerical Recipes,
 * 3rd ed., sections 5.2, 6.2 and 6.4; the formulas are DLMF 7.6.2, 8.9.2, 8.17.22 and 5.11.13.
 */
final class Distributions {
  private static final double TINY = 1e-300;
  private static final double PRECISION = 1e-16;
  private static final int MOST_STEPS = 100_000;
  private static final double SERIES_LIMIT = 2;

  private Distributions() {}

  /** The probability that a standard normal variable is at most {@code x}. */
  static double normalCdf(double x) {
    double z = Math.abs(x) / Math.sqrt(2);
    double beyond = z < SERIES_LIMIT ? 0.5 - 0.5 * erfSeries(z) : 0.5 * erfcFraction(z);
    return x > 0 ? 1 - beyond : beyond;
  }

  private static double erfSeries(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; term > PRECISION * sum; n++) {
      term *= 2 * z * z / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
  }

  private static double erfcFraction(double z) {
    double square = z * z;
    double b = square + 0.5;
    double c = 1 / TINY;
    double d = 1 / b;
    double fraction = d;
    for (int i = 1; i < MOST_STEPS; i++) {
      double numerator = -i * (i - 0.5);
      b += 2;
      d = 1 / notZero(numerator * d + b);
      c = notZero(b + numerator / c);
      double factor = c * d;
      fraction *= factor;
      if (Math.abs(factor - 1) < PRECISION) {
        break;
      }
    }
    return Math.exp(-square) * z / Math.sqrt(Math.PI) * fraction;
  }

  /**
   * The probability that a variable of Student's distribution is as far from zero as {@code t}.
   *
   * @param freedom degrees of freedom, 1 or more
   */
  static double studentTwoSided(double t, double freedom) {
    double a = freedom / 2;
    double square = t * t;
    // x = freedom / (freedom + t^2); log(x) and 1 - x without cancellation.
    double x = freedom / (freedom + square);
    double rest = square / (freedom + square);
    double logX = -Math.log1p(square / freedom);
    double front = Math.exp(a * logX) * Math.sqrt(rest / Math.PI) * gammaRatio(a);
    if (x < (a + 1) / (a + 2.5)) {
      return front * betaFraction(a, 0.5, x) / a;
    }
    return 1 - front * betaFraction(0.5, a, rest) / 0.5;
  }

  /** Gamma(a + 1/2) / Gamma(a). */
  private static double gammaRatio(double a) {
    if (a < 20) {
      return gammaRatio(a + 1) * a / (a + 0.5);
    }
    double u = 1 / (a * a);
    double series =
        -1.0 / 8 + u * (1.0 / 192 + u * (-1.0 / 640 + u * (17.0 / 14336 - u * 31 / 18432)));
    return Math.sqrt(a) * Math.exp(series / a);
  }

  private static double betaFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m < MOST_STEPS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / notZero(1 + even * d);
      c = notZero(1 + even / c);
      fraction *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / notZero(1 + odd * d);
      c = notZero(1 + odd / c);
      double factor = d * c;
      fraction *= factor;
      if (Math.abs(factor - 1) < PRECISION) {
        break;
      }
    }
    return fraction;
  }

  private static double notZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** The digamma function of the whole numbers 1 to {@code most}, by their value. */
  static double[] digammas(int most) {
    double[] digammas = new double[most + 1];
    digammas[0] = Double.NaN;
    double sum = -0.577215664901532860606512;
    // What rounding took from the sum, so that a million steps lose no more than one does.
    double lost = 0;
    for (int n = 1; n <= most; n++) {
      digammas[n] = sum;
      double step = 1.0 / n - lost;
      double next = sum + step;
      lost = (next - sum) - step;
      sum = next;
    }
    return digammas;
  }
}
