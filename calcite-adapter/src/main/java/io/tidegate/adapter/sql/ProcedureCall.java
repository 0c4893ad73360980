package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.sql.parser.TidegateSqlDialect;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.util.NlsString;

/**
 * {@code CALL name(argument => value, ...)}. Arguments are given by name, in any case and order; a
 * value is a literal or the name of a table.
 */
final class ProcedureCall {
  private final String name;
  private final Map<String, SqlNode> arguments;

  private ProcedureCall(String name, Map<String, SqlNode> arguments) {
    this.name = requireNonNull(name, "name");
    this.arguments = arguments;
  }

  static ProcedureCall of(SqlCall statement) {
    SqlCall call = statement.operand(0);
    String name = String.join(".", call.getOperator().getNameAsId().names).toLowerCase(Locale.ROOT);
    Map<String, SqlNode> arguments = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (SqlNode operand : call.getOperandList()) {
      if (operand.getKind() != SqlKind.ARGUMENT_ASSIGNMENT) {
        throw PlanErrors.invalid(
            name + ": give arguments by name, as in symbol => 'BTCUSDT', not " + text(operand));
      }
      String argument = ((SqlIdentifier) ((SqlCall) operand).operand(1)).getSimple();
      if (arguments.put(argument, ((SqlCall) operand).operand(0)) != null) {
        throw PlanErrors.invalid(name + ": argument " + argument + " is given twice");
      }
    }
    return new ProcedureCall(name, arguments);
  }

  /** The procedure's name in small letters. */
  String name() {
    return name;
  }

  /** Refuses arguments that the procedure does not have. */
  void refuseOthersThan(String... known) {
    Map<String, SqlNode> others = new LinkedHashMap<>(arguments);
    for (String argument : known) {
      others.keySet().removeIf(argument::equalsIgnoreCase);
    }
    if (!others.isEmpty()) {
      throw invalid(
          "has no argument "
              + others.keySet().iterator().next()
              + "; its arguments are "
              + String.join(", ", known));
    }
  }

  /** The literal of an argument: String, BigDecimal, Boolean; empty if it is not given. */
  Optional<Object> literal(String argument) {
    SqlNode node = arguments.get(argument);
    if (node == null) {
      return Optional.empty();
    }
    Object value = node instanceof SqlLiteral literal ? literal.getValue() : null;
    if (value instanceof NlsString text) {
      return Optional.of(text.getValue());
    }
    if (value instanceof BigDecimal || value instanceof Boolean) {
      return Optional.of(value);
    }
    throw invalid(argument + " must be a constant, but was " + text(node));
  }

  String text(String argument) {
    if (literal(argument).orElse(null) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw invalid("needs " + argument + ", a text" + given(argument));
  }

  /** The name of a table as SQL writes it. */
  String table(String argument) {
    if (arguments.get(argument) instanceof SqlIdentifier identifier) {
      return text(identifier);
    }
    throw invalid("needs " + argument + ", the name of a table" + given(argument));
  }

  /** A TIMESTAMP literal's text; empty if it is not given. */
  Optional<String> timestamp(String argument) {
    return temporal(argument, "TIMESTAMP");
  }

  /** A DATE; empty if it is not given. */
  Optional<LocalDate> date(String argument) {
    try {
      return temporal(argument, "DATE").map(LocalDate::parse);
    } catch (DateTimeException e) {
      throw invalid(argument + " must be a day, but was " + text(arguments.get(argument)));
    }
  }

  private Optional<String> temporal(String argument, String type) {
    SqlNode node = arguments.get(argument);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof SqlUnknownLiteral literal && literal.tag.equalsIgnoreCase(type)) {
      return Optional.of(literal.getValueAs(String.class));
    }
    throw invalid(argument + " must be " + type + " '...', but was " + text(node));
  }

  private String given(String argument) {
    SqlNode node = arguments.get(argument);
    return node == null ? "" : ", but " + argument + " was " + text(node);
  }

  private static String text(SqlNode node) {
    return node.toSqlString(TidegateSqlDialect.INSTANCE).getSql();
  }

  RuntimeException invalid(String message) {
    return PlanErrors.invalid(name + ": " + message);
  }
}
