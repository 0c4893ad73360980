package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The range thresholds that have a name. */
public enum RangeThreshold {
  MICRO(10),
  TIGHT(50),
  STANDARD(100),
  MEDIUM(250),
  WIDE(500),
  MACRO(1000);

  private final int dbps;

  RangeThreshold(int dbps) {
    this.dbps = dbps;
  }

  /** The threshold in decimal basis points, of which 1 is 0.001 %. */
  public int dbps() {
    return dbps;
  }

  /** The lower-case name. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A threshold in decimal basis points.
   *
   * @param function who asks, for the error
   * @throws IllegalArgumentException when it is out of range
   */
  public static int checked(String function, int dbps) {
    if (dbps < RangeBars.MIN_THRESHOLD_DBPS || dbps > RangeBars.MAX_THRESHOLD_DBPS) {
      throw new IllegalArgumentException(
          function
              + ": threshold must be "
              + RangeBars.MIN_THRESHOLD_DBPS
              + " to "
              + RangeBars.MAX_THRESHOLD_DBPS
              + " dbps but was "
              + dbps);
    }
    return dbps;
  }

  /**
   * The threshold, in decimal basis points, of a name in any case.
   *
   * @param function who asks, for the error
   * @throws IllegalArgumentException when no threshold has that name
   */
  public static int dbpsOf(String function, String name) {
    requireNonNull(name, "name");
    for (RangeThreshold threshold : values()) {
      if (threshold.name().equalsIgnoreCase(name)) {
        return threshold.dbps;
      }
    }
    throw new IllegalArgumentException(
        function
            + ": threshold must be "
            + RangeBars.MIN_THRESHOLD_DBPS
            + " to "
            + RangeBars.MAX_THRESHOLD_DBPS
            + " dbps or one of "
            + Arrays.stream(values())
                .map(RangeThreshold::toString)
                .collect(Collectors.joining(", "))
            + " but was '"
            + name
            + "'");
  }
}
