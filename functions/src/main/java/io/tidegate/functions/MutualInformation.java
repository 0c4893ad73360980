package io.tidegate.functions;

import java.util.Arrays;

/**
 * The mutual information of two columns in nats, by the distances to the third nearest neighbours:
 * Kraskov, Stoegbauer and Grassberger, Physical Review E 69, 066138 (2004), first estimator. A
 * negative estimate is 0.
 *
 * <p>Both columns are divided by their deviation and moved by noise of 1e-10, so that equal values
 * get an order: {@link SeededNormals} 42, the first column's before the second's. That is {@code
 * mutual_info_regression(x, y, random_state=42)} of scikit-learn for a single feature.
 *
 * <p>Costs n log n time and about 60 bytes a row.
 */
final class MutualInformation {
  private static final int NEIGHBOURS = 3;
  private static final int SEED = 42;
  private static final double NOISE = 1e-10;
  private static final double LEAST_DEVIATION = 10 * 0x1p-52;

  private MutualInformation() {}

  /** The estimate for columns of finite values, of equal length, of more than three rows. */
  static double of(double[] x, double[] y) {
    int rows = x.length;
    SeededNormals normals = new SeededNormals(SEED);
    double[] first = prepared(x, normals);
    double[] second = prepared(y, normals);
    double[] radius = new NeighbourTree(first, second).distances();
    for (int i = 0; i < rows; i++) {
      radius[i] = Math.nextAfter(radius[i], 0);
    }
    double[] digammas = Distributions.digammas(Math.max(rows, NEIGHBOURS));
    double estimate =
        digammas[rows]
            + digammas[NEIGHBOURS]
            - meanDigamma(first, radius, digammas)
            - meanDigamma(second, radius, digammas);
    return Math.max(0, estimate);
  }

  private static double[] prepared(double[] column, SeededNormals normals) {
    double mean = 0;
    for (double value : column) {
      mean += value / column.length;
    }
    double squares = 0;
    for (double value : column) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.sqrt(squares / column.length);
    double[] scaled = new double[column.length];
    double size = 0;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = deviation < LEAST_DEVIATION ? column[i] : column[i] / deviation;
      size += Math.abs(scaled[i]) / scaled.length;
    }
    double noise = NOISE * Math.max(1, size);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] += noise * normals.next();
    }
    return scaled;
  }

  /** The mean digamma of how many values are within each one's radius, itself among them. */
  private static double meanDigamma(double[] column, double[] radius, double[] digammas) {
    double[] sorted = column.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (int i = 0; i < column.length; i++) {
      sum += digammas[within(sorted, column[i], radius[i])];
    }
    return sum / column.length;
  }

  private static int within(double[] sorted, double value, double radius) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (value - sorted[middle] <= radius) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int from = low;
    high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] - value <= radius) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - from;
  }

  /** The points of a plane, halved by x and y in turns down to a few, to look for neighbours. */
  private static final class NeighbourTree {
    private static final int LEAF = 12;

    private final double[] x;
    private final double[] y;
    private final int[] points;
    private int asking;

    /** The distances of the nearest neighbours that were met, ascending. */
    private final double[] nearest = new double[NEIGHBOURS];

    NeighbourTree(double[] x, double[] y) {
      this.x = x;
      this.y = y;
      points = new int[x.length];
      Arrays.setAll(points, i -> i);
      halve(0, points.length, true);
    }

    /** Every point's distance to its third nearest neighbour, the larger of those in x and y. */
    double[] distances() {
      double[] distances = new double[points.length];
      for (int i = 0; i < distances.length; i++) {
        asking = i;
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        search(0, points.length, true);
        distances[i] = nearest[NEIGHBOURS - 1];
      }
      return distances;
    }

    private void halve(int from, int to, boolean byX) {
      if (to - from > LEAF) {
        int middle = (from + to) >>> 1;
        select(byX ? x : y, from, to - 1, middle);
        halve(from, middle, !byX);
        halve(middle + 1, to, !byX);
      }
    }

    /** Puts the point whose value belongs there at {@code place}, smaller ones before it. */
    private void select(double[] values, int from, int to, int place) {
      int low = from;
      int high = to;
      while (low < high) {
        double pivot = values[points[(low + high) >>> 1]];
        int i = low;
        int j = high;
        while (i <= j) {
          while (values[points[i]] < pivot) {
            i++;
          }
          while (values[points[j]] > pivot) {
            j--;
          }
          if (i <= j) {
            int point = points[i];
            points[i++] = points[j];
            points[j--] = point;
          }
        }
        if (place <= j) {
          high = j;
        } else if (place >= i) {
          low = i;
        } else {
          return;
        }
      }
    }

    private void search(int from, int to, boolean byX) {
      if (to - from <= LEAF) {
        for (int i = from; i < to; i++) {
          meet(points[i]);
        }
        return;
      }
      int middle = (from + to) >>> 1;
      double[] values = byX ? x : y;
      double beyond = values[asking] - values[points[middle]];
      meet(points[middle]);
      if (beyond < 0) {
        search(from, middle, !byX);
        if (-beyond <= nearest[NEIGHBOURS - 1]) {
          search(middle + 1, to, !byX);
        }
      } else {
        search(middle + 1, to, !byX);
        if (beyond <= nearest[NEIGHBOURS - 1]) {
          search(from, middle, !byX);
        }
      }
    }

    private void meet(int point) {
      if (point == asking) {
        return;
      }
      double distance = Math.max(Math.abs(x[asking] - x[point]), Math.abs(y[asking] - y[point]));
      int place = NEIGHBOURS - 1;
      if (distance < nearest[place]) {
        while (place > 0 && nearest[place - 1] > distance) {
          nearest[place] = nearest[place - 1];
          place--;
        }
        nearest[place] = distance;
      }
    }
  }
}
