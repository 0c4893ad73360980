package io.tidegate.functions;

/**
 * What one check found.
 *
 * @param name of the check
 * @param feature the column it is about, or null if it is about the bars
 * @param otherFeature the second column of a pair, or null
 * @param passed null where there is no limit, or where the data do not suffice to tell
 * @param value what was measured; null where it is not a finite number
 * @param limit what the value must be for the check to pass, as text; null where there is none
 * @param required whether bars that do not pass are unfit for use; the others inform
 */
public record BarCheck(
    String name,
    String feature,
    String otherFeature,
    Boolean passed,
    Double value,
    String limit,
    boolean required) {
  public BarCheck {
    value = value == null || !Double.isFinite(value) ? null : value;
  }

  /** A check that bars must pass. */
  static BarCheck required(String name, Boolean passed, Double value, String limit) {
    return new BarCheck(name, null, null, passed, value, limit, true);
  }

  /** A check that informs. */
  static BarCheck informs(String name, Boolean passed, Double value, String limit) {
    return new BarCheck(name, null, null, passed, value, limit, false);
  }

  /** How many bars are wrong in some way; none may be. */
  static BarCheck none(String name, long wrong, boolean required) {
    return new BarCheck(name, null, null, wrong == 0, (double) wrong, "= 0", required);
  }

  /** Whether a required check did not pass. */
  public boolean failed() {
    return required && Boolean.FALSE.equals(passed);
  }
}
