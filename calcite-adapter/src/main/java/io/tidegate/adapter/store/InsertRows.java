package io.tidegate.adapter.store;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * Brings the rows of an INSERT into the shape that its target wants: columns in the target's order,
 * a check that fails by name where a value may not be, derived columns behind, an order.
 */
public final class InsertRows {
  private RelNode rows;
  private final RexBuilder rexBuilder;
  private final List<String> given;
  private final String target;
  private final List<RexNode> projects = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean checks;

  /**
   * Starts with no columns.
   *
   * @param given the columns of the rows, by name
   * @param target the table's name, for messages
   */
  public InsertRows(RelNode rows, List<String> given, String target) {
    this.rows = rows;
    this.rexBuilder = rows.getCluster().getRexBuilder();
    this.given = List.copyOf(given);
    this.target = target;
  }

  /** Adds a column of the target: the given value, or NULL if none was given. */
  public void column(String name, RelDataType type) {
    int index = indexOf(given, name);
    RexNode value =
        index < 0 ? rexBuilder.makeNullLiteral(type) : rexBuilder.makeInputRef(rows, index);
    if (!type.isNullable() && value.getType().isNullable()) {
      checks = true;
      value =
          rexBuilder.makeCall(
              StoreFunctions.REQUIRED,
              value,
              message("Cannot insert NULL into ", ": column '" + name + "' is NOT NULL"));
    }
    projects.add(value);
    names.add(name);
  }

  /** Checks the values of the column that was added last: whole numbers from 0 to a limit. */
  public void atMost(String storeType, BigDecimal limit) {
    checkLast(
        StoreFunctions.WITHIN, storeType, "0 to " + limit, exact(BigDecimal.ZERO), exact(limit));
  }

  /** A number in a type that has room for it: without one Calcite takes BIGINT for any. */
  private RexNode exact(BigDecimal number) {
    return rexBuilder.makeExactLiteral(
        number, rexBuilder.getTypeFactory().createSqlType(SqlTypeName.DECIMAL, 38, 0));
  }

  /**
   * Checks the values of the column that was added last: dates or times between two seconds, both
   * included, counted from 1970.
   */
  public void between(String storeType, long first, long last, String limits) {
    boolean date = projects.get(projects.size() - 1).getType().getSqlTypeName() == SqlTypeName.DATE;
    checkLast(
        StoreFunctions.WITHIN,
        storeType,
        limits,
        date ? date(first) : timestamp(first, 0),
        date ? date(last) : timestamp(last, 999_999_000));
  }

  private RexNode date(long second) {
    return rexBuilder.makeDateLiteral(DateString.fromDaysSinceEpoch((int) (second / 86_400)));
  }

  private RexNode timestamp(long second, int nanos) {
    return rexBuilder.makeTimestampLiteral(
        TimestampString.fromMillisSinceEpoch(second * 1_000).withNanos(nanos), 6);
  }

  /**
   * Checks the texts of the column that was added last, in ClickHouse.
   *
   * @param condition ClickHouse's, under which a text {@code %s} is refused
   */
  public void refuseText(String storeType, String condition, String limits) {
    checkLast(StoreFunctions.refusedText(condition), storeType, limits);
  }

  /**
   * Checks the texts of a column in ClickHouse, as {@link #refuseText(String, String, String)} does
   * those of the last one.
   */
  public void refuseText(int position, String storeType, String condition, String limits) {
    check(position, StoreFunctions.refusedText(condition), storeType, limits);
  }

  private void checkLast(
      StoreFunction check, String storeType, String limits, RexNode... arguments) {
    check(projects.size() - 1, check, storeType, limits, arguments);
  }

  private void check(
      int position, StoreFunction check, String storeType, String limits, RexNode... arguments) {
    checks = true;
    List<RexNode> operands = new ArrayList<>();
    operands.add(projects.get(position));
    operands.addAll(List.of(arguments));
    operands.add(
        message(
            "Cannot insert into ",
            ": column '" + names.get(position) + "' is " + storeType + ", " + limits));
    projects.set(position, rexBuilder.makeCall(check, operands));
  }

  /** Whether a row may be refused for its values. */
  public boolean hasChecks() {
    return checks;
  }

  /** Makes a column leave DuckDB in a type that SQL has no name for; it keeps its values. */
  public void sendAs(String name, String duckDbType) {
    int position = position(name);
    projects.set(
        position, rexBuilder.makeCall(StoreFunctions.sentAs(duckDbType), projects.get(position)));
  }

  private RexNode message(String before, String after) {
    return rexBuilder.makeLiteral(before + target + after);
  }

  /** Adds the value of a partition term as text and returns its position. */
  public int partition(String name, PartitionTerm term) {
    RexNode value = value(term);
    projects.add(
        rexBuilder.makeCast(type(SqlTypeName.VARCHAR, value.getType().isNullable()), value));
    names.add(name);
    return projects.size() - 1;
  }

  /** Adds one text for the values of all terms and returns its position. */
  public int partitions(String name, List<PartitionTerm> terms) {
    RelDataType varchar = type(SqlTypeName.VARCHAR, true);
    RexNode all = null;
    for (PartitionTerm term : terms) {
      RexNode text =
          rexBuilder.makeCall(
              SqlStdOperatorTable.COALESCE,
              rexBuilder.makeCast(varchar, value(term)),
              rexBuilder.makeLiteral("NULL"));
      all =
          all == null
              ? text
              : rexBuilder.makeCall(
                  SqlStdOperatorTable.CONCAT,
                  rexBuilder.makeCall(SqlStdOperatorTable.CONCAT, all, rexBuilder.makeLiteral("|")),
                  text);
    }
    projects.add(all);
    names.add(name);
    return projects.size() - 1;
  }

  private RexNode value(PartitionTerm term) {
    RexNode column = projects.get(position(term.column()));
    if (term instanceof PartitionTerm.MintBucket) {
      return rexBuilder.makeCall(StoreFunctions.MINT_BUCKET, column);
    }
    if (term instanceof PartitionTerm.FloorToInterval floor) {
      return rexBuilder.makeCall(
          StoreFunctions.FLOOR_TO_INTERVAL,
          column,
          rexBuilder.makeExactLiteral(BigDecimal.valueOf(floor.seconds())));
    }
    if (term instanceof PartitionTerm.Floor floor) {
      RexNode floored =
          rexBuilder.makeCall(
              SqlStdOperatorTable.FLOOR,
              column,
              rexBuilder.makeFlag(TimeUnitRange.valueOf(floor.unit().name())));
      return floor.unit() == PartitionTerm.Unit.HOUR
          ? floored
          : rexBuilder.makeCast(type(SqlTypeName.DATE, column.getType().isNullable()), floored);
    }
    return column;
  }

  private RelDataType type(SqlTypeName name, boolean nullable) {
    RelDataTypeFactory factory = rexBuilder.getTypeFactory();
    return factory.createTypeWithNullability(factory.createSqlType(name), nullable);
  }

  /** Where a column was added, or -1. */
  public int position(String name) {
    return indexOf(names, name);
  }

  /**
   * Puts the rows in order of the given positions, ascending with NULLs last; none leaves them as
   * they are. A column of one value orders nothing, so it is left out: what it stands before may be
   * an order that a store has. Columns that are added afterwards come behind and take no part in
   * the order: it can be made in a store that need not compute them.
   */
  public void sort(List<Integer> positions) {
    List<RelFieldCollation> keys = new ArrayList<>();
    for (int position : positions) {
      if (!isConstant(rows, projects.get(position))) {
        keys.add(
            new RelFieldCollation(
                position,
                RelFieldCollation.Direction.ASCENDING,
                RelFieldCollation.NullDirection.LAST));
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    rows = LogicalSort.create(shaped(), RelCollations.of(keys), null, null);
    for (int i = 0; i < projects.size(); i++) {
      projects.set(i, rexBuilder.makeInputRef(rows, i));
    }
  }

  private static boolean isConstant(RelNode rows, RexNode value) {
    if (value.isA(SqlKind.CAST)) {
      return isConstant(rows, ((RexCall) value).getOperands().get(0));
    }
    if (value instanceof RexInputRef column && rows.stripped() instanceof Project project) {
      return isConstant(project.getInput(), project.getProjects().get(column.getIndex()));
    }
    return value instanceof RexLiteral;
  }

  /** The rows as they were shaped. */
  public RelNode shaped() {
    return LogicalProject.create(rows, List.of(), projects, names, Set.of());
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
