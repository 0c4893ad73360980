package io.tidegate.functions;

import java.util.List;

/**
 * A validation of one series of bars. Push-style: {@link #accept} takes the bars in order, in any
 * cuts, and {@link #checks} says what was found in them.
 */
public sealed interface BarChecks permits BarValidation, FeatureValidation {

  /**
   * Takes bars {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param fields an array for each {@link BarField}, by its ordinal; null where it is not there
   * @throws IllegalArgumentException when there are more bars than the validation can hold
   */
  void accept(double[][] fields, int from, int to);

  /** The checks, in a fixed order. */
  List<BarCheck> checks();
}
