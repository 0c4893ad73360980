package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.StoreFunctions;
import io.tidegate.functions.WindowSlice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code window_slice(TABLE alerts, DESCRIPTOR(ts), 60, 52, 4948)}: every alert with the window
 * around it, see {@link WindowSlice}. The two counts can be written as {@code 'pre52_post4948'}.
 *
 * <p>It is a projection and nothing else, so whatever store holds the alerts computes it.
 */
final class WindowSliceOperator extends TableOperator {
  private static final int TIME = 1;
  private static final List<String> ADDED = List.of("anchor_ts", "window_start", "window_end");

  private final WindowArguments window = new WindowArguments(this, 2);

  WindowSliceOperator() {
    super(
        "window_slice",
        new Parameter("timecol", null),
        new Parameter("interval_s", null),
        new Parameter("pre", null),
        new Parameter("post", SqlLiteral.createNull(SqlParserPos.ZERO)));
  }

  @Override
  RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call) {
    RelDataTypeField time = window.time(input, call, TIME);
    window.seconds(call);
    window.spec(call);
    if (!partitionBy(call).isEmpty() || !orderBy(call).isEmpty()) {
      throw invalid("its table takes no PARTITION BY and no ORDER BY: every row stands for itself");
    }
    refuseNames(ADDED, input.getFieldNames());
    RelDataTypeFactory.Builder columns = typeFactory.builder();
    columns.addAll(input.getFieldList());
    RelDataType type =
        typeFactory.createTypeWithNullability(
            typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6), time.getType().isNullable());
    ADDED.forEach(name -> columns.add(name, type));
    return columns.build();
  }

  @Override
  RelNode convert(RelNode input, SqlCall call) {
    RelDataTypeField column = window.time(input.getRowType(), call, TIME);
    RexBuilder rexBuilder = input.getCluster().getRexBuilder();
    RexNode time = rexBuilder.makeInputRef(column.getType(), column.getIndex());
    WindowSlice.Spec spec = window.spec(call);
    RexNode seconds = integer(rexBuilder, window.seconds(call));
    RexNode pre = integer(rexBuilder, spec.pre());
    RexNode post = integer(rexBuilder, spec.post());
    List<RexNode> projects = new ArrayList<>(rexBuilder.identityProjects(input.getRowType()));
    projects.add(rexBuilder.makeCall(StoreFunctions.FLOOR_TO_INTERVAL, time, seconds));
    projects.add(rexBuilder.makeCall(StoreFunctions.WINDOW_START, time, seconds, pre, post));
    projects.add(rexBuilder.makeCall(StoreFunctions.WINDOW_END, time, seconds, pre, post));
    return LogicalProject.create(
        input,
        List.of(),
        projects,
        rowType(rexBuilder.getTypeFactory(), input.getRowType(), call).getFieldNames(),
        Set.of());
  }

  private static RexNode integer(RexBuilder rexBuilder, long value) {
    return rexBuilder.makeExactLiteral(
        BigDecimal.valueOf(value), rexBuilder.getTypeFactory().createSqlType(SqlTypeName.INTEGER));
  }
}
