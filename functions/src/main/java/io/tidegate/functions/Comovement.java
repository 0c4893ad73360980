package io.tidegate.functions;

/** Pearson's correlation of two columns, in one pass. */
final class Comovement {
  private long count;
  private double meanX;
  private double meanY;
  private double squaresX;
  private double squaresY;
  private double products;

  void add(double x, double y) {
    count++;
    double fromX = x - meanX;
    double fromY = y - meanY;
    meanX += fromX / count;
    meanY += fromY / count;
    squaresX += fromX * (x - meanX);
    squaresY += fromY * (y - meanY);
    products += fromX * (y - meanY);
  }

  /** The correlation; NaN where one of the columns does not vary. */
  double correlation() {
    double scale = Math.sqrt(squaresX) * Math.sqrt(squaresY);
    return scale > 0 ? Math.max(-1, Math.min(1, products / scale)) : Double.NaN;
  }
}
