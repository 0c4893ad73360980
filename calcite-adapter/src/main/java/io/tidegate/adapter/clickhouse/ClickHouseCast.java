package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownList;
import java.util.function.BiPredicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Casts that change no value, or change it as in DuckDB. */
final class ClickHouseCast {
  private ClickHouseCast() {}

  static void add(PushDownList.Builder list, ClickHouseDialect dialect) {
    list.provenBy("cast/widening");
    add(list, dialect, "integer AS an integer as wide", ClickHouseCast::isWiderInteger);
    add(
        list,
        dialect,
        "integer, floating AS DOUBLE",
        (from, to) ->
            Operand.isFloating(to)
                && to.getSqlTypeName() != SqlTypeName.REAL
                && (Operand.isInteger(from) || Operand.isFloating(from)));
    add(
        list,
        dialect,
        "exact AS DECIMAL with room for all its digits",
        (from, to) ->
            SqlTypeUtil.isDecimal(to)
                && (Operand.isInteger(from) || SqlTypeUtil.isDecimal(from))
                && to.getScale() >= ClickHouseArithmetic.scale(from)
                && to.getPrecision() - to.getScale()
                    >= ClickHouseArithmetic.digits(from) - ClickHouseArithmetic.scale(from));
    list.provenBy("cast/varchar");
    add(
        list,
        dialect,
        "text AS VARCHAR",
        (from, to) ->
            to.getSqlTypeName() == SqlTypeName.VARCHAR
                && to.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED
                && SqlTypeName.CHAR_TYPES.contains(from.getSqlTypeName()));
    list.provenBy("cast/widening");
    add(
        list,
        dialect,
        "a type AS itself",
        (from, to) ->
            from.getSqlTypeName() == to.getSqlTypeName()
                && to.getSqlTypeName() != SqlTypeName.TIMESTAMP
                && to.getSqlTypeName() != SqlTypeName.DECIMAL
                && from.getPrecision() == to.getPrecision());
    list.provenBy("cast/time");
    add(
        list,
        dialect,
        "DATE, TIMESTAMP AS a TIMESTAMP as precise",
        (from, to) ->
            to.getSqlTypeName() == SqlTypeName.TIMESTAMP
                && (from.getSqlTypeName() == SqlTypeName.DATE
                    || from.getSqlTypeName() == SqlTypeName.TIMESTAMP
                        && to.getPrecision() >= from.getPrecision()));
    add(
        list,
        dialect,
        "TIMESTAMP AS DATE",
        (from, to) ->
            to.getSqlTypeName() == SqlTypeName.DATE
                && from.getSqlTypeName() == SqlTypeName.TIMESTAMP);
    list.provenBy("cast/text")
        .operator(
            "CAST",
            "integer, DATE AS VARCHAR",
            "toString({0})",
            call -> {
              RelDataType from = call.getOperands().get(0).getType();
              RelDataType to = call.getType();
              return to.getSqlTypeName() == SqlTypeName.VARCHAR
                  && to.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED
                  && (Operand.isInteger(from) || from.getSqlTypeName() == SqlTypeName.DATE);
            },
            (call, operands) -> "toString(" + operands.get(0) + ")");
  }

  private static boolean isWiderInteger(RelDataType from, RelDataType to) {
    return Operand.isInteger(from)
        && Operand.isInteger(to)
        && ClickHouseArithmetic.digits(to) >= ClickHouseArithmetic.digits(from);
  }

  private static void add(
      PushDownList.Builder list,
      ClickHouseDialect dialect,
      String types,
      BiPredicate<RelDataType, RelDataType> applies) {
    list.operator(
        "CAST",
        types,
        "CAST({0} AS type)",
        call -> applies.test(call.getOperands().get(0).getType(), call.getType()),
        (call, operands) -> dialect.carry(operands.get(0), call.getType()));
  }
}
