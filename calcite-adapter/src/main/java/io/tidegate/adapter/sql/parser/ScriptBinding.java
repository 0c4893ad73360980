package io.tidegate.adapter.sql.parser;

import io.tidegate.adapter.sql.parser.tree.SqlIdentifierParameter;
import io.tidegate.adapter.sql.parser.tree.SqlNamedParameter;
import io.tidegate.adapter.sql.parser.tree.SqlTableOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * The values of a script's parameters, as nodes that take the place of {@code :name} in its
 * statements.
 */
public final class ScriptBinding {
  private final ScriptParameters parameters;
  private final Map<String, SqlNode> values;

  ScriptBinding(ScriptParameters parameters, Map<String, SqlNode> values) {
    this.parameters = parameters;
    this.values = values;
  }

  /** The statements with their values in place; all are checked before any is returned. */
  public List<ScriptStatement> apply(List<ScriptStatement> statements) throws SQLException {
    List<ScriptStatement> bound = new ArrayList<>();
    for (ScriptStatement statement : statements) {
      bound.add(new ScriptStatement(apply(statement.node()), statement.text(), statement.line()));
    }
    return List.copyOf(bound);
  }

  /** A statement with its values in place; the given tree stays as it is. */
  public SqlNode apply(SqlNode statement) throws SQLException {
    try {
      return statement.accept(new Substitution());
    } catch (Refused e) {
      throw e.reason;
    }
  }

  /** Carries the refusal out of the visitor, which may not throw an {@code SQLException}. */
  private static final class Refused extends RuntimeException {
    private final transient SQLException reason;

    Refused(SQLException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private final class Substitution extends SqlShuttle {
    @Override
    public SqlNode visit(SqlDynamicParam parameter) {
      return parameter instanceof SqlNamedParameter named
          ? value(named.name(), named.getParserPosition())
          : parameter;
    }

    @Override
    public SqlNode visit(SqlIdentifier identifier) {
      if (!(identifier instanceof SqlIdentifierParameter named)) {
        return identifier;
      }
      SqlNode value = value(named.name(), named.getParserPosition());
      if (!(value instanceof SqlIdentifier)) {
        throw new Refused(
            ScriptParameters.error(
                parameters.scriptName(),
                "42601",
                "line %d has :%s where a table's name must be: declare it IDENTIFIER, it is %s",
                named.getParserPosition().getLineNum(),
                named.name(),
                parameters.get(named.name()).type()));
      }
      return value;
    }

    /**
     * A sign before a number is part of the number, as it is to the parser; and a table's name as
     * an option's value is its text.
     */
    @Override
    public SqlNode visit(SqlCall call) {
      SqlNode copy = super.visit(call);
      if (copy instanceof SqlTableOption option
          && option.value() instanceof SqlIdentifier name
          && !(name instanceof SqlIdentifierParameter)) {
        return new SqlTableOption(
            option.getParserPosition(),
            (SqlIdentifier) option.getOperandList().get(0),
            SqlLiteral.createCharString(String.join(".", name.names), name.getParserPosition()));
      }
      if (copy instanceof SqlCall signed
          && signed.operandCount() == 1
          && signed.operand(0) instanceof SqlNumericLiteral number) {
        if (signed.getOperator() == SqlStdOperatorTable.UNARY_MINUS) {
          return SqlLiteral.createNegative(number, signed.getParserPosition());
        }
        if (signed.getOperator() == SqlStdOperatorTable.UNARY_PLUS) {
          return number;
        }
      }
      return copy;
    }

    private SqlNode value(String name, SqlParserPos pos) {
      SqlNode value = values.get(name);
      if (value == null) {
        throw new Refused(
            ScriptParameters.error(
                parameters.scriptName(),
                "42P02",
                "line %d uses :%s, which no '-- param' line above the first statement declares",
                pos.getLineNum(),
                name));
      }
      return value.clone(pos);
    }
  }
}
