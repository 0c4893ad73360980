package io.tidegate.adapter.ticks;

import java.util.Locale;

/** How wide a spread a quote may have. Each level refuses bids and asks that are not positive. */
public enum QuoteCheck {
  /** Any spread that is not negative. */
  PERMISSIVE(Double.POSITIVE_INFINITY),
  /** At most 10 % of the bid: what is wider is an error of the feed. */
  STRICT(10),
  /** At most 1 % of the bid. */
  PARANOID(1);

  private final double maxSpreadPercent;

  QuoteCheck(double maxSpreadPercent) {
    this.maxSpreadPercent = maxSpreadPercent;
  }

  double maxSpreadPercent() {
    return maxSpreadPercent;
  }

  /**
   * The level of a name, in any case.
   *
   * @throws IllegalArgumentException naming the levels
   */
  public static QuoteCheck of(String name) {
    for (QuoteCheck check : values()) {
      if (check.name().equalsIgnoreCase(name)) {
        return check;
      }
    }
    throw new IllegalArgumentException(
        "the check of quotes is permissive, strict or paranoid, but was '"
            + name.toLowerCase(Locale.ROOT)
            + "'");
  }
}
