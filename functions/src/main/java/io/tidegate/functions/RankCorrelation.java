package io.tidegate.functions;

import java.util.Arrays;

/**
 * Spearman's rank correlation, equal values sharing the mean of their ranks, with the two-sided
 * p-value of Student's distribution. That is {@code scipy.stats.spearmanr}.
 *
 * @param rho -1 to 1; NaN where one of the columns does not vary
 * @param pValue of no correlation; NaN where {@code rho} is
 */
record RankCorrelation(double rho, double pValue) {

  /** The correlation of two columns of equal length by their {@link #ranks}. */
  static RankCorrelation ofRanks(double[] x, double[] y) {
    int rows = x.length;
    double middle = (rows + 1) / 2.0;
    double squaresX = 0;
    double squaresY = 0;
    double products = 0;
    for (int i = 0; i < rows; i++) {
      squaresX += (x[i] - middle) * (x[i] - middle);
      squaresY += (y[i] - middle) * (y[i] - middle);
      products += (x[i] - middle) * (y[i] - middle);
    }
    if (!(squaresX > 0 && squaresY > 0)) {
      return new RankCorrelation(Double.NaN, Double.NaN);
    }
    double rho = Math.max(-1, Math.min(1, products / (Math.sqrt(squaresX) * Math.sqrt(squaresY))));
    int freedom = rows - 2;
    if (freedom < 1) {
      return new RankCorrelation(rho, Double.NaN);
    }
    double t = rho * Math.sqrt(freedom / ((1 + rho) * (1 - rho)));
    double pValue = Double.isInfinite(t) ? 0 : Distributions.studentTwoSided(t, freedom);
    return new RankCorrelation(rho, pValue);
  }

  /** The rank of each value from 1 on; values are finite, and 0 equals -0. */
  static double[] ranks(double[] values) {
    double[] sorted = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[i] = values[i] + 0.0;
    }
    Arrays.sort(sorted);
    double[] rankOfPlace = new double[values.length];
    int end;
    for (int place = 0; place < sorted.length; place = end) {
      end = place + 1;
      while (end < sorted.length && sorted[end] == sorted[place]) {
        end++;
      }
      Arrays.fill(rankOfPlace, place, end, (place + 1 + end) / 2.0);
    }
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      ranks[i] = rankOfPlace[Arrays.binarySearch(sorted, values[i] + 0.0)];
    }
    return ranks;
  }
}
