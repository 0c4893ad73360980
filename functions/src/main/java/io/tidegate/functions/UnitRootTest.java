package io.tidegate.functions;

import java.util.Optional;

/**
 * The augmented Dickey-Fuller test: a small p-value says that a series is stationary.
 *
 * <p>The regression has a constant and up to {@link #MAX_LAGS} lagged differences, as many as
 * Akaike's criterion wants; the criterion is taken over the rows that all of them share, the
 * statistic over all rows that the chosen number leaves. The p-value is MacKinnon's approximation
 * (Journal of Business and Economic Statistics 12, 1994, table 3), exactly 0 or 1 far out. That is
 * {@code adfuller(x, maxlag=5)} of statsmodels.
 *
 * @param statistic of the lagged level
 * @param lags how many lagged differences the criterion chose
 */
record UnitRootTest(double statistic, double pValue, int lags) {
  /** The shortest series that is tested. */
  static final int LEAST_ROWS = 20;

  static final int MAX_LAGS = 5;

  private static final double[] SMALL_P = {2.1659, 1.4412, 0.038269};
  private static final double[] LARGE_P = {1.7339, 0.93202, -0.12745, -0.010368};
  private static final double LARGE_P_FROM = -1.61;
  private static final double SURELY_ROOT = 2.74;
  private static final double SURELY_NONE = -18.83;

  /** A pivot this much smaller than its column belongs to one that others determine. */
  private static final double COLLINEAR = 1e-13;

  /**
   * Tests a series of finite values.
   *
   * @return empty where there is nothing to test: fewer than {@link #LEAST_ROWS} values, a
   *     constant, or a series so regular that its differences determine each other
   */
  static Optional<UnitRootTest> of(double[] series) {
    if (series.length < LEAST_ROWS) {
      return Optional.empty();
    }
    double[] level = standardized(series);
    if (level == null) {
      return Optional.empty();
    }
    double[][] search = factor(level, MAX_LAGS, MAX_LAGS, 0);
    if (search == null) {
      return Optional.empty();
    }
    int lags = lags(search, level.length - 1 - MAX_LAGS);
    double[][] chosen = factor(level, lags, lags, lags);
    if (chosen == null) {
      return Optional.empty();
    }
    int columns = lags + 2;
    int rows = level.length - 1 - lags;
    double residual = chosen[columns][columns] * chosen[columns][columns];
    double statistic = chosen[columns][columns - 1] / Math.sqrt(residual / (rows - columns));
    return Optional.of(new UnitRootTest(statistic, pValue(statistic), lags));
  }

  /** The series around 0 and of variance 1, which the statistic does not depend on. */
  private static double[] standardized(double[] series) {
    double mean = 0;
    double size = 0;
    for (double value : series) {
      mean += value / series.length;
      size = Math.max(size, Math.abs(value));
    }
    double squares = 0;
    for (double value : series) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / series.length);
    if (!(deviation > 1e-14 * size)) {
      return null;
    }
    double[] level = new double[series.length];
    for (int i = 0; i < level.length; i++) {
      level[i] = (series[i] - mean) / deviation;
    }
    return level;
  }

  /**
   * The Cholesky factor of the products of the regression's columns: the constant, lagged
   * differences with the level among them, and the difference that they explain.
   *
   * @param skipped the differences at the start that are not explained
   * @param before how many of the lags come before the level
   * @return null if a column is determined by others
   */
  private static double[][] factor(double[] level, int lags, int skipped, int before) {
    int columns = lags + 3;
    double[] row = new double[columns];
    double[][] products = new double[columns][columns];
    for (int t = skipped; t < level.length - 1; t++) {
      row[0] = 1;
      row[1 + before] = level[t];
      for (int lag = 1; lag <= lags; lag++) {
        row[lag <= before ? lag : lag + 1] = level[t - lag + 1] - level[t - lag];
      }
      row[columns - 1] = level[t + 1] - level[t];
      for (int i = 0; i < columns; i++) {
        for (int j = 0; j <= i; j++) {
          products[i][j] += row[i] * row[j];
        }
      }
    }
    for (int j = 0; j < columns; j++) {
      double whole = products[j][j];
      for (int i = j; i < columns; i++) {
        for (int k = 0; k < j; k++) {
          products[i][j] -= products[i][k] * products[j][k];
        }
        if (i == j) {
          if (!(products[j][j] > COLLINEAR * whole)) {
            return null;
          }
          products[j][j] = Math.sqrt(products[j][j]);
        } else {
          products[i][j] /= products[j][j];
        }
      }
    }
    return products;
  }

  private static int lags(double[][] factor, int rows) {
    int last = factor.length - 1;
    double residual = factor[last][last] * factor[last][last];
    int best = MAX_LAGS;
    double least = Double.POSITIVE_INFINITY;
    // From all lags to none, a column's share goes back to the residual as it is left out.
    for (int lags = MAX_LAGS; lags >= 0; lags--) {
      double criterion = rows * Math.log(residual) + 2 * (lags + 2);
      if (criterion <= least) {
        least = criterion;
        best = lags;
      }
      residual += factor[last][lags + 1] * factor[last][lags + 1];
    }
    return best;
  }

  private static double pValue(double statistic) {
    if (statistic > SURELY_ROOT) {
      return 1;
    }
    if (statistic < SURELY_NONE) {
      return 0;
    }
    double[] coefficients = statistic <= LARGE_P_FROM ? SMALL_P : LARGE_P;
    double z = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      z = z * statistic + coefficients[i];
    }
    return Distributions.normalCdf(z);
  }
}
