package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code KILL 'statement-id'}: stops a running statement of this gateway. */
public final class SqlKill extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("KILL", SqlKind.OTHER_DDL) {
        @Override
        public SqlCall createCall(
            SqlLiteral functionQualifier, SqlParserPos pos, SqlNode... operands) {
          return new SqlKill(pos, operands[0]);
        }
      };

  private final SqlNode statementId;

  public SqlKill(SqlParserPos pos, SqlNode statementId) {
    super(pos);
    this.statementId = requireNonNull(statementId, "statementId");
  }

  /** A character literal, or a parameter that stands for one. */
  public SqlNode statementId() {
    return statementId;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(statementId);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("KILL");
    statementId.unparse(writer, 0, 0);
  }
}
