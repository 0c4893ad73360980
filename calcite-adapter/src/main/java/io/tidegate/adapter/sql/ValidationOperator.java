package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.CheckColumn;
import io.tidegate.adapter.bars.ValidationFunction;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.functions.BarChecks;
import io.tidegate.functions.BarField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A function that validates bars, {@code f(TABLE bars PARTITION BY symbol ORDER BY open_time,
 * ...)}: a row for each check of each partition. What it reads of its input is said in {@link
 * BarInput}.
 */
abstract class ValidationOperator extends TableOperator {
  private final Set<BarField> wanted;
  private final Set<BarField> needed;
  private final List<CheckColumn> columns;

  /**
   * What is checked.
   *
   * @param shown the arguments that say it, as EXPLAIN shows them, each behind a comma
   * @param validations makes what validates one partition
   */
  record Rule(String shown, Supplier<BarChecks> validations) {}

  ValidationOperator(
      String name,
      Set<BarField> wanted,
      Set<BarField> needed,
      List<CheckColumn> columns,
      Parameter... parameters) {
    super(name, parameters);
    this.wanted = wanted;
    this.needed = needed;
    this.columns = columns;
  }

  /** Reads the arguments that say what is checked, or refuses them. */
  abstract Rule rule(SqlCall call, Set<BarField> present);

  private BarInput bars(RelDataType input, SqlCall call) {
    BarInput bars = BarInput.of(this, input, call, wanted, needed);
    refuseNames(
        columns.stream().map(CheckColumn::sqlName).toList(),
        bars.keys().stream().map(RelDataTypeField::getName).toList());
    return bars;
  }

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    BarInput bars = bars(input, call);
    rule(call, Set.copyOf(bars.present()));
    return rowType(typeFactory, bars);
  }

  private RelDataType rowType(RelDataTypeFactory typeFactory, BarInput bars) {
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    bars.keys().forEach(key -> builder.add(key.getName(), key.getType()));
    for (CheckColumn column : columns) {
      SqlTypeName type =
          switch (column.type()) {
            case TEXT -> SqlTypeName.VARCHAR;
            case FLAG -> SqlTypeName.BOOLEAN;
            case NUMBER -> SqlTypeName.DOUBLE;
          };
      builder.add(
          column.sqlName(),
          typeFactory.createTypeWithNullability(
              typeFactory.createSqlType(type), column.nullable()));
    }
    return builder.build();
  }

  @Override
  RelNode convert(RelNode input, SqlCall call) {
    BarInput bars = bars(input.getRowType(), call);
    Rule rule = rule(call, Set.copyOf(bars.present()));
    RelNode projected =
        LogicalProject.create(
            input,
            List.of(),
            bars.projects(input.getCluster().getRexBuilder()),
            bars.names(),
            Set.of());
    int keys = bars.keys().size();
    List<Integer> order = new ArrayList<>(IntStream.range(0, keys).boxed().toList());
    order.add(keys + bars.present().indexOf(BarField.TIME));
    IntStream.range(bars.columns(), bars.columns() + bars.order().size()).forEach(order::add);
    RelNode sorted =
        LogicalSort.create(
            projected,
            RelCollations.of(
                order.stream()
                    .map(
                        column ->
                            new RelFieldCollation(
                                column,
                                RelFieldCollation.Direction.ASCENDING,
                                RelFieldCollation.NullDirection.LAST))
                    .toList()),
            null,
            null);
    String function = getName().toLowerCase(Locale.ROOT);
    return new LogicalTableFunction(
        sorted,
        rowType(input.getCluster().getTypeFactory(), bars),
        function + "(" + bars + rule.shown() + ")",
        new ValidationFunction(
            function, keys, bars.present(), bars.order().size(), columns, rule.validations()),
        keys);
  }
}
