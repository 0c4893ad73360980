package io.tidegate.adapter.sql.parser.tree;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** One {@code key = literal} of {@code WITH (...)} in CREATE TABLE or INSERT. */
public final class SqlTableOption extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("TABLE_OPTION", SqlKind.OTHER) {
        @Override
        public SqlCall createCall(
            SqlLiteral functionQualifier, SqlParserPos pos, SqlNode... operands) {
          return new SqlTableOption(pos, (SqlIdentifier) operands[0], operands[1]);
        }
      };

  private final SqlIdentifier key;
  private final SqlNode value;

  public SqlTableOption(SqlParserPos pos, SqlIdentifier key, SqlNode value) {
    super(pos);
    this.key = requireNonNull(key, "key");
    this.value = requireNonNull(value, "value");
  }

  /** As written; keys are matched without regard to case. */
  public String key() {
    return key.getSimple();
  }

  /** A literal, possibly a parameter before it is bound. */
  public SqlNode value() {
    return value;
  }

  /** The value's text; empty when it is no literal. */
  public Optional<String> literal() {
    return value instanceof SqlLiteral literal
        ? Optional.ofNullable(literal.toValue())
        : Optional.empty();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(key, value);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    key.unparse(writer, 0, 0);
    writer.print("=");
    writer.setNeedWhitespace(true);
    value.unparse(writer, 0, 0);
  }
}
