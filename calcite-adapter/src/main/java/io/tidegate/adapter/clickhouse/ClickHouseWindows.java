package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Window functions: over keys whose order and equality are the same in both engines, in frames of
 * rows, or of peers from one end of the partition.
 */
final class ClickHouseWindows {
  private ClickHouseWindows() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("window/rank");
    for (String function : List.of("ROW_NUMBER", "RANK", "DENSE_RANK")) {
      plain(list, function, "", over -> true);
    }
    list.provenBy("window/offset");
    plain(list, "LAG", "not floating, offset literal, default", ClickHouseWindows::isOffset);
    plain(list, "LEAD", "not floating, offset literal, default", ClickHouseWindows::isOffset);
    list.provenBy("window/frame");
    plain(list, "COUNT", "none, any", over -> over.getOperands().size() <= 1);
    list.window(
        "SUM",
        "exact; DECIMAL to 19 digits",
        "sum({0})",
        over ->
            isAllowed(over)
                && isExact(over)
                && over.getOperands().get(0).getType().getPrecision() <= 19,
        (use, operands) ->
            (use.over().getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.BIGINT
                    ? "sum(CAST(" + operands.get(0) + " AS Decimal(38, 0)))"
                    : "sum(" + operands.get(0) + ")")
                + use.clause());
    plain(list, "MIN", "not floating", ClickHouseWindows::isOrdered);
    plain(list, "MAX", "not floating", ClickHouseWindows::isOrdered);
    list.window(
        "FIRST_VALUE",
        "any",
        "first_value({0}) RESPECT NULLS",
        ClickHouseWindows::isAllowed,
        (use, operands) -> "first_value(" + operands.get(0) + ") RESPECT NULLS" + use.clause());
    list.window(
        "LAST_VALUE",
        "any",
        "last_value({0}) RESPECT NULLS",
        ClickHouseWindows::isAllowed,
        (use, operands) -> "last_value(" + operands.get(0) + ") RESPECT NULLS" + use.clause());
  }

  private static void plain(
      PushDownList.Builder list, String name, String operands, Predicate<RexOver> applies) {
    String function = name.toLowerCase(java.util.Locale.ROOT);
    list.window(
        name,
        operands,
        function + "({*})",
        over -> isAllowed(over) && applies.test(over),
        (use, printed) -> function + "(" + String.join(", ", printed) + ")" + use.clause());
  }

  private static boolean isExact(RexOver over) {
    return Operand.EXACT.test(over.getOperands().get(0));
  }

  private static boolean isOrdered(RexOver over) {
    return isKey(over.getOperands().get(0).getType());
  }

  /** The default has to be of the value's own type, or ClickHouse looks for a common one. */
  private static boolean isOffset(RexOver over) {
    List<RexNode> operands = over.getOperands();
    return operands.size() < 2
        || operands.get(1) instanceof RexLiteral
            && Operand.COUNT.test(operands.get(1))
            && (operands.size() < 3
                || operands.get(2).getType().getSqlTypeName()
                        == operands.get(0).getType().getSqlTypeName()
                    && operands.get(2).getType().getPrecision()
                        == operands.get(0).getType().getPrecision());
  }

  private static boolean isAllowed(RexOver over) {
    RexWindow window = over.getWindow();
    return !over.isDistinct()
        && !over.ignoreNulls()
        && window.getExclude() == RexWindowExclusion.EXCLUDE_NO_OTHER
        && window.partitionKeys.stream().allMatch(key -> isKey(key.getType()))
        && window.orderKeys.stream().map(ClickHouseWindows::key).allMatch(ClickHouseWindows::isKey)
        && isBound(window, window.getLowerBound())
        && isBound(window, window.getUpperBound());
  }

  private static RelDataType key(RexFieldCollation collation) {
    return collation.left.getType();
  }

  private static boolean isKey(RelDataType type) {
    return ClickHouseOperators.isEqualAlike(type);
  }

  private static boolean isBound(RexWindow window, RexWindowBound bound) {
    return bound.isUnbounded()
        || bound.isCurrentRow()
        || window.isRows() && Operand.COUNT.test(bound.getOffset());
  }
}
