package io.tidegate.adapter.sql;

import io.tidegate.adapter.slices.CoverageColumn;
import io.tidegate.adapter.slices.CoverageFunction;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.functions.Coverage;
import io.tidegate.functions.WindowSlice;
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
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code slice_coverage(TABLE x PARTITION BY (alert_id, mint, alert_ts) ORDER BY ts,
 * DESCRIPTOR(alert_ts), 60, 52, 200)}: one row for each alert, with how much of its window its
 * candles fill, see {@link Coverage}. The input has a row for each candle of an alert, and at least
 * one row for each alert, with NULL where it has none.
 */
final class SliceCoverageOperator extends TableOperator {
  private static final int ALERT_TIME = 1;
  private final WindowArguments window = new WindowArguments(this, 2);

  SliceCoverageOperator() {
    super(
        "slice_coverage",
        new Parameter("timecol", null),
        new Parameter("interval_s", null),
        new Parameter("pre", null),
        new Parameter("post", SqlLiteral.createNull(SqlParserPos.ZERO)));
  }

  /** The columns that are read: keys, and the candle's time. */
  private record Input(
      List<RelDataTypeField> keys, RelDataTypeField alertTime, RelDataTypeField candleTime) {}

  private Input input(RelDataType input, SqlCall call) {
    List<RelDataTypeField> keys = new ArrayList<>();
    for (SqlNode key : partitionBy(call)) {
      keys.add(column(input, "PARTITION BY", key));
    }
    RelDataTypeField alertTime = window.time(input, call, ALERT_TIME);
    if (!keys.contains(alertTime)) {
      throw invalid(
          "PARTITION BY must name what tells the alerts apart, their time '"
              + alertTime.getName()
              + "' included");
    }
    List<SqlNode> order = orderBy(call).getList();
    if (order.size() != 1 || order.get(0).getKind() == SqlKind.DESCENDING) {
      throw invalid("ORDER BY must be the candle's time alone, ascending");
    }
    RelDataTypeField candleTime = column(input, "ORDER BY", order.get(0));
    if (candleTime.getType().getSqlTypeName() != SqlTypeName.TIMESTAMP) {
      throw invalid(
          "column '" + candleTime.getName() + "' must be TIMESTAMP but is " + candleTime.getType());
    }
    return new Input(keys, alertTime, candleTime);
  }

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    window.seconds(call);
    window.spec(call);
    return rowType(typeFactory, input(input, call));
  }

  private RelDataType rowType(RelDataTypeFactory typeFactory, Input input) {
    refuseNames(
        Arrays.stream(CoverageColumn.values()).map(CoverageColumn::sqlName).toList(),
        input.keys().stream().map(RelDataTypeField::getName).toList());
    RelDataTypeFactory.Builder columns = typeFactory.builder();
    for (RelDataTypeField key : input.keys()) {
      columns.add(key.getName(), keyType(typeFactory, key, input));
    }
    for (CoverageColumn column : CoverageColumn.values()) {
      columns.add(
          column.sqlName(),
          typeFactory.createTypeWithNullability(
              typeFactory.createSqlType(column.isText() ? SqlTypeName.VARCHAR : SqlTypeName.BIGINT),
              column.isNullable()));
    }
    return columns.build();
  }

  /** The alert's time is read as microseconds. */
  private static RelDataType keyType(
      RelDataTypeFactory typeFactory, RelDataTypeField key, Input input) {
    return key.equals(input.alertTime()) ? micros(typeFactory, key) : key.getType();
  }

  private static RelDataType micros(RelDataTypeFactory typeFactory, RelDataTypeField time) {
    return typeFactory.createTypeWithNullability(
        typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6), time.getType().isNullable());
  }

  @Override
  RelNode convert(RelNode rows, SqlCall call) {
    Input input = input(rows.getRowType(), call);
    RexBuilder rexBuilder = rows.getCluster().getRexBuilder();
    RelDataTypeFactory typeFactory = rexBuilder.getTypeFactory();
    List<RexNode> projects = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<RelFieldCollation> order = new ArrayList<>();
    for (RelDataTypeField key : input.keys()) {
      projects.add(
          rexBuilder.ensureType(
              keyType(typeFactory, key, input),
              rexBuilder.makeInputRef(key.getType(), key.getIndex()),
              true));
      names.add(key.getName());
    }
    projects.add(
        rexBuilder.ensureType(
            micros(typeFactory, input.candleTime()),
            rexBuilder.makeInputRef(input.candleTime().getType(), input.candleTime().getIndex()),
            true));
    names.add("$candle");
    for (int column = 0; column < projects.size(); column++) {
      order.add(
          new RelFieldCollation(
              column, RelFieldCollation.Direction.ASCENDING, RelFieldCollation.NullDirection.LAST));
    }
    WindowSlice.Spec spec = window.spec(call);
    long seconds = window.seconds(call);
    return new LogicalTableFunction(
        LogicalSort.create(
            LogicalProject.create(rows, List.of(), projects, names, Set.of()),
            RelCollations.of(order),
            null,
            null),
        rowType(typeFactory, input),
        "slice_coverage(data => PARTITION BY "
            + String.join(", ", names.subList(0, input.keys().size()))
            + " ORDER BY "
            + input.candleTime().getName()
            + ", interval_s => "
            + seconds
            + ", pre => "
            + spec.pre()
            + ", post => "
            + spec.post()
            + ")",
        new CoverageFunction(
            input.keys().size(), input.keys().indexOf(input.alertTime()), seconds, spec),
        input.keys().size());
  }
}
