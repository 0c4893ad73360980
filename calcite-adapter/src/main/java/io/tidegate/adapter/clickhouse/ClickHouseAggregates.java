package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Aggregated;
import io.tidegate.adapter.store.PushDownList;
import java.util.function.Predicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Aggregate functions. Of nothing they are NULL, by a session setting; sums are made in a type that
 * holds them.
 */
final class ClickHouseAggregates {
  private ClickHouseAggregates() {}

  static void add(PushDownList.Builder list, ClickHouseDialect dialect) {
    list.provenBy("aggregate/count")
        .aggregate(
            "COUNT",
            "none, any",
            "count({*})",
            use -> use.types().size() <= 1,
            (use, operands) -> "count(" + String.join("", operands) + ")" + use.tail())
        .provenBy("aggregate/distinct")
        .aggregate(
            "COUNT DISTINCT",
            "not floating",
            "count(DISTINCT {0})",
            use -> use.types().size() == 1 && hasOrder(use.type()),
            (use, operands) -> "count(DISTINCT " + operands.get(0) + ")" + use.tail())
        .aggregate(
            "SUM DISTINCT",
            "TINYINT, SMALLINT, INTEGER",
            "sum(DISTINCT {0})",
            of(ClickHouseAggregates::isSmallInteger),
            (use, operands) -> "sum(DISTINCT " + operands.get(0) + ")" + use.tail())
        .aggregate(
            "AVG DISTINCT",
            "TINYINT, SMALLINT, INTEGER",
            "(toFloat64(sum(DISTINCT {0})) / count(DISTINCT {0}))",
            of(ClickHouseAggregates::isSmallInteger),
            (use, operands) ->
                "(toFloat64(sum(DISTINCT "
                    + operands.get(0)
                    + ")"
                    + use.tail()
                    + ") / count(DISTINCT "
                    + operands.get(0)
                    + ")"
                    + use.tail()
                    + ")")
        .provenBy("aggregate/sum")
        .aggregate(
            "SUM",
            "number; DECIMAL to 19 digits",
            "sum({0})",
            of(ClickHouseAggregates::hasSum),
            (use, operands) -> sum(operands.get(0), use) + use.tail())
        .provenBy("aggregate/average")
        .aggregate(
            "AVG",
            "floating",
            "avg(toFloat64({0}))",
            of(Operand::isFloating),
            (use, operands) -> "avg(toFloat64(" + operands.get(0) + "))" + use.tail())
        .aggregate(
            "AVG",
            "exact; DECIMAL to 19 digits",
            "(toFloat64(sum({0})) / count({0}))",
            of(ClickHouseAggregates::hasSum),
            (use, operands) -> average(operands.get(0), use))
        .provenBy("aggregate/extremes")
        .aggregate(
            "MIN",
            "not floating",
            "min({0})",
            of(ClickHouseAggregates::hasOrder),
            (use, operands) -> "min(" + operands.get(0) + ")" + use.tail())
        .aggregate(
            "MAX",
            "not floating",
            "max({0})",
            of(ClickHouseAggregates::hasOrder),
            (use, operands) -> "max(" + operands.get(0) + ")" + use.tail())
        .aggregate(
            "MIN",
            "floating",
            "ifNull(minIf({0}, NOT isNaN({0})), min({0}))",
            of(Operand::isFloating),
            (use, operands) -> least(operands.get(0), use))
        .aggregate(
            "MAX",
            "floating",
            "if(max(isNaN({0})), nan, max({0}))",
            of(Operand::isFloating),
            (use, operands) -> greatest(operands.get(0), use))
        .provenBy("aggregate/candle")
        .aggregate(
            "ARG_MIN",
            "not floating, not floating",
            "argMin({0}, {1})",
            ClickHouseAggregates::isOfOrdered,
            (use, operands) -> "argMin(" + String.join(", ", operands) + ")" + use.tail())
        .aggregate(
            "ARG_MAX",
            "not floating, not floating",
            "argMax({0}, {1})",
            ClickHouseAggregates::isOfOrdered,
            (use, operands) -> "argMax(" + String.join(", ", operands) + ")" + use.tail())
        .provenBy("aggregate/any")
        .aggregate(
            "ANY_VALUE",
            "any",
            "any({0})",
            use -> use.types().size() == 1,
            (use, operands) -> "any(" + operands.get(0) + ")" + use.tail())
        .provenBy("join/in-list")
        .aggregate(
            "LITERAL_AGG",
            "literal",
            "ifNull(any({0}), {0})",
            use -> true,
            (use, operands) -> literal(use, dialect))
        .provenBy("aggregate/grouping")
        .aggregate(
            "GROUPING",
            "key",
            "grouping({0})",
            use -> use.types().size() == 1,
            (use, operands) -> "grouping(" + operands.get(0) + ")");
  }

  private static Predicate<Aggregated> of(Predicate<RelDataType> type) {
    return use -> use.types().size() == 1 && type.test(use.type());
  }

  private static boolean isSmallInteger(RelDataType type) {
    return Operand.isInteger(type) && type.getSqlTypeName() != SqlTypeName.BIGINT;
  }

  /** 10^19 values of 19 digits fit into 38. */
  private static boolean hasSum(RelDataType type) {
    return SqlTypeUtil.isDecimal(type) ? type.getPrecision() <= 19 : SqlTypeUtil.isNumeric(type);
  }

  private static boolean hasOrder(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, DATE, TIMESTAMP, CHAR, VARCHAR ->
          true;
      default -> false;
    };
  }

  private static boolean isOfOrdered(Aggregated use) {
    return use.types().size() == 2 && use.types().stream().allMatch(ClickHouseAggregates::hasOrder);
  }

  private static String sum(String operand, Aggregated use) {
    return switch (use.type().getSqlTypeName()) {
      case REAL -> "sum(toFloat64(" + operand + "))";
      case BIGINT -> "sum(CAST(" + operand + " AS Decimal(38, 0)))";
      default -> "sum(" + operand + ")";
    };
  }

  /** Exact numbers are added exactly and divided at the end. */
  private static String average(String operand, Aggregated use) {
    return "(toFloat64("
        + sum(operand, use)
        + use.tail()
        + ") / count("
        + operand
        + ")"
        + use.tail()
        + ")";
  }

  /** NaN is greater than every number; ClickHouse's own result depends on the order. */
  private static String least(String operand, Aggregated use) {
    String number = "NOT isNaN(" + operand + ")";
    String condition = use.filter() == null ? number : "(" + number + ") AND " + use.filter();
    return "ifNull(minIf("
        + operand
        + ", "
        + condition
        + "), min("
        + operand
        + ")"
        + use.tail()
        + ")";
  }

  private static String greatest(String operand, Aggregated use) {
    return "if(max(isNaN("
        + operand
        + "))"
        + use.tail()
        + ", nan, max("
        + operand
        + ")"
        + use.tail()
        + ")";
  }

  /** The same value for every group, and for no rows too. */
  private static String literal(Aggregated use, ClickHouseDialect dialect) {
    String value = dialect.literal((RexLiteral) use.call().rexList.get(0));
    return "ifNull(any(" + value + "), " + value + ")";
  }
}
