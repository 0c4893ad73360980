package io.tidegate.adapter.sql.parser;

import org.apache.calcite.config.NullCollation;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlConformance;

/**
 * How a tree is written as text that {@link TidegateParser} reads back: identifiers in double
 * quotes, strings in single quotes with nothing but the quote itself escaped (a backslash is a
 * character like any other), date-time literals as they are.
 *
 * <p>It is for statements that travel to another Tidegate, not for the engines: each engine has its
 * own dialect.
 */
public final class TidegateSqlDialect extends SqlDialect {
  public static final TidegateSqlDialect INSTANCE = new TidegateSqlDialect();

  private TidegateSqlDialect() {
    super(
        EMPTY_CONTEXT
            .withIdentifierQuoteString("\"")
            .withLiteralQuoteString("'")
            .withLiteralEscapedQuoteString("''")
            .withNullCollation(NullCollation.HIGH));
  }

  @Override
  public SqlConformance getConformance() {
    return TidegateConformance.INSTANCE;
  }

  /**
   * A query as the input of a table function keeps its parentheses; Calcite drops them, and its
   * ORDER BY becomes the query's.
   */
  @Override
  public void unparseCall(SqlWriter writer, SqlCall call, int leftPrec, int rightPrec) {
    if (call.getOperator() != SqlStdOperatorTable.SET_SEMANTICS_TABLE) {
      super.unparseCall(writer, call, leftPrec, rightPrec);
      return;
    }
    SqlNode input = call.operand(0);
    if (input.getKind() == SqlKind.EXPLICIT_TABLE) {
      input.unparse(writer, 0, 0);
    } else {
      SqlWriter.Frame frame = writer.startList("(", ")");
      input.unparse(writer, 0, 0);
      writer.endList(frame);
    }
    unparseKeys(writer, "PARTITION BY", call.operand(1));
    unparseKeys(writer, "ORDER BY", call.operand(2));
  }

  private static void unparseKeys(SqlWriter writer, String keywords, SqlNodeList keys) {
    if (keys.isEmpty()) {
      return;
    }
    writer.keyword(keywords);
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode key : keys) {
      writer.sep(",");
      key.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
