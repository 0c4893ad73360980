package io.tidegate.adapter.sql;

import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * {@code SUM(x) FILTER (WHERE c) OVER w}, which Calcite does not have, as {@code SUM(CASE WHEN c
 * THEN x END) OVER w}: the same for every aggregate that leaves NULLs out.
 */
final class FilteredWindows {
  private FilteredWindows() {}

  /** The call with its FILTER inside, or the call as it is if it has none. */
  static SqlNode rewrite(SqlCall over) {
    SqlNode filter = over.operand(0);
    if (filter.getKind() != SqlKind.FILTER) {
      return over;
    }
    SqlCall aggregate = ((SqlCall) filter).operand(0);
    SqlNode condition = ((SqlCall) filter).operand(1);
    String name = aggregate.getOperator().getName();
    if (!leavesNullsOut(name) || aggregate.operandCount() != 1) {
      throw PlanErrors.unsupported(name + " with FILTER over a window is not supported");
    }
    SqlParserPos pos = aggregate.getParserPosition();
    SqlNode argument = aggregate.operand(0);
    boolean star = argument instanceof SqlIdentifier identifier && identifier.isStar();
    SqlNode kept =
        new SqlCase(
            pos,
            null,
            SqlNodeList.of(condition),
            SqlNodeList.of(star ? SqlLiteral.createExactNumeric("1", pos) : argument),
            SqlLiteral.createNull(pos));
    SqlCall filtered =
        new SqlBasicCall(
            aggregate.getOperator(),
            java.util.List.of(kept),
            pos,
            aggregate.getFunctionQuantifier());
    over.setOperand(0, filtered);
    return over;
  }

  private static boolean leavesNullsOut(String name) {
    return switch (name.toUpperCase(java.util.Locale.ROOT)) {
      case "COUNT",
          "SUM",
          "AVG",
          "MIN",
          "MAX",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "EVERY",
          "SOME",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR" ->
          true;
      default -> false;
    };
  }
}
