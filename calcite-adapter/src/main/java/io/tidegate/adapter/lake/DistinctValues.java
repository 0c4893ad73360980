package io.tidegate.adapter.lake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Estimates how many different values several parts of a column have together. Parts whose ranges
 * do not meet share no value, so their counts add up; parts whose ranges meet are taken to hold the
 * same values, so the largest counts.
 */
final class DistinctValues {

  private DistinctValues() {}

  /** The estimate; -1 when a part that has values does not tell. */
  static long together(List<ColumnBounds> parts) {
    List<ColumnBounds> ranges = new ArrayList<>();
    for (ColumnBounds part : parts) {
      if (part.distinct() < 0) {
        return -1;
      }
      if (part.distinct() > 0) {
        ranges.add(part);
      }
    }
    if (!ranges.stream().allMatch(ColumnBounds::isKnown)) {
      return ranges.stream().mapToLong(ColumnBounds::distinct).max().orElse(0);
    }
    ranges.sort(Comparator.comparing(range -> range.min().orElseThrow(), LakeValue::compare));
    long sum = 0;
    long largest = 0;
    Object end = null;
    for (ColumnBounds range : ranges) {
      Object max = range.max().orElseThrow();
      if (end != null && LakeValue.compare(range.min().orElseThrow(), end) > 0) {
        sum += largest;
        largest = 0;
      }
      largest = Math.max(largest, range.distinct());
      end = end == null || LakeValue.compare(max, end) > 0 ? max : end;
    }
    return sum + largest;
  }
}
