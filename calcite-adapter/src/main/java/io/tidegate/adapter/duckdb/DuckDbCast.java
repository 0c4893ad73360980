package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownList;
import java.util.function.BiPredicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Casts. DuckDB's round and fail as Tidegate's do, but cut neither times nor texts. */
final class DuckDbCast {
  private DuckDbCast() {}

  static void add(PushDownList.Builder list, DuckDbDialect dialect) {
    list.provenBy("cast/time");
    add(
        list,
        "any AS TIMESTAMP(0) to TIMESTAMP(5)",
        "CAST({0} AS TIMESTAMP) less the digits beyond",
        (from, to) -> isPlain(from, to) && isShortTimestamp(to),
        (call, operand) ->
            truncated("CAST(" + operand + " AS TIMESTAMP)", call.getType().getPrecision()));
    list.provenBy("cast/text");
    add(
        list,
        "text AS a text of limited length",
        "left({0}, length)",
        (from, to) -> isText(from) && isLimitedText(to),
        DuckDbCast::shortened);
    add(
        list,
        "any AS a text of limited length",
        "CAST({0} AS VARCHAR)",
        (from, to) -> isPlain(from, to) && isLimitedText(to),
        (call, operand) -> "CAST(" + operand + " AS VARCHAR)");
    list.provenBy("cast/number");
    add(
        list,
        "any AS any but intervals",
        "CAST({0} AS type)",
        DuckDbCast::isPlain,
        (call, operand) -> dialect.carry(operand, call.getType()));
  }

  @FunctionalInterface
  private interface OneOperand {
    String spell(RexCall call, String operand);
  }

  private static void add(
      PushDownList.Builder list,
      String types,
      String spelling,
      BiPredicate<RelDataType, RelDataType> applies,
      OneOperand speller) {
    list.operator(
        "CAST",
        types,
        spelling,
        call -> applies.test(call.getOperands().get(0).getType(), call.getType()),
        (call, operands) -> speller.spell(call, operands.get(0)));
  }

  private static boolean isPlain(RelDataType from, RelDataType to) {
    return !SqlTypeUtil.isInterval(to) && !SqlTypeUtil.isInterval(from);
  }

  private static boolean isShortTimestamp(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP && type.getPrecision() < 6;
  }

  private static boolean isText(RelDataType type) {
    return SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName());
  }

  private static boolean isLimitedText(RelDataType type) {
    return isText(type) && type.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED;
  }

  private static String shortened(RexCall call, String operand) {
    RelDataType from = call.getOperands().get(0).getType();
    int length = call.getType().getPrecision();
    boolean shortens =
        from.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED || from.getPrecision() > length;
    return shortens ? "left(" + operand + ", " + length + ")" : operand;
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
}
