package io.tidegate.adapter.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/**
 * Brings the rows of an INSERT into the shape its target wants: every column in the target's order,
 * NULL for those that were not given, a failing check where a NULL may not be, derived columns
 * behind.
 */
public final class InsertRows {
  private final RelNode rows;
  private final List<String> given;
  private final String target;
  private final List<RexNode> projects = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /**
   * Starts with no columns.
   *
   * @param given the columns of the rows, by name
   * @param target the table's name, for messages
   */
  public InsertRows(RelNode rows, List<String> given, String target) {
    this.rows = rows;
    this.given = given;
    this.target = target;
  }

  /** Adds a column of the target. */
  public void column(String name, RelDataType type) {
    RexBuilder rexBuilder = rows.getCluster().getRexBuilder();
    int index = indexOf(given, name);
    RexNode value =
        index < 0 ? rexBuilder.makeNullLiteral(type) : rexBuilder.makeInputRef(rows, index);
    if (!type.isNullable() && value.getType().isNullable()) {
      value =
          rexBuilder.makeCall(
              StoreFunctions.REQUIRED,
              value,
              rexBuilder.makeLiteral(
                  "Cannot insert NULL into " + target + ": column '" + name + "' is NOT NULL"));
    }
    projects.add(value);
    names.add(name);
  }

  /** Adds a derived column and returns its position. */
  public int derived(String name, RexNode value) {
    projects.add(value);
    names.add(name);
    return projects.size() - 1;
  }

  /** The value of a column that was added. */
  public RexNode value(String name) {
    return projects.get(position(name));
  }

  public int position(String name) {
    return indexOf(names, name);
  }

  /** The rows in order of the given positions, ascending with NULLs last; unordered if none. */
  public RelNode orderedBy(List<Integer> positions) {
    RelNode projected = LogicalProject.create(rows, List.of(), projects, names, java.util.Set.of());
    if (positions.isEmpty()) {
      return projected;
    }
    List<RelFieldCollation> keys = new ArrayList<>();
    for (int position : positions) {
      keys.add(
          new RelFieldCollation(
              position,
              RelFieldCollation.Direction.ASCENDING,
              RelFieldCollation.NullDirection.LAST));
    }
    return LogicalSort.create(projected, RelCollations.of(keys), null, null);
  }

  private static int indexOf(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
