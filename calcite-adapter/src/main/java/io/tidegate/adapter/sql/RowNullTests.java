package io.tidegate.adapter.sql;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;

/**
 * IS NULL and IS NOT NULL of a ROW, as the standard has them: all of its fields are, and of a ROW
 * with both kinds of fields neither holds. Calcite looks at the ROW's own type, which is never
 * NULL.
 */
final class RowNullTests implements SqlRexConvertletTable {
  private final SqlRexConvertletTable convertlets;

  RowNullTests(SqlRexConvertletTable convertlets) {
    this.convertlets = convertlets;
  }

  @Override
  public SqlRexConvertlet get(SqlCall call) {
    SqlRexConvertlet convertlet = convertlets.get(call);
    return call.isA(EnumSet.of(SqlKind.IS_NULL, SqlKind.IS_NOT_NULL))
        ? (context, test) -> ofFields(context, test, convertlet)
        : convertlet;
  }

  private static RexNode ofFields(
      SqlRexContext context, SqlCall test, SqlRexConvertlet convertlet) {
    RelDataType type = context.getValidator().getValidatedNodeTypeIfKnown(test.operand(0));
    if (type == null || !type.isStruct()) {
      return convertlet.convertCall(context, test);
    }
    RexBuilder rexBuilder = context.getRexBuilder();
    RexNode row = context.convertExpression(test.operand(0));
    if (RexUtil.SubQueryFinder.find(row) != null) {
      throw PlanErrors.unsupported(test.getOperator() + " of a sub-query's ROW: test its fields");
    }
    SqlOperator operator =
        test.getKind() == SqlKind.IS_NULL
            ? SqlStdOperatorTable.IS_NULL
            : SqlStdOperatorTable.IS_NOT_NULL;
    List<RexNode> tests = new ArrayList<>();
    for (RelDataTypeField field : row.getType().getFieldList()) {
      RexNode value =
          row instanceof RexCall call && call.isA(SqlKind.ROW)
              ? call.getOperands().get(field.getIndex())
              : rexBuilder.makeFieldAccess(row, field.getIndex());
      tests.add(rexBuilder.makeCall(operator, value));
    }
    return RexUtil.composeConjunction(rexBuilder, tests);
  }
}
