package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.StoreFunction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/**
 * DuckDB's SQL. DuckDB is the local executor, so it spells everything that Tidegate can run at all;
 * what it does differently from Tidegate's meaning is rewritten here.
 */
public final class DuckDbDialect implements StoreDialect {

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String identifier(String name) {
    return quote(name);
  }

  /** Quotes are doubled, a backslash is an ordinary character, and NUL cannot stand in SQL text. */
  @Override
  public String string(String text) {
    if (text.indexOf('\0') < 0) {
      return "'" + text.replace("'", "''") + "'";
    }
    List<String> parts = new ArrayList<>();
    for (String part : text.split("\0", -1)) {
      parts.add("'" + part.replace("'", "''") + "'");
    }
    return "(" + String.join(" || chr(0) || ", parts) + ")";
  }

  @Override
  public String type(RelDataType type) {
    return DuckDbTypes.name(type);
  }

  @Override
  public String literal(RexLiteral literal) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return "CAST(NULL AS " + type(type) + ")";
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class) ? "TRUE" : "FALSE";
      case INTEGER -> integer(literal.getValueAs(BigDecimal.class).toBigInteger().toString());
      case TINYINT, SMALLINT, BIGINT, DECIMAL ->
          "CAST("
              + string(literal.getValueAs(BigDecimal.class).toPlainString())
              + " AS "
              + type(type)
              + ")";
      case REAL, FLOAT, DOUBLE ->
          "CAST(" + string(literal.getValueAs(Double.class).toString()) + " AS " + type(type) + ")";
      case CHAR, VARCHAR -> string(literal.getValueAs(String.class));
      case BINARY, VARBINARY ->
          "unhex('"
              + HexFormat.of().formatHex(literal.getValueAs(ByteString.class).getBytes())
              + "')";
      case DATE -> "DATE " + string(text(literal));
      case TIME -> "TIME " + string(text(literal));
      case TIMESTAMP -> "TIMESTAMP " + string(text(literal));
      case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH ->
          "to_months(" + literal.getValueAs(BigDecimal.class).intValueExact() + ")";
      case INTERVAL_DAY,
          INTERVAL_DAY_HOUR,
          INTERVAL_DAY_MINUTE,
          INTERVAL_DAY_SECOND,
          INTERVAL_HOUR,
          INTERVAL_HOUR_MINUTE,
          INTERVAL_HOUR_SECOND,
          INTERVAL_MINUTE,
          INTERVAL_MINUTE_SECOND,
          INTERVAL_SECOND ->
          "to_microseconds("
              + Math.multiplyExact(literal.getValueAs(BigDecimal.class).longValueExact(), 1000L)
              + ")";
      default -> throw new NotSupported("literal of type " + type.getFullTypeString());
    };
  }

  private static String text(RexLiteral literal) {
    return switch (literal.getType().getSqlTypeName()) {
      case DATE -> literal.getValueAs(DateString.class).toString();
      case TIME -> literal.getValueAs(TimeString.class).toString();
      default -> literal.getValueAs(TimestampString.class).toString();
    };
  }

  private static String integer(String digits) {
    return digits.startsWith("-") ? "(" + digits + ")" : digits;
  }

  @Override
  public String cast(String operand, RelDataType from, RelDataType to) {
    if (SqlTypeUtil.isInterval(to) || SqlTypeUtil.isInterval(from)) {
      throw new NotSupported("CAST of " + from + " to " + to);
    }
    if (to.getSqlTypeName() == SqlTypeName.TIMESTAMP && to.getPrecision() < 6) {
      return truncated("CAST(" + operand + " AS TIMESTAMP)", to.getPrecision());
    }
    if ((to.getSqlTypeName() == SqlTypeName.VARCHAR || to.getSqlTypeName() == SqlTypeName.CHAR)
        && to.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED
        && !isText(from)) {
      return "CAST(" + operand + " AS VARCHAR)";
    }
    if (isText(to) && isText(from) && to.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED) {
      boolean shortens =
          from.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED
              || from.getPrecision() > to.getPrecision();
      return shortens ? "left(" + operand + ", " + to.getPrecision() + ")" : operand;
    }
    return "CAST(" + operand + " AS " + type(to) + ")";
  }

  private static boolean isText(RelDataType type) {
    return SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName());
  }

  private static String truncated(String timestamp, int precision) {
    long unit = 1;
    for (int i = precision; i < 6; i++) {
      unit *= 10;
    }
    String micros = "epoch_us(" + timestamp + ")";
    return "make_timestamp("
        + micros
        + " - (("
        + micros
        + " % "
        + unit
        + ") + "
        + unit
        + ") % "
        + unit
        + ")";
  }

  @Override
  public String carry(String operand, RelDataType type) {
    return "CAST(" + operand + " AS " + type(type) + ")";
  }

  @Override
  public String call(RexCall call, List<String> printed) {
    List<String> operands = isArithmetic(call) ? asDecimals(call, printed) : printed;
    if (call.getOperator() instanceof StoreFunction function) {
      return function.duckDb(operands);
    }
    return switch (call.getKind()) {
      case EQUALS -> infix("=", operands);
      case NOT_EQUALS -> infix("<>", operands);
      case LESS_THAN -> infix("<", operands);
      case LESS_THAN_OR_EQUAL -> infix("<=", operands);
      case GREATER_THAN -> infix(">", operands);
      case GREATER_THAN_OR_EQUAL -> infix(">=", operands);
      case IS_DISTINCT_FROM -> infix("IS DISTINCT FROM", operands);
      case IS_NOT_DISTINCT_FROM -> infix("IS NOT DISTINCT FROM", operands);
      case IS_NULL, IS_UNKNOWN -> "(" + operands.get(0) + " IS NULL)";
      case IS_NOT_NULL -> "(" + operands.get(0) + " IS NOT NULL)";
      case IS_TRUE -> "(" + operands.get(0) + " IS NOT DISTINCT FROM TRUE)";
      case IS_NOT_TRUE -> "(" + operands.get(0) + " IS DISTINCT FROM TRUE)";
      case IS_FALSE -> "(" + operands.get(0) + " IS NOT DISTINCT FROM FALSE)";
      case IS_NOT_FALSE -> "(" + operands.get(0) + " IS DISTINCT FROM FALSE)";
      case PLUS, CHECKED_PLUS -> typed(call, infix("+", operands));
      case MINUS, CHECKED_MINUS ->
          SqlTypeUtil.isInterval(call.getType())
              ? throwInterval(call)
              : typed(call, infix("-", operands));
      case TIMES, CHECKED_TIMES -> typed(call, infix("*", operands));
      case DIVIDE, CHECKED_DIVIDE ->
          typed(call, infix(SqlTypeUtil.isIntType(call.getType()) ? "//" : "/", operands));
      case MOD -> typed(call, infix("%", operands));
      case MINUS_PREFIX, CHECKED_MINUS_PREFIX -> "(- " + operands.get(0) + ")";
      case PLUS_PREFIX -> operands.get(0);
      case CASE -> caseWhen(operands);
      case COALESCE -> function("coalesce", operands);
      case NULLIF -> function("nullif", operands);
      case LIKE -> like(call, operands);
      case FLOOR, CEIL -> floorOrCeil(call, operands);
      case EXTRACT -> extract(operands);
      case TRIM -> trim(operands);
      case GREATEST -> nullIfAnyNull("greatest", operands);
      case LEAST -> nullIfAnyNull("least", operands);
      case ROW -> function("row", operands);
      case ARRAY_VALUE_CONSTRUCTOR -> "[" + String.join(", ", operands) + "]";
      case ITEM -> operands.get(0) + "[" + operands.get(1) + "]";
      default -> named(call, operands);
    };
  }

  private static boolean isArithmetic(RexCall call) {
    return switch (call.getKind()) {
      case PLUS, CHECKED_PLUS, MINUS, CHECKED_MINUS, TIMES, CHECKED_TIMES -> true;
      default -> false;
    };
  }

  /**
   * Integers beside decimals as decimals of all their digits. DuckDB takes the digits that a
   * literal happens to have, and then a product overflows that SQL has room for.
   */
  private List<String> asDecimals(RexCall call, List<String> operands) {
    if (call.getType().getSqlTypeName() != SqlTypeName.DECIMAL) {
      return operands;
    }
    List<String> decimals = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      int digits =
          switch (call.getOperands().get(i).getType().getSqlTypeName()) {
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INTEGER -> 10;
            case BIGINT -> 19;
            default -> 0;
          };
      decimals.add(
          digits == 0
              ? operands.get(i)
              : "CAST(" + operands.get(i) + " AS DECIMAL(" + digits + ",0))");
    }
    return decimals;
  }

  private static String throwInterval(RexCall call) {
    throw new NotSupported("interval arithmetic " + call);
  }

  private String named(RexCall call, List<String> operands) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "||" -> infix("||", operands);
      case "UPPER",
          "LOWER",
          "ABS",
          "SQRT",
          "EXP",
          "LN",
          "POWER",
          "SIN",
          "COS",
          "TAN",
          "ASIN",
          "ACOS",
          "ATAN",
          "ATAN2",
          "DEGREES",
          "RADIANS",
          "REPLACE",
          "COT" ->
          function(name.toLowerCase(Locale.ROOT), operands);
      case "LOG10" -> function("log10", operands);
      case "SIGN" -> carry(function("sign", operands), call.getType());
      case "ROUND" -> typed(call, function("round", operands));
      case "CHAR_LENGTH", "CHARACTER_LENGTH" -> carry(function("length", operands), call.getType());
      case "SUBSTRING" -> function("substring", operands);
      case "POSITION" -> {
        if (operands.size() != 2) {
          throw new NotSupported("POSITION with a start");
        }
        yield carry("position(" + operands.get(0) + " IN " + operands.get(1) + ")", call.getType());
      }
      case "+" -> infix("+", operands);
      case "-" -> infix("-", operands);
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> "CAST(now() AS TIMESTAMP)";
      case "CURRENT_DATE" -> "current_date";
      case "CARDINALITY" -> carry(function("len", operands), call.getType());
      case "PI" -> "pi()";
      default -> throw new NotSupported("function " + name);
    };
  }

  /** Arithmetic whose natural DuckDB type may be wider than SQL's. */
  private String typed(RexCall call, String sql) {
    return switch (call.getType().getSqlTypeName()) {
      case DECIMAL, REAL -> carry(sql, call.getType());
      default -> sql;
    };
  }

  private static String infix(String operator, List<String> operands) {
    return "(" + String.join(" " + operator + " ", operands) + ")";
  }

  private static String function(String name, List<String> operands) {
    return name + "(" + String.join(", ", operands) + ")";
  }

  /** SQL's greatest of a NULL is NULL; DuckDB would leave the NULL out. */
  private static String nullIfAnyNull(String name, List<String> operands) {
    String anyNull =
        String.join(" OR ", operands.stream().map(operand -> operand + " IS NULL").toList());
    return "CASE WHEN " + anyNull + " THEN NULL ELSE " + function(name, operands) + " END";
  }

  private static String caseWhen(List<String> operands) {
    StringBuilder sql = new StringBuilder("CASE");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      sql.append(" WHEN ").append(operands.get(i)).append(" THEN ").append(operands.get(i + 1));
    }
    return sql.append(" ELSE ").append(operands.get(i)).append(" END").toString();
  }

  private static String like(RexCall call, List<String> operands) {
    if (!call.getOperator().getName().equalsIgnoreCase("LIKE")) {
      throw new NotSupported(call.getOperator().getName());
    }
    String escape = operands.size() > 2 ? " ESCAPE " + operands.get(2) : "";
    return "(" + operands.get(0) + " LIKE " + operands.get(1) + escape + ")";
  }

  private String floorOrCeil(RexCall call, List<String> operands) {
    boolean floor = call.getKind() == SqlKind.FLOOR;
    if (operands.size() == 1) {
      return typed(call, function(floor ? "floor" : "ceil", operands));
    }
    String unit = unit(call.getOperands().get(1));
    String floored = "date_trunc('" + unit + "', " + operands.get(0) + ")";
    if (!floor) {
      floored =
          "CASE WHEN "
              + floored
              + " = "
              + operands.get(0)
              + " THEN "
              + operands.get(0)
              + " ELSE "
              + floored
              + " + INTERVAL 1 "
              + unit
              + " END";
    }
    return carry(floored, call.getType());
  }

  private static String unit(RexNode node) {
    TimeUnitRange unit = ((RexLiteral) node).getValueAs(TimeUnitRange.class);
    return switch (unit) {
      case YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, MILLISECOND ->
          unit.name().toLowerCase(Locale.ROOT);
      default -> throw new NotSupported("FLOOR TO " + unit);
    };
  }

  private static String extract(List<String> operands) {
    String unit =
        switch (operands.get(0)) {
          case "YEAR",
              "QUARTER",
              "MONTH",
              "WEEK",
              "DAY",
              "HOUR",
              "MINUTE",
              "ISOYEAR",
              "CENTURY",
              "DECADE",
              "ISODOW",
              "DOY" ->
              operands.get(0);
          case "DOW" -> "DOW";
          case "SECOND" -> "SECOND";
          case "EPOCH" -> "EPOCH";
          default -> throw new NotSupported("EXTRACT(" + operands.get(0) + ")");
        };
    String value = "extract(" + unit + " FROM " + operands.get(1) + ")";
    return switch (unit) {
      // SQL counts Sunday as 1.
      case "DOW" -> "(" + value + " + 1)";
      case "EPOCH" -> "CAST(floor(" + value + ") AS BIGINT)";
      default -> value;
    };
  }

  private static String trim(List<String> operands) {
    String function =
        switch (operands.get(0)) {
          case "LEADING" -> "ltrim";
          case "TRAILING" -> "rtrim";
          default -> "trim";
        };
    return function + "(" + operands.get(2) + ", " + operands.get(1) + ")";
  }

  @Override
  public String in(String operand, RelDataType type, List<String> values, boolean in) {
    return "(" + operand + (in ? " IN (" : " NOT IN (") + String.join(", ", values) + "))";
  }

  @Override
  public String aggregate(
      AggregateCall call, List<String> operands, List<RelDataType> operandTypes, String filter) {
    String arguments = (call.isDistinct() ? "DISTINCT " : "") + String.join(", ", operands);
    String tail = filter == null ? "" : " FILTER (WHERE " + filter + ")";
    String sql =
        switch (call.getAggregation().getKind()) {
          case COUNT -> {
            if (operands.size() > 1) {
              // A row counts if none of its values is NULL.
              String row = function("row", operands);
              String anyNull =
                  String.join(" OR ", operands.stream().map(o -> o + " IS NULL").toList());
              yield "count("
                  + (call.isDistinct() ? "DISTINCT " : "")
                  + "CASE WHEN "
                  + anyNull
                  + " THEN NULL ELSE "
                  + row
                  + " END)"
                  + tail;
            }
            yield "count(" + (operands.isEmpty() ? "*" : arguments) + ")" + tail;
          }
          case SUM -> "sum(" + arguments + ")" + tail;
          case SUM0 -> "coalesce(sum(" + arguments + ")" + tail + ", 0)";
          case MIN -> "min(" + arguments + ")" + tail;
          case MAX -> "max(" + arguments + ")" + tail;
          case AVG -> "avg(" + arguments + ")" + tail;
          case ANY_VALUE -> "any_value(" + arguments + ")" + tail;
          case STDDEV_POP -> "stddev_pop(" + arguments + ")" + tail;
          case STDDEV_SAMP -> "stddev_samp(" + arguments + ")" + tail;
          case VAR_POP -> "var_pop(" + arguments + ")" + tail;
          case VAR_SAMP -> "var_samp(" + arguments + ")" + tail;
          case BIT_AND -> "bit_and(" + arguments + ")" + tail;
          case BIT_OR -> "bit_or(" + arguments + ")" + tail;
          case BIT_XOR -> "bit_xor(" + arguments + ")" + tail;
          case ARG_MIN -> "arg_min(" + arguments + ")" + tail;
          case ARG_MAX -> "arg_max(" + arguments + ")" + tail;
          case LITERAL_AGG -> {
            // The same value for every group, and for no rows too.
            String value = literal((RexLiteral) call.rexList.get(0));
            yield "coalesce(any_value(" + value + "), " + value + ")";
          }
          case GROUPING -> "grouping(" + arguments + ")" + tail;
          case SINGLE_VALUE ->
              "CASE WHEN count(*) > 1 THEN error('a scalar sub-query returned more than one row')"
                  + " ELSE any_value("
                  + arguments
                  + ") END";
          default -> throw new NotSupported("aggregate " + call.getAggregation().getName());
        };
    return carry(sql, call.getType());
  }

  @Override
  public String windowFunction(RexOver over, List<String> operands) {
    String name = over.getAggOperator().getName().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTILE",
          "LEAD",
          "LAG",
          "FIRST_VALUE",
          "LAST_VALUE",
          "NTH_VALUE",
          "COUNT",
          "SUM",
          "MIN",
          "MAX",
          "AVG",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "VAR_POP",
          "VAR_SAMP" ->
          name.toLowerCase(Locale.ROOT)
              + "("
              + (name.equals("COUNT") && operands.isEmpty() ? "*" : String.join(", ", operands))
              + ")";
      case "$SUM0" -> throw new NotSupported("SUM0 in a window");
      default -> throw new NotSupported("window function " + name);
    };
  }

  @Override
  public String join(JoinRelType joinType) {
    return switch (joinType) {
      case INNER -> "INNER JOIN";
      case LEFT -> "LEFT JOIN";
      case RIGHT -> "RIGHT JOIN";
      case FULL -> "FULL JOIN";
      case SEMI -> "SEMI JOIN";
      case ANTI -> "ANTI JOIN";
      default -> throw new NotSupported(joinType + " join");
    };
  }

  @Override
  public String orderItem(
      String operand, RelDataType type, boolean descending, boolean nullsFirst) {
    return operand
        + (descending ? " DESC" : " ASC")
        + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
  }
}
