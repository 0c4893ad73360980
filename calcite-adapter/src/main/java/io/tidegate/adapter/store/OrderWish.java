package io.tidegate.adapter.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;

/**
 * An order in which the rows of a scan are wanted, ascending with NULL last, and whether the scan
 * will give them so: a table that is stored in that order saves the sort.
 *
 * <p>Only for who checks the order of the rows that come, as the bars do.
 */
public final class OrderWish {
  private final StoreScan scan;
  private final List<String> columns;
  private boolean met;

  private OrderWish(StoreScan scan, List<String> columns) {
    this.scan = scan;
    this.columns = List.copyOf(columns);
  }

  /** What a sort wants of the scan below it; empty where more lies between than keeps an order. */
  static Optional<OrderWish> of(StoreSort sort) {
    List<Integer> positions = new ArrayList<>();
    for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
      if (key.getDirection() != RelFieldCollation.Direction.ASCENDING
          || key.nullDirection != RelFieldCollation.NullDirection.LAST) {
        return Optional.empty();
      }
      positions.add(key.getFieldIndex());
    }
    RelNode rel = sort.getInput();
    while (!(rel instanceof StoreScan)) {
      if (rel instanceof Project project && !project.containsOver()) {
        for (int i = 0; i < positions.size(); i++) {
          if (!(project.getProjects().get(positions.get(i)) instanceof RexInputRef reference)) {
            return Optional.empty();
          }
          positions.set(i, reference.getIndex());
        }
      } else if (!(rel instanceof Filter)) {
        return Optional.empty();
      }
      rel = rel.getInput(0);
    }
    if (sort.fetch != null || sort.offset != null) {
      return Optional.empty();
    }
    List<String> names = rel.getRowType().getFieldNames();
    return Optional.of(new OrderWish((StoreScan) rel, positions.stream().map(names::get).toList()));
  }

  boolean isFor(StoreScan other) {
    return scan == other;
  }

  /** The scan's columns in the order wanted. */
  public List<String> columns() {
    return columns;
  }

  /** Says that the scan will give its rows so. */
  public void meet() {
    met = true;
  }

  boolean isMet() {
    return met;
  }
}
