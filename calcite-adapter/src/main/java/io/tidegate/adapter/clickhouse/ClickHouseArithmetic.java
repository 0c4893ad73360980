package io.tidegate.adapter.clickhouse;

import static io.tidegate.adapter.store.Operand.DECIMAL;
import static io.tidegate.adapter.store.Operand.EXACT;
import static io.tidegate.adapter.store.Operand.FLOATING;
import static io.tidegate.adapter.store.Operand.INTEGER;
import static io.tidegate.adapter.store.Operand.SAFE_DIVISOR;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Arithmetic. ClickHouse's integers wrap, so they are computed in a wider type and checked;
 * decimals are pushed where their type has room for every result; floating numbers are IEEE 754's
 * in both engines, except that a division by zero is an error.
 */
final class ClickHouseArithmetic {
  /** Each check repeats its operand: a deep expression would grow beyond all bounds. */
  private static final int MOST_LEAVES = 32;

  private ClickHouseArithmetic() {}

  static void add(PushDownList.Builder list, ClickHouseDialect dialect) {
    for (String operator : List.of("+", "-", "*")) {
      String plain = "({0} " + operator + " {1})";
      list.provenBy("arithmetic/floating")
          .operator(operator, plain, floating(operator, dialect), FLOATING, FLOATING)
          .provenBy("arithmetic/decimal")
          .operator(
              operator,
              "exact, exact where 38 digits hold every result",
              "(CAST({0} AS Decimal(38, s)) " + operator + " CAST({1} AS Decimal(38, s)))",
              call -> isDecimal(call) && holdsEveryResult(operator, call),
              (call, operands) -> decimal(operator, call, operands, dialect))
          .provenBy("arithmetic/integer")
          .operator(
              operator,
              "CAST(wide({0}) " + operator + " wide({1}) + throwIf(out of range) AS Int32)",
              (call, operands) ->
                  checked(
                      call,
                      "("
                          + wide(call, operands, 0)
                          + " "
                          + operator
                          + " "
                          + wide(call, operands, 1)
                          + ")",
                      dialect),
              INTEGER,
              INTEGER)
          .raises();
    }
    list.provenBy("arithmetic/floating")
        .operator("unary -", "(-{0})", FLOATING)
        .operator(
            "/",
            "({0} / ({1} + throwIf({1} = 0)))",
            (call, operands) -> divide(call, operands, dialect),
            FLOATING,
            FLOATING)
        .raises()
        .provenBy("arithmetic/integer")
        .operator(
            "unary -",
            "CAST(-wide({0}) + throwIf(out of range) AS Int32)",
            (call, operands) -> checked(call, "(-" + wide(call, operands, 0) + ")", dialect),
            INTEGER)
        .raises()
        .operator(
            "ABS",
            "CAST(abs(wide({0})) + throwIf(out of range) AS Int32)",
            (call, operands) -> checked(call, "abs(" + wide(call, operands, 0) + ")", dialect),
            INTEGER)
        .raises()
        .operator("/", "intDiv({0}, {1})", whole("intDiv", dialect), INTEGER, SAFE_DIVISOR)
        .operator("MOD", "modulo({0}, {1})", whole("modulo", dialect), INTEGER, SAFE_DIVISOR)
        .operator(
            "/",
            "intDiv(wide({0}), wide({1}) + throwIf({1} = 0)), as the others",
            (call, operands) -> checked(call, byColumn("intDiv", call, operands), dialect),
            INTEGER,
            INTEGER)
        .raises()
        .operator(
            "MOD",
            "modulo(wide({0}), wide({1}) + throwIf({1} = 0)), as the others",
            (call, operands) -> checked(call, byColumn("modulo", call, operands), dialect),
            INTEGER,
            INTEGER)
        .raises()
        .provenBy("arithmetic/decimal")
        .operator("unary -", "(-{0})", DECIMAL);
  }

  private static Spelling<RexCall> floating(String operator, ClickHouseDialect dialect) {
    // A sum of Float32 is a Float64 to ClickHouse.
    return (call, operands) ->
        dialect.carry("(" + String.join(" " + operator + " ", operands) + ")", call.getType());
  }

  private static String divide(RexCall call, List<String> operands, ClickHouseDialect dialect) {
    String divisor = operands.get(1);
    RexNode node = call.getOperands().get(1);
    boolean safe =
        node instanceof RexLiteral literal
            && !literal.isNull()
            && literal.getValueAs(Double.class) != 0;
    String checked =
        safe
            ? divisor
            : "(" + divisor + " + throwIf(ifNull(" + divisor + " = 0, false), 'Division by zero'))";
    return dialect.carry("(" + operands.get(0) + " / " + checked + ")", call.getType());
  }

  /** An integer in a type that holds the result of one operation. */
  private static String wide(RexCall call, List<String> operands, int index) {
    String type = call.getType().getSqlTypeName() == SqlTypeName.BIGINT ? "toInt128" : "toInt64";
    return type + "(" + operands.get(index) + ")";
  }

  /** The result in its own type, or an error. A NULL is no error, whatever lies beneath it. */
  private static String checked(RexCall call, String wide, ClickHouseDialect dialect) {
    // Not the length of the text: the planner tries with shorter names.
    if (leavesBelow(call) > MOST_LEAVES) {
      throw new NotSupported("integer arithmetic as deep as this");
    }
    int bits =
        switch (call.getType().getSqlTypeName()) {
          case TINYINT -> 8;
          case SMALLINT -> 16;
          case INTEGER -> 32;
          case BIGINT -> 64;
          default -> throw new NotSupported("integer arithmetic as " + call.getType());
        };
    long greatest = Long.MAX_VALUE >> (64 - bits);
    return dialect.carry(
        "("
            + wide
            + " + throwIf(ifNull("
            + wide
            + " NOT BETWEEN toInt64("
            + (-greatest - 1)
            + ") AND toInt64("
            + greatest
            + "), false), 'Numeric value out of range: "
            + call.getType().getSqlTypeName()
            + "'))",
        call.getType());
  }

  private static int leavesBelow(RexCall call) {
    return call.getOperands().stream().mapToInt(ClickHouseArithmetic::leaves).sum();
  }

  /** How many columns and literals are printed, if every check is. */
  private static int leaves(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return 1;
    }
    boolean checks = Operand.isInteger(call.getType()) && !call.isA(SqlKind.CAST);
    int below = leavesBelow(call);
    return below > MOST_LEAVES ? below : checks ? 2 * below : below;
  }

  /** Division by a constant that cannot fail. */
  private static Spelling<RexCall> whole(String function, ClickHouseDialect dialect) {
    return (call, operands) ->
        dialect.carry(
            function + "(toInt64(" + operands.get(0) + "), toInt64(" + operands.get(1) + "))",
            call.getType());
  }

  /** Both operands are wider than the result, so that the least by -1 is no overflow here. */
  private static String byColumn(String function, RexCall call, List<String> operands) {
    String divisor = wide(operands, 1);
    return function
        + "("
        + wide(operands, 0)
        + ", "
        + divisor
        + " + throwIf(ifNull("
        + divisor
        + " = 0, false), 'Division by zero'))";
  }

  private static String wide(List<String> operands, int index) {
    return "toInt128(" + operands.get(index) + ")";
  }

  private static boolean isDecimal(RexCall call) {
    return call.getOperands().size() == 2
        && call.getOperands().stream().allMatch(EXACT)
        && call.getOperands().stream().anyMatch(DECIMAL);
  }

  private static boolean holdsEveryResult(String operator, RexCall call) {
    RelDataType left = call.getOperands().get(0).getType();
    RelDataType right = call.getOperands().get(1).getType();
    int whole = Math.max(digits(left) - scale(left), digits(right) - scale(right));
    int scale = Math.max(scale(left), scale(right));
    return operator.equals("*") ? digits(left) + digits(right) <= 38 : whole + scale + 1 <= 38;
  }

  private static String decimal(
      String operator, RexCall call, List<String> operands, ClickHouseDialect dialect) {
    String left = asDecimal(call, operands, 0);
    String right = asDecimal(call, operands, 1);
    return dialect.carry("(" + left + " " + operator + " " + right + ")", call.getType());
  }

  private static String asDecimal(RexCall call, List<String> operands, int index) {
    int scale = scale(call.getOperands().get(index).getType());
    return "CAST(" + operands.get(index) + " AS Decimal(38, " + scale + "))";
  }

  /** The digits that an exact number may have. */
  static int digits(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> type.getPrecision();
    };
  }

  static int scale(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL ? type.getScale() : 0;
  }
}
