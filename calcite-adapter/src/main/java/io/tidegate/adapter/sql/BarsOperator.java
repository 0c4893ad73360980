package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.BarColumn;
import io.tidegate.adapter.bars.BarsFunction;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.functions.BarMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * A function that makes bars of trades, {@code f(TABLE trades PARTITION BY symbol ORDER BY ts,
 * ...)}: its last argument {@code include_incomplete} (FALSE) also gives the bar that each
 * partition leaves open, and those between say what ends a bar. What it reads of its input is said
 * in {@link TickInput}.
 */
abstract class BarsOperator extends TableOperator {
  private static final String INCLUDE_INCOMPLETE = "include_incomplete";

  /** The position of the argument {@link #INCLUDE_INCOMPLETE}. */
  private final int includeIncomplete;

  /**
   * What ends a bar.
   *
   * @param shown the arguments that say it, as EXPLAIN shows them
   */
  record Rule(String shown, Supplier<BarMachine> machines) {}

  BarsOperator(String name, Parameter... rule) {
    super(
        name,
        Stream.concat(
                Arrays.stream(rule),
                Stream.of(
                    new Parameter(
                        INCLUDE_INCOMPLETE, SqlLiteral.createBoolean(false, SqlParserPos.ZERO))))
            .toArray(Parameter[]::new));
    includeIncomplete = rule.length + 1;
  }

  /** Reads the arguments that say what ends a bar, or refuses them. */
  abstract Rule rule(SqlCall call);

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    rule(call);
    flag(call, includeIncomplete);
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
    Rule rule = rule(call);
    boolean incomplete = flag(call, includeIncomplete);
    String function = getName().toLowerCase(Locale.ROOT);
    return new LogicalTableFunction(
        LogicalSort.create(projected, RelCollations.of(order), null, null),
        rowType(input.getCluster().getTypeFactory(), ticks),
        function
            + "("
            + ticks
            + ", "
            + rule.shown()
            + ", "
            + INCLUDE_INCOMPLETE
            + " => "
            + shown(incomplete)
            + ")",
        new BarsFunction(function, ticks.layout(), rule.machines(), incomplete),
        ticks.keys().size());
  }
}
