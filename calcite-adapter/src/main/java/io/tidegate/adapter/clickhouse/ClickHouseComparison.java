package io.tidegate.adapter.clickhouse;

import static io.tidegate.adapter.store.Operand.BOOLEAN;
import static io.tidegate.adapter.store.Operand.DATE;
import static io.tidegate.adapter.store.Operand.EXACT;
import static io.tidegate.adapter.store.Operand.FLOATING;
import static io.tidegate.adapter.store.Operand.TEXT;
import static io.tidegate.adapter.store.Operand.TIMESTAMP;

import io.tidegate.adapter.store.LikePattern;
import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/** Comparisons, membership and patterns. Only values of one family are compared. */
final class ClickHouseComparison {
  private static final Map<String, String> OPERATORS =
      Map.of("=", "=", "<>", "!=", "<", "<", "<=", "<=", ">", ">", ">=", ">=");

  private ClickHouseComparison() {}

  static void add(PushDownList.Builder list, ClickHouseDialect dialect) {
    for (String operator : List.of("=", "<>", "<", "<=", ">", ">=")) {
      String word = OPERATORS.get(operator);
      String plain = "({0} " + word + " {1})";
      list.provenBy("filter/comparison").operator(operator, plain, BOOLEAN, BOOLEAN);
      list.provenBy("text/comparison").operator(operator, plain, TEXT, TEXT);
      list.provenBy("time/comparison")
          .operator(operator, plain, DATE, DATE)
          .operator(operator, plain, TIMESTAMP, TIMESTAMP);
      list.provenBy("number/comparison")
          .operator(
              operator,
              "exact, exact with room for all digits in 38",
              plain,
              call -> fits(call, EXACT, EXACT) && haveCommonDigits(call),
              (call, operands) ->
                  "(" + String.join(" " + word + " ", BareUnsigned.of(operands)) + ")");
      String nan = "({0} " + word + " {1}) and what NaN needs";
      list.provenBy("filter/floating")
          .operator(
              operator, nan, (call, given) -> floating(word, call, given), FLOATING, FLOATING);
    }
    list.provenBy("filter/in")
        .operator(
            "IN",
            "not floating, literals",
            "if(isNull({0}), NULL, {0} IN (...))",
            call -> !FLOATING.test(call.getOperands().get(0)),
            (call, operands) -> {
              throw new IllegalStateException("IN is spelled by the dialect");
            });
    list.provenBy("text/like")
        .operator(
            "LIKE",
            "text, pattern literal, escape literal",
            "({0} LIKE pattern with ClickHouse's escapes)",
            call -> TEXT.test(call.getOperands().get(0)) && LikePattern.isConstant(call),
            (call, operands) ->
                "("
                    + operands.get(0)
                    + " LIKE "
                    + dialect.string(LikePattern.escapedByBackslash(call))
                    + ")");
  }

  private static boolean fits(RexCall call, Operand left, Operand right) {
    return left.test(call.getOperands().get(0)) && right.test(call.getOperands().get(1));
  }

  /** ClickHouse brings both sides to the greater scale, and fails where that has no room. */
  private static boolean haveCommonDigits(RexCall call) {
    int scale = 0;
    int digits = 0;
    for (RexNode operand : call.getOperands()) {
      int own = Math.max(0, ClickHouseArithmetic.scale(operand.getType()));
      scale = Math.max(scale, own);
      digits = Math.max(digits, ClickHouseArithmetic.digits(operand.getType()) - own);
    }
    return scale == 0 || digits + scale <= 38;
  }

  /**
   * NaN equals itself and is greater than every number, as in DuckDB; to ClickHouse every
   * comparison with it is false.
   */
  private static String floating(String operator, RexCall call, List<String> operands) {
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
    return !FLOATING.test(operand)
        || operand instanceof RexLiteral literal
            && !literal.isNull()
            && !literal.getValueAs(Double.class).isNaN();
  }
}
