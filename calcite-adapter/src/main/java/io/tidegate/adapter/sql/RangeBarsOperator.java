package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.BarColumn;
import io.tidegate.adapter.bars.RangeBarsFunction;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.functions.RangeBars;
import io.tidegate.functions.RangeThreshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code range_bars(TABLE trades PARTITION BY symbol ORDER BY ts, 250)}: the range bars of trades,
 * see {@link RangeBars}.
 *
 * <p>Arguments: {@code data}, {@code threshold_dbps} (1 to 100000 or a name such as {@code
 * 'medium'}), {@code time_gate} (TRUE), {@code include_incomplete} (FALSE). What it reads of its
 * input is said in {@link TickInput}.
 */
final class RangeBarsOperator extends TableOperator {
  private static final int THRESHOLD = 1;
  private static final int TIME_GATE = 2;
  private static final int INCLUDE_INCOMPLETE = 3;

  RangeBarsOperator() {
    super(
        "range_bars",
        new Parameter("threshold_dbps", null),
        new Parameter("time_gate", SqlLiteral.createBoolean(true, SqlParserPos.ZERO)),
        new Parameter("include_incomplete", SqlLiteral.createBoolean(false, SqlParserPos.ZERO)));
  }

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    threshold(call);
    flag(call, TIME_GATE);
    flag(call, INCLUDE_INCOMPLETE);
    return rowType(typeFactory, TickInput.of(this, input, call));
  }

  private RelDataType rowType(RelDataTypeFactory typeFactory, TickInput ticks) {
    refuseNames(
        Arrays.stream(BarColumn.values()).map(BarColumn::sqlName).toList(),
        ticks.keys().stream().map(RelDataTypeField::getName).toList());
    RelDataTypeFactory.Builder columns = typeFactory.builder();
    ticks.keys().forEach(key -> columns.add(key.getName(), key.getType()));
    for (BarColumn column : BarColumn.values()) {
      columns.add(column.sqlName(), type(typeFactory, column));
    }
    return columns.build();
  }

  private static RelDataType type(RelDataTypeFactory typeFactory, BarColumn column) {
    return switch (column.type()) {
      case TIME -> typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6);
      case PRICE -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 19, 8);
      case AMOUNT -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 38, 8);
      case TURNOVER -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 38, 16);
      case COUNT -> typeFactory.createSqlType(SqlTypeName.BIGINT);
      case RATIO -> typeFactory.createSqlType(SqlTypeName.DOUBLE);
      case FLAG -> typeFactory.createSqlType(SqlTypeName.BOOLEAN);
    };
  }

  @Override
  RelNode convert(RelNode input, SqlCall call) {
    TickInput ticks = TickInput.of(this, input.getRowType(), call);
    RelNode projected =
        LogicalProject.create(
            input,
            List.of(),
            ticks.projects(input.getCluster().getRexBuilder()),
            ticks.names(),
            Set.of());
    List<RelFieldCollation> order = new ArrayList<>();
    for (int column = 0; column < ticks.orderedColumns(); column++) {
      order.add(
          new RelFieldCollation(
              column, RelFieldCollation.Direction.ASCENDING, RelFieldCollation.NullDirection.LAST));
    }
    // Keys, time and id lie first, the id behind price and volume.
    if (ticks.layout().aggTradeIds()) {
      order.add(
          new RelFieldCollation(
              ticks.orderedColumns() + 2,
              RelFieldCollation.Direction.ASCENDING,
              RelFieldCollation.NullDirection.LAST));
    }
    int threshold = threshold(call);
    boolean timeGate = flag(call, TIME_GATE);
    boolean includeIncomplete = flag(call, INCLUDE_INCOMPLETE);
    return new LogicalTableFunction(
        LogicalSort.create(projected, RelCollations.of(order), null, null),
        rowType(input.getCluster().getTypeFactory(), ticks),
        "range_bars("
            + ticks
            + ", threshold_dbps => "
            + threshold
            + ", time_gate => "
            + shown(timeGate)
            + ", include_incomplete => "
            + shown(includeIncomplete)
            + ")",
        new RangeBarsFunction(ticks.layout(), threshold, timeGate, includeIncomplete),
        ticks.keys().size());
  }

  private int threshold(SqlCall call) {
    Object value = constant(call, THRESHOLD);
    if (value instanceof String name) {
      try {
        return RangeThreshold.dbpsOf(name);
      } catch (IllegalArgumentException e) {
        throw PlanErrors.invalid(e.getMessage());
      }
    }
    if (value instanceof BigDecimal number
        && number.stripTrailingZeros().scale() <= 0
        && number.compareTo(BigDecimal.valueOf(RangeBars.MIN_THRESHOLD_DBPS)) >= 0
        && number.compareTo(BigDecimal.valueOf(RangeBars.MAX_THRESHOLD_DBPS)) <= 0) {
      return number.intValueExact();
    }
    throw invalid(
        "threshold must be "
            + RangeBars.MIN_THRESHOLD_DBPS
            + " to "
            + RangeBars.MAX_THRESHOLD_DBPS
            + " dbps but was "
            + shown(value));
  }
}
