package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.StoreFunction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * ClickHouse's SQL, as far as ClickHouse gives the rows that Tidegate promises. What is not spelled
 * here runs in DuckDB: integer arithmetic, which wraps; text functions, which count bytes; windows.
 *
 * <p>The spellings rely on the session settings of {@link ClickHouseSettings}.
 */
public final class ClickHouseDialect implements StoreDialect {

  /** Years that DateTime64 holds; ClickHouse moves what is outside to the nearest end. */
  private static final int FIRST_YEAR = 1900;

  private static final int LAST_YEAR = 2299;

  private final RelDataTypeFactory typeFactory;

  public ClickHouseDialect(RelDataTypeFactory typeFactory) {
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
  }

  @Override
  public String identifier(String name) {
    return ClickHouseIdentifiers.quote(name);
  }

  /**
   * A backslash escapes in ClickHouse, so it is escaped as well as the quote; NUL is written so.
   */
  @Override
  public String string(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'";
  }

  @Override
  public String type(RelDataType type) {
    RelDataType bare = typeFactory.createTypeWithNullability(type, false);
    // Whatever it is declared as, a time in the middle of a query keeps its microseconds.
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        ? "DateTime64(6, 'UTC')"
        : ClickHouseTypes.toClickHouse(bare);
  }

  @Override
  public String literal(RexLiteral literal) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return carry("NULL", type);
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class) ? "true" : "false";
      case TINYINT -> "toInt8(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case SMALLINT -> "toInt16(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case INTEGER -> "toInt32(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case BIGINT -> "toInt64(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case DECIMAL ->
          "CAST("
              + string(literal.getValueAs(BigDecimal.class).toPlainString())
              + " AS "
              + type(type)
              + ")";
      case REAL -> "toFloat32(" + floating(literal) + ")";
      case FLOAT, DOUBLE -> "toFloat64(" + floating(literal) + ")";
      case CHAR, VARCHAR -> string(literal.getValueAs(String.class));
      case DATE -> {
        DateString date = literal.getValueAs(DateString.class);
        yield "toDate32(" + string(inRange(date.toString())) + ")";
      }
      case TIMESTAMP -> {
        TimestampString timestamp = literal.getValueAs(TimestampString.class);
        yield "toDateTime64(" + string(inRange(timestamp.toString())) + ", 6, 'UTC')";
      }
      default -> throw new NotSupported("literal of type " + type);
    };
  }

  private String floating(RexLiteral literal) {
    double value = literal.getValueAs(Double.class);
    if (Double.isNaN(value)) {
      return "'nan'";
    }
    return Double.isInfinite(value) ? (value > 0 ? "'inf'" : "'-inf'") : string("" + value);
  }

  private static String inRange(String text) {
    int year = Integer.parseInt(text.substring(0, 4));
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new NotSupported("a time outside " + FIRST_YEAR + " to " + LAST_YEAR);
    }
    return text;
  }

  @Override
  public String cast(String operand, RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    SqlTypeName target = to.getSqlTypeName();
    boolean exact =
        switch (target) {
          case SMALLINT -> source == SqlTypeName.TINYINT || source == target;
          case INTEGER -> SqlTypeUtil.isIntType(from) && source != SqlTypeName.BIGINT;
          case BIGINT -> SqlTypeUtil.isIntType(from);
          case DOUBLE, FLOAT ->
              SqlTypeUtil.isIntType(from)
                  || source == SqlTypeName.REAL
                  || source == SqlTypeName.DOUBLE
                  || source == SqlTypeName.FLOAT;
          case DECIMAL ->
              SqlTypeUtil.isIntType(from) && to.getPrecision() - to.getScale() >= 19
                  || source == SqlTypeName.DECIMAL
                      && to.getScale() >= from.getScale()
                      && to.getPrecision() - to.getScale() >= from.getPrecision() - from.getScale();
          case VARCHAR ->
              SqlTypeName.CHAR_TYPES.contains(source)
                  && to.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED;
          case TIMESTAMP ->
              source == SqlTypeName.DATE
                  || source == SqlTypeName.TIMESTAMP && to.getPrecision() >= from.getPrecision();
          case DATE -> source == SqlTypeName.DATE || source == SqlTypeName.TIMESTAMP;
          default -> source == target && from.getPrecision() == to.getPrecision();
        };
    if (!exact) {
      throw new NotSupported("CAST(" + from + " AS " + to + ")");
    }
    return carry(operand, to);
  }

  @Override
  public String carry(String operand, RelDataType type) {
    // cast_keep_nullable keeps a Nullable operand so; a bare NULL has to be told.
    String name = operand.equals("NULL") ? "Nullable(" + type(type) + ")" : type(type);
    return "CAST(" + operand + " AS " + name + ")";
  }

  @Override
  public String call(RexCall call, List<String> operands) {
    if (call.getOperator() instanceof StoreFunction function) {
      return function.clickHouse(operands);
    }
    return switch (call.getKind()) {
      case EQUALS -> compare("=", call, operands);
      case NOT_EQUALS -> compare("!=", call, operands);
      case LESS_THAN -> compare("<", call, operands);
      case LESS_THAN_OR_EQUAL -> compare("<=", call, operands);
      case GREATER_THAN -> compare(">", call, operands);
      case GREATER_THAN_OR_EQUAL -> compare(">=", call, operands);
      case IS_NULL, IS_UNKNOWN -> "isNull(" + operands.get(0) + ")";
      case IS_NOT_NULL -> "isNotNull(" + operands.get(0) + ")";
      case IS_TRUE -> "ifNull(" + operands.get(0) + ", false)";
      case IS_NOT_TRUE -> "NOT ifNull(" + operands.get(0) + ", false)";
      case IS_FALSE -> "NOT ifNull(" + operands.get(0) + ", true)";
      case IS_NOT_FALSE -> "ifNull(" + operands.get(0) + ", true)";
      case PLUS, CHECKED_PLUS -> floating("+", call, operands);
      case MINUS, CHECKED_MINUS -> floating("-", call, operands);
      case TIMES, CHECKED_TIMES -> floating("*", call, operands);
      case MINUS_PREFIX, CHECKED_MINUS_PREFIX ->
          isFloating(call.getType()) ? "(-" + operands.get(0) + ")" : refuse(call);
      case CASE -> caseWhen(call, operands);
      case COALESCE -> "coalesce(" + String.join(", ", operands) + ")";
      case FLOOR -> floor(call, operands);
      case EXTRACT -> extract(operands);
      case LIKE -> like(call, operands);
      default -> refuse(call);
    };
  }

  private static String refuse(RexCall call) {
    throw new NotSupported(call.getOperator().getName() + " on " + operandTypes(call));
  }

  private static String operandTypes(RexCall call) {
    return String.join(
        ", ", call.getOperands().stream().map(node -> node.getType().toString()).toList());
  }

  private static boolean isFloating(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case REAL, FLOAT, DOUBLE -> true;
      default -> false;
    };
  }

  /** Only values of one family are compared. */
  private static String compare(String operator, RexCall call, List<String> operands) {
    RelDataType left = call.getOperands().get(0).getType();
    RelDataType right = call.getOperands().get(1).getType();
    if (left.getSqlTypeName().getFamily() != right.getSqlTypeName().getFamily()
        && !(SqlTypeUtil.isNumeric(left) && SqlTypeUtil.isNumeric(right))) {
      return refuse(call);
    }
    if (SqlTypeUtil.isDecimal(left) && isFloating(right)
        || isFloating(left) && SqlTypeUtil.isDecimal(right)) {
      return refuse(call);
    }
    if (isFloating(left) || isFloating(right)) {
      return compareFloating(operator, call, operands);
    }
    return "(" + String.join(" " + operator + " ", operands) + ")";
  }

  /**
   * NaN equals itself and is greater than every number, as in DuckDB; to ClickHouse every
   * comparison with it is false.
   */
  private static String compareFloating(String operator, RexCall call, List<String> operands) {
    boolean mirrored = operator.startsWith("<");
    String greater = operands.get(mirrored ? 1 : 0);
    String lesser = operands.get(mirrored ? 0 : 1);
    boolean lesserIsNumber = isNumber(call.getOperands().get(mirrored ? 0 : 1));
    boolean greaterIsNumber = isNumber(call.getOperands().get(mirrored ? 1 : 0));
    String plain = operands.get(0) + " " + operator + " " + operands.get(1);
    String bothNaN = "isNaN(" + greater + ") AND isNaN(" + lesser + ")";
    return switch (operator) {
      case "=" ->
          greaterIsNumber || lesserIsNumber
              ? "(" + plain + ")"
              : "(" + plain + " OR " + bothNaN + ")";
      case "!=" ->
          greaterIsNumber || lesserIsNumber
              ? "(" + plain + ")"
              : "(" + plain + " AND NOT (" + bothNaN + "))";
      default -> {
        if (greaterIsNumber) {
          yield "(" + plain + ")";
        }
        String other =
            lesserIsNumber
                ? ""
                : operator.endsWith("=")
                    ? " AND isNotNull(" + lesser + ")"
                    : " AND NOT isNaN(" + lesser + ")";
        yield "(" + plain + " OR isNaN(" + greater + ")" + other + ")";
      }
    };
  }

  /** Whether an operand is known not to be NaN: a literal other than that, or not floating. */
  private static boolean isNumber(RexNode operand) {
    return !isFloating(operand.getType())
        || operand instanceof RexLiteral literal
            && !literal.isNull()
            && !literal.getValueAs(Double.class).isNaN();
  }

  private static String floating(String operator, RexCall call, List<String> operands) {
    boolean floating =
        isFloating(call.getType())
            && call.getOperands().stream().allMatch(node -> isFloating(node.getType()));
    return floating ? "(" + String.join(" " + operator + " ", operands) + ")" : refuse(call);
  }

  private String caseWhen(RexCall call, List<String> operands) {
    StringBuilder sql = new StringBuilder("multiIf(");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      sql.append("ifNull(").append(operands.get(i)).append(", false), ");
      sql.append(branch(operands.get(i + 1), call.getType())).append(", ");
    }
    return sql.append(branch(operands.get(i), call.getType())).append(")").toString();
  }

  private String branch(String operand, RelDataType type) {
    return carry(operand, type);
  }

  private String floor(RexCall call, List<String> operands) {
    if (operands.size() != 2
        || call.getOperands().get(0).getType().getSqlTypeName() != SqlTypeName.TIMESTAMP) {
      return refuse(call);
    }
    TimeUnitRange unit = ((RexLiteral) call.getOperands().get(1)).getValueAs(TimeUnitRange.class);
    String value = operands.get(0);
    return switch (unit) {
      case YEAR -> "makeDateTime64(toYear(" + value + "), 1, 1, 0, 0, 0, 0, 6, 'UTC')";
      case MONTH ->
          "makeDateTime64(toYear(" + value + "), toMonth(" + value + "), 1, 0, 0, 0, 0, 6, 'UTC')";
      case DAY -> floorSeconds(value, 86_400);
      case HOUR -> floorSeconds(value, 3_600);
      case MINUTE -> floorSeconds(value, 60);
      case SECOND -> floorSeconds(value, 1);
      default -> throw new NotSupported("FLOOR TO " + unit);
    };
  }

  private static String floorSeconds(String value, long seconds) {
    return io.tidegate.adapter.store.StoreFunctions.FLOOR_TO_INTERVAL.clickHouse(
        List.of(value, Long.toString(seconds)));
  }

  private static String extract(List<String> operands) {
    String function =
        switch (operands.get(0)) {
          case "YEAR" -> "toYear";
          case "MONTH" -> "toMonth";
          case "DAY" -> "toDayOfMonth";
          case "HOUR" -> "toHour";
          case "MINUTE" -> "toMinute";
          case "SECOND" -> "toSecond";
          default -> throw new NotSupported("EXTRACT(" + operands.get(0) + ")");
        };
    return "toInt64(" + function + "(" + operands.get(1) + "))";
  }

  /** A constant pattern without a backslash, which is an escape to ClickHouse only. */
  private static String like(RexCall call, List<String> operands) {
    RexNode pattern = call.getOperands().get(1);
    boolean plain =
        call.getOperator().getName().equalsIgnoreCase("LIKE")
            && operands.size() == 2
            && pattern instanceof RexLiteral literal
            && !literal.isNull()
            && literal.getValueAs(String.class).indexOf('\\') < 0;
    return plain ? "(" + operands.get(0) + " LIKE " + operands.get(1) + ")" : refuse(call);
  }

  @Override
  public String outer(String column) {
    throw new NotSupported("a correlated sub-query");
  }

  @Override
  public String field(String row, int position) {
    throw new NotSupported("a field of a ROW");
  }

  @Override
  public String in(String operand, RelDataType type, List<String> values, boolean in) {
    String test = operand + (in ? " IN (" : " NOT IN (") + String.join(", ", values) + ")";
    // ClickHouse finds NULL in no list, so NOT IN would be true.
    return type.isNullable() ? "if(isNull(" + operand + "), NULL, " + test + ")" : "(" + test + ")";
  }

  @Override
  public String aggregate(
      AggregateCall call,
      List<String> operands,
      List<RelDataType> operandTypes,
      List<String> order,
      String filter) {
    if (!order.isEmpty()) {
      throw new NotSupported(call.getAggregation().getName() + " WITHIN GROUP");
    }
    String tail = filter == null ? "" : " FILTER (WHERE " + filter + ")";
    SqlKind kind = call.getAggregation().getKind();
    if (call.isDistinct() && (kind != SqlKind.COUNT || operands.size() != 1)) {
      throw new NotSupported(call.getAggregation().getName() + " DISTINCT");
    }
    String sql =
        switch (kind) {
          case COUNT -> count(call, operands, operandTypes, tail);
          case SUM -> sum(operands.get(0), operandTypes.get(0)) + tail;
          case SUM0 -> "ifNull(" + sum(operands.get(0), operandTypes.get(0)) + tail + ", 0)";
          case AVG -> average(operands.get(0), operandTypes.get(0), tail);
          case LITERAL_AGG -> literalAggregate(call);
          case MIN, MAX -> extreme(kind, operands.get(0), operandTypes.get(0), filter, tail);
          default -> throw new NotSupported("aggregate " + call.getAggregation().getName());
        };
    return carry(sql, call.getType());
  }

  private static String count(
      AggregateCall call, List<String> operands, List<RelDataType> types, String tail) {
    if (operands.size() > 1) {
      throw new NotSupported("COUNT of several columns");
    }
    if (call.isDistinct() && isFloating(types.get(0))) {
      throw new NotSupported("COUNT(DISTINCT) of " + types.get(0));
    }
    String distinct = call.isDistinct() ? "DISTINCT " : "";
    return "count(" + (operands.isEmpty() ? "" : distinct + operands.get(0)) + ")" + tail;
  }

  private static String sum(String operand, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, REAL, FLOAT, DOUBLE -> "sum(" + wide(operand, type) + ")";
      case BIGINT -> "sum(CAST(" + operand + " AS Decimal(38, 0)))";
      case DECIMAL -> {
        // 10^19 values of 19 digits fit into 38.
        if (type.getPrecision() > 19) {
          throw new NotSupported("SUM of " + type);
        }
        yield "sum(" + operand + ")";
      }
      default -> throw new NotSupported("SUM of " + type);
    };
  }

  private static String wide(String operand, RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.REAL ? "toFloat64(" + operand + ")" : operand;
  }

  /** Exact numbers are added exactly and divided at the end. */
  private static String average(String operand, RelDataType type, String tail) {
    if (!SqlTypeUtil.isNumeric(type)) {
      throw new NotSupported("AVG of " + type);
    }
    return isFloating(type)
        ? "avg(toFloat64(" + operand + "))" + tail
        : "(toFloat64(" + sum(operand, type) + tail + ") / count(" + operand + ")" + tail + ")";
  }

  /** The same value for every group, and for no rows too. */
  private String literalAggregate(AggregateCall call) {
    String value = literal((RexLiteral) call.rexList.get(0));
    return "ifNull(any(" + value + "), " + value + ")";
  }

  /**
   * NaN is greater than every number, as in DuckDB; ClickHouse's own result depends on the order.
   */
  private static String extreme(
      SqlKind kind, String operand, RelDataType type, String filter, String tail) {
    String function = kind == SqlKind.MIN ? "min" : "max";
    switch (type.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, DATE, TIMESTAMP, CHAR, VARCHAR:
        return function + "(" + operand + ")" + tail;
      case REAL, FLOAT, DOUBLE:
        String nan = "isNaN(" + operand + ")";
        if (kind == SqlKind.MAX) {
          return "if(max(" + nan + ")" + tail + ", nan, max(" + operand + ")" + tail + ")";
        }
        String number = filter == null ? "NOT " + nan : "(NOT " + nan + ") AND " + filter;
        return "ifNull(minIf(" + operand + ", " + number + "), min(" + operand + ")" + tail + ")";
      default:
        throw new NotSupported(function + " of " + type);
    }
  }

  @Override
  public String windowFunction(RexOver over, List<String> operands, String window) {
    throw new NotSupported("window functions");
  }

  @Override
  public String join(JoinRelType joinType) {
    return switch (joinType) {
      case INNER -> "INNER JOIN";
      case LEFT -> "LEFT JOIN";
      default -> throw new NotSupported(joinType + " join");
    };
  }

  @Override
  public String orderItem(
      String operand, RelDataType type, boolean descending, boolean nullsFirst) {
    String direction = descending ? " DESC" : " ASC";
    List<String> items = new ArrayList<>();
    if (isFloating(type)) {
      // ClickHouse keeps NaN beside the NULLs; here it is the greatest number.
      if (type.isNullable()) {
        items.add("isNull(" + operand + ")" + (nullsFirst ? " DESC" : " ASC"));
      }
      items.add("isNaN(" + operand + ")" + direction);
    }
    items.add(operand + direction + (nullsFirst ? " NULLS FIRST" : " NULLS LAST"));
    return String.join(", ", items);
  }
}
