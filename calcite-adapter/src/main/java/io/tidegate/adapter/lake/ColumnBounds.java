package io.tidegate.adapter.lake;

import java.util.Optional;

/**
 * What is known of a column of a file without reading it. A long text's bound may be cut: no value
 * lies outside, but none need be equal.
 *
 * @param min in the lake's Java form; empty when there is no value or no statistic
 * @param max empty when there is no value or no statistic
 * @param nulls how many; -1 when unknown
 * @param distinct an estimate of how many different values there are; -1 when unknown
 */
public record ColumnBounds(Optional<Object> min, Optional<Object> max, long nulls, long distinct) {
  static final ColumnBounds UNKNOWN = new ColumnBounds(Optional.empty(), Optional.empty(), -1, -1);

  boolean isKnown() {
    return min.isPresent() && max.isPresent();
  }
}
