package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.EXACT;
import static io.tidegate.adapter.store.Operand.FLOATING;
import static io.tidegate.adapter.store.Operand.INTEGER;
import static io.tidegate.adapter.store.Operand.INTERVAL;
import static io.tidegate.adapter.store.Operand.NUMBER;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Arithmetic. DuckDB's integers and decimals fail rather than wrap, its quotient of decimals is a
 * DOUBLE and its quotient by a floating zero is infinite: the last two are rewritten.
 */
final class DuckDbArithmetic {
  private DuckDbArithmetic() {}

  static void add(PushDownList.Builder list, DuckDbDialect dialect) {
    for (String operator : List.of("+", "-", "*")) {
      String spelling = "({0} " + operator + " {1})";
      list.provenBy("arithmetic/integer")
          .operator(operator, spelling, typed(operator, dialect), INTEGER, INTEGER)
          .provenBy("arithmetic/decimal")
          .operator(operator, spelling, typed(operator, dialect), EXACT, EXACT)
          .provenBy("arithmetic/floating")
          .operator(operator, spelling, typed(operator, dialect), NUMBER, NUMBER)
          .provenBy("time/interval")
          .operator(
              operator,
              "times and intervals",
              spelling,
              call ->
                  call.getOperands().stream().anyMatch(INTERVAL)
                      || !SqlTypeUtil.isInterval(call.getType()),
              DuckDbPushDown.infix(operator));
    }
    list.provenBy("arithmetic/integer")
        .operator("/", "({0} // {1})", typed("//", dialect), INTEGER, INTEGER)
        .operator("MOD", "({0} % {1})", typed("%", dialect), INTEGER, INTEGER)
        .operator("unary -", "CAST(- {0} AS type)", negative(dialect), INTEGER)
        .operator("ABS", "abs({0})", INTEGER)
        .provenBy("arithmetic/decimal")
        .operator(
            "/",
            "a quotient of HUGEINTs, rounded half away from zero",
            (call, operands) -> quotient(call, operands, dialect),
            EXACT,
            EXACT)
        .operator("MOD", "({0} % {1})", typed("%", dialect), EXACT, EXACT)
        .operator("unary -", "CAST(- {0} AS type)", negative(dialect), EXACT)
        .operator("ABS", "abs({0})", EXACT)
        .provenBy("arithmetic/floating")
        .operator(
            "/",
            "({0} / CASE WHEN {1} = 0 THEN error('Division by zero') ELSE {1} END)",
            (call, operands) -> divide(call, operands, dialect),
            NUMBER,
            NUMBER)
        .operator("unary -", "CAST(- {0} AS type)", negative(dialect), FLOATING)
        .operator("ABS", "abs({0})", FLOATING)
        .provenBy("time/interval")
        .operator("unary -", "(- {0})", INTERVAL)
        .operator("/", "({0} / {1})", INTERVAL, NUMBER);
    list.provenBy("arithmetic/function");
    for (String function :
        List.of(
            "EXP", "LN", "LOG10", "SIN", "COS", "TAN", "COT", "ASIN", "ACOS", "ATAN", "DEGREES",
            "RADIANS")) {
      list.operator(function, function.toLowerCase(Locale.ROOT) + "({0})", NUMBER);
    }
    list.operator("POWER", "power({0}, {1})", NUMBER, NUMBER)
        .operator("ATAN2", "atan2({0}, {1})", NUMBER, NUMBER)
        .operator("PI", "pi()")
        .operator("SIGN", "sign({0})", function("sign", dialect), NUMBER)
        .operator("ROUND", "round({0})", function("round", dialect), NUMBER)
        .operator("ROUND", "round({0}, {1})", function("round", dialect), NUMBER, INTEGER)
        .operator("FLOOR", "floor({0})", function("floor", dialect), NUMBER)
        .operator("CEIL", "ceil({0})", function("ceil", dialect), NUMBER);
  }

  private static Spelling<RexCall> negative(DuckDbDialect dialect) {
    return (call, operands) -> dialect.carry("(- " + operands.get(0) + ")", call.getType());
  }

  private static Spelling<RexCall> function(String name, DuckDbDialect dialect) {
    return (call, operands) ->
        dialect.carry(name + "(" + String.join(", ", operands) + ")", call.getType());
  }

  /** Arithmetic whose natural DuckDB type may be wider than SQL's. */
  private static Spelling<RexCall> typed(String operator, DuckDbDialect dialect) {
    return (call, operands) -> {
      String sql = "(" + String.join(" " + operator + " ", widened(call, operands, dialect)) + ")";
      return switch (call.getType().getSqlTypeName()) {
        case DECIMAL, REAL -> dialect.carry(sql, call.getType());
        default -> sql;
      };
    };
  }

  /**
   * Integers beside decimals as decimals of all their digits. DuckDB takes the digits that a
   * literal happens to have, and then a product overflows that SQL has room for. For the same
   * reason one operand has more than 18 digits where the result has: else DuckDB keeps to 18.
   */
  private static List<String> asDecimals(RexCall call, List<String> operands) {
    if (call.getType().getSqlTypeName() != SqlTypeName.DECIMAL) {
      return operands;
    }
    List<String> decimals = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      RelDataType type = call.getOperands().get(i).getType();
      int digits = digits(type);
      boolean widens = i == 0 && call.getType().getPrecision() > 18 && digits <= 18;
      decimals.add(
          type.getSqlTypeName() == SqlTypeName.DECIMAL && !widens
              ? operands.get(i)
              : decimal(operands.get(i), widens ? 19 : digits, scale(type)));
    }
    return decimals;
  }

  /** Operands of the result's width: beside a TINYINT, DuckDB takes the literal 1 for one. */
  private static List<String> widened(RexCall call, List<String> operands, DuckDbDialect dialect) {
    if (!Operand.isInteger(call.getType())) {
      return asDecimals(call, operands);
    }
    List<String> widened = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      boolean widens = digits(call.getOperands().get(i).getType()) < digits(call.getType());
      widened.add(widens ? dialect.carry(operands.get(i), call.getType()) : operands.get(i));
    }
    return widened;
  }

  private static String decimal(String operand, int digits, int scale) {
    return "CAST(" + operand + " AS DECIMAL(" + digits + "," + scale + "))";
  }

  private static int digits(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> type.getPrecision();
    };
  }

  private static int scale(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL ? type.getScale() : 0;
  }

  private static String divide(RexCall call, List<String> operands, DuckDbDialect dialect) {
    String divisor = operands.get(1);
    String checked =
        DuckDbPushDown.isSafeDivisor(call)
            ? divisor
            : "CASE WHEN "
                + divisor
                + " = 0 THEN error('Division by zero') ELSE "
                + divisor
                + " END";
    return dialect.carry("(" + operands.get(0) + " / " + checked + ")", call.getType());
  }

  /**
   * A quotient of decimals: both as the whole numbers of their digits, the dividend with as many
   * more as the quotient's scale wants. The sum of half the divisor makes the division round.
   */
  private static String quotient(RexCall call, List<String> operands, DuckDbDialect dialect) {
    RexNode dividend = call.getOperands().get(0);
    RexNode divisor = call.getOperands().get(1);
    int scale = scale(call.getType());
    int more = scale + scale(divisor.getType()) - scale(dividend.getType());
    if (more > 38) {
      throw new NotSupported("/ on " + dividend.getType() + ", " + divisor.getType());
    }
    String over =
        digits(operands.get(0), dividend.getType()) + (more > 0 ? " * " + power(more) : "");
    String under =
        digits(operands.get(1), divisor.getType()) + (more < 0 ? " * " + power(-more) : "");
    String quotient =
        "("
            + over
            + " + sign("
            + operands.get(0)
            + ") * (abs("
            + under
            + ") // 2)) // ("
            + under
            + ")";
    String decimal = "CAST(" + quotient + " AS DECIMAL(38,0))";
    if (scale > 0) {
      decimal +=
          " * CAST('0." + "0".repeat(scale - 1) + "1' AS DECIMAL(" + scale + "," + scale + "))";
    }
    return dialect.carry(decimal, call.getType());
  }

  private static String power(int exponent) {
    return "CAST('1" + "0".repeat(exponent) + "' AS HUGEINT)";
  }

  /** All digits of a decimal as a whole number: by a product where it has room, else as text. */
  private static String digits(String operand, RelDataType type) {
    int scale = scale(type);
    if (scale == 0) {
      return "CAST(" + operand + " AS HUGEINT)";
    }
    if (Math.max(19, type.getPrecision()) + scale + 1 <= 38) {
      String power = "CAST('1" + "0".repeat(scale) + "' AS DECIMAL(" + (scale + 1) + ",0))";
      String wide = decimal(operand, Math.max(19, type.getPrecision()), scale);
      return "CAST(" + wide + " * " + power + " AS HUGEINT)";
    }
    return "CAST(replace(CAST(" + operand + " AS VARCHAR), '.', '') AS HUGEINT)";
  }
}
