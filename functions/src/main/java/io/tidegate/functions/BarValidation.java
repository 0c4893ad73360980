package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Whether bars are fit for use: their features are sane (the first tier), their prices and times in
 * order, and one follows the other without a gap.
 *
 * <p>A time, open, high, low and close must be there, and of the other {@linkplain BarField fields}
 * those that the set names.
 *
 * <p>The checks and limits are those of rangebar-py 12.39, in which the threshold of 250 decimal
 * basis points is 0.0025; one of its functions takes it for ten times as much.
 *
 * <p>Takes 20,000,000 bars at most, and holds eight bytes of each, for the median. Not thread-safe.
 */
public final class BarValidation implements BarChecks {
  private static final String NAME = "validate_bars";

  private final FeatureSanity sanity;
  private final BarContinuity continuity;

  /**
   * A validation of no bars yet.
   *
   * @param thresholdDbps that of the range bars, in decimal basis points
   * @param tolerance by how much more than the threshold the next open may be away from a close, as
   *     a fraction: 0.001 is 0.1 %
   * @param present the fields that are there
   */
  public BarValidation(int thresholdDbps, double tolerance, Set<BarField> present) {
    requireNonNull(present, "present");
    if (!present.containsAll(
        EnumSet.of(BarField.TIME, BarField.OPEN, BarField.HIGH, BarField.LOW, BarField.CLOSE))) {
      throw new IllegalArgumentException(
          NAME + ": bars have a time, open, high, low and close but these have " + present);
    }
    if (!(tolerance >= 0) || tolerance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          NAME + ": tolerance must be zero or more but was " + tolerance);
    }
    sanity = new FeatureSanity(NAME, present);
    continuity = new BarContinuity(RangeThreshold.checked(NAME, thresholdDbps), tolerance, present);
  }

  @Override
  public void accept(double[][] fields, int from, int to) {
    sanity.accept(fields, from, to);
    continuity.accept(fields, from, to);
  }

  /** In the order of the documentation; {@code tier1_passed} sums up those that stand before it. */
  @Override
  public List<BarCheck> checks() {
    List<BarCheck> checks = new ArrayList<>(sanity.checks());
    checks.addAll(continuity.checks());
    return checks;
  }
}
