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
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.sql.SqlAggFunction;
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
    List<String> operands = isArithmetic(call) ? inResultType(call, printed) : printed;
    if (call.getOperator() instanceof StoreFunction function) {
      return function.duckDb(operands);
    }
    if (call.isA(SqlKind.COMPARISON)) {
      RelDataType type = call.getOperands().get(0).getType();
      if (type.getSqlTypeName() == SqlTypeName.MAP) {
        // To DuckDB the order of a map's entries counts.
        throw new NotSupported(call.getOperator().getName() + " of MAPs");
      }
      if (type.isStruct()) {
        return compareRows(call, operands);
      }
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
      case MAP_VALUE_CONSTRUCTOR -> map(operands);
      case ITEM -> operands.get(0) + "[" + operands.get(1) + "]";
      default -> named(call, operands);
    };
  }

  /** Rows are equal as their fields are; DuckDB would find NULL fields equal to each other. */
  private String compareRows(RexCall call, List<String> operands) {
    RelDataType type = call.getOperands().get(0).getType();
    return switch (call.getKind()) {
      case EQUALS -> sameRows("=", type, operands.get(0), operands.get(1));
      case NOT_EQUALS -> "(NOT " + sameRows("=", type, operands.get(0), operands.get(1)) + ")";
      case IS_NOT_DISTINCT_FROM -> infix("IS NOT DISTINCT FROM", operands);
      case IS_DISTINCT_FROM -> infix("IS DISTINCT FROM", operands);
      default -> throw new NotSupported(call.getOperator().getName() + " of ROWs");
    };
  }

  private String sameRows(String operator, RelDataType type, String left, String right) {
    List<String> fields = new ArrayList<>();
    for (RelDataTypeField field : type.getFieldList()) {
      String one = field(left, field.getIndex());
      String other = field(right, field.getIndex());
      fields.add(
          field.getType().isStruct()
              ? sameRows(operator, field.getType(), one, other)
              : infix(operator, List.of(one, other)));
    }
    return infix("AND", fields);
  }

  private static boolean isArithmetic(RexCall call) {
    return switch (call.getKind()) {
      case PLUS, CHECKED_PLUS, MINUS, CHECKED_MINUS, TIMES, CHECKED_TIMES -> true;
      default -> false;
    };
  }

  /**
   * Integers beside decimals as decimals of all their digits, and beside wider integers as these.
   * DuckDB takes a literal for what its digits need: a TINYINT times 10 would be a TINYINT.
   */
  private List<String> inResultType(RexCall call, List<String> operands) {
    RelDataType result = call.getType();
    List<String> typed = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      RexNode node = call.getOperands().get(i);
      String operand = operands.get(i);
      int digits = integerDigits(node.getType());
      if (digits > 0 && result.getSqlTypeName() == SqlTypeName.DECIMAL) {
        operand = "CAST(" + operand + " AS DECIMAL(" + digits + ",0))";
      } else if (digits > 0
          && SqlTypeUtil.isIntType(result)
          && node.getType().getSqlTypeName() != result.getSqlTypeName()) {
        operand = carry(operand, result);
      }
      typed.add(operand);
    }
    return typed;
  }

  private static int integerDigits(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> 0;
    };
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
      case "$THROW_UNLESS" ->
          "CASE WHEN " + operands.get(0) + " THEN TRUE ELSE error(" + operands.get(1) + ") END";
      // What MULTISET[...] is made of: rows of one field.
      case "$SLICE" -> "list_transform(" + operands.get(0) + ", lambda e: " + field("e", 0) + ")";
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

  /** Keys and values alternate. */
  private static String map(List<String> operands) {
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      keys.add(operands.get(i));
      values.add(operands.get(i + 1));
    }
    return "map([" + String.join(", ", keys) + "], [" + String.join(", ", values) + "])";
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
  public String outer(String column) {
    return column;
  }

  @Override
  public String field(String row, int position) {
    return "struct_extract_at(" + row + ", " + (position + 1) + ")";
  }

  @Override
  public String in(String operand, RelDataType type, List<String> values, boolean in) {
    return "(" + operand + (in ? " IN (" : " NOT IN (") + String.join(", ", values) + "))";
  }

  @Override
  public String aggregate(
      AggregateCall call,
      List<String> operands,
      List<RelDataType> operandTypes,
      List<String> order,
      String filter) {
    String distinct = call.isDistinct() ? "DISTINCT " : "";
    String tail = filter == null ? "" : " FILTER (WHERE " + filter + ")";
    String orderBy = order.isEmpty() ? "" : " ORDER BY " + String.join(", ", order);
    SqlKind kind = call.getAggregation().getKind();
    String sql =
        switch (kind) {
          case SUM0 -> "coalesce(sum(" + distinct + operands.get(0) + ")" + tail + ", 0)";
          case LITERAL_AGG -> {
            // The same value for every group, and for no rows too.
            String value = literal((RexLiteral) call.rexList.get(0));
            yield "coalesce(any_value(" + value + "), " + value + ")";
          }
          case GROUPING -> function("grouping", operands) + tail;
          case SINGLE_VALUE ->
              "CASE WHEN count(*) > 1 THEN error('a scalar sub-query returned more than one row')"
                  + " ELSE any_value("
                  + operands.get(0)
                  + ") END";
          case LISTAGG ->
              "string_agg("
                  + distinct
                  + operands.get(0)
                  + ", "
                  + (operands.size() > 1 ? operands.get(1) : "','")
                  + orderBy
                  + ")"
                  + tail;
          case COLLECT ->
              "coalesce(list(" + distinct + operands.get(0) + orderBy + ")" + tail + ", [])";
          case ARRAY_AGG -> "list(" + distinct + operands.get(0) + orderBy + ")" + tail;
          case FUSION -> "coalesce(flatten(list(" + operands.get(0) + ")" + tail + "), [])";
          case PERCENTILE_CONT, PERCENTILE_DISC -> {
            if (call.isDistinct()) {
              throw new NotSupported(kind + " DISTINCT");
            }
            yield function(kind.name().toLowerCase(Locale.ROOT), operands)
                + " WITHIN GROUP ("
                + orderBy.trim()
                + ")"
                + tail;
          }
          default ->
              simpleAggregate(call.getAggregation())
                  + "("
                  + distinct
                  + (kind == SqlKind.COUNT ? counted(operands) : String.join(", ", operands))
                  + (dependsOnOrder(kind) ? orderBy : "")
                  + ")"
                  + tail;
        };
    return carry(sql, call.getType());
  }

  private static boolean dependsOnOrder(SqlKind kind) {
    return kind == SqlKind.ANY_VALUE || kind == SqlKind.MODE;
  }

  /** A row counts if none of its values is NULL. */
  private static String counted(List<String> operands) {
    return switch (operands.size()) {
      case 0 -> "*";
      case 1 -> operands.get(0);
      default -> {
        String anyNull = String.join(" OR ", operands.stream().map(o -> o + " IS NULL").toList());
        yield "CASE WHEN " + anyNull + " THEN NULL ELSE " + function("row", operands) + " END";
      }
    };
  }

  /** DuckDB's name of an aggregate that it has with Tidegate's meaning. */
  private static String simpleAggregate(SqlAggFunction function) {
    return switch (function.getKind()) {
      case COUNT,
          SUM,
          MIN,
          MAX,
          AVG,
          ANY_VALUE,
          STDDEV_POP,
          STDDEV_SAMP,
          VAR_POP,
          VAR_SAMP,
          COVAR_POP,
          COVAR_SAMP,
          REGR_COUNT,
          REGR_SXX,
          REGR_SYY,
          BIT_AND,
          BIT_OR,
          BIT_XOR,
          ARG_MIN,
          ARG_MAX,
          MODE ->
          function.getKind().name().toLowerCase(Locale.ROOT);
      default -> throw new NotSupported("aggregate " + function.getName());
    };
  }

  @Override
  public String windowFunction(RexOver over, List<String> operands, String window) {
    SqlAggFunction function = over.getAggOperator();
    String distinct = over.isDistinct() ? "DISTINCT " : "";
    return switch (function.getKind()) {
      case SUM0 -> "coalesce(sum(" + distinct + operands.get(0) + ")" + window + ", 0)";
      case ROW_NUMBER,
          RANK,
          DENSE_RANK,
          PERCENT_RANK,
          CUME_DIST,
          NTILE,
          LEAD,
          LAG,
          FIRST_VALUE,
          LAST_VALUE,
          NTH_VALUE ->
          function.getKind().name().toLowerCase(Locale.ROOT)
              + "("
              + String.join(", ", operands)
              + (over.ignoreNulls() ? " IGNORE NULLS" : "")
              + ")"
              + window;
      default -> {
        String arguments =
            function.getKind() == SqlKind.COUNT ? counted(operands) : String.join(", ", operands);
        yield simpleAggregate(function) + "(" + distinct + arguments + ")" + window;
      }
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
      case ASOF -> "ASOF JOIN";
      case LEFT_ASOF -> "ASOF LEFT JOIN";
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
