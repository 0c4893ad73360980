package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.ANY;
import static io.tidegate.adapter.store.Operand.MOMENT;
import static io.tidegate.adapter.store.Operand.WORD;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.TimestampDifference;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexCall;

/** Parts of times. Intervals are among the arithmetic. */
final class DuckDbTime {
  private DuckDbTime() {}

  static void add(PushDownList.Builder list, DuckDbDialect dialect) {
    list.provenBy("time/floor")
        .operator(
            "FLOOR",
            "date_trunc('unit', {0})",
            (call, operands) -> dialect.carry(truncated(operands), call.getType()),
            MOMENT,
            WORD)
        .provenBy("time/ceil")
        .operator(
            "CEIL",
            "date_trunc('unit', {0}) + INTERVAL 1 unit",
            (call, operands) -> dialect.carry(ceiling(operands), call.getType()),
            MOMENT,
            WORD)
        .provenBy("time/extract")
        .operator("EXTRACT", "extract(unit FROM {1})", DuckDbTime::extract, WORD, ANY)
        .provenBy("time/difference")
        .operator(
            "TIMESTAMPDIFF",
            "(epoch_us({2}) - epoch_us({1})) // unit",
            (call, operands) -> TimestampDifference.FUNCTION.duckDb(operands),
            WORD,
            MOMENT,
            MOMENT)
        .provenBy("time/now")
        .operator("CURRENT_TIMESTAMP", "any", "CAST(now() AS TIMESTAMP)", call -> true, now())
        .operator("LOCALTIMESTAMP", "any", "CAST(now() AS TIMESTAMP)", call -> true, now())
        .operator("CURRENT_DATE", "current_date");
  }

  private static Spelling<RexCall> now() {
    return (call, operands) -> "CAST(now() AS TIMESTAMP)";
  }

  private static String truncated(List<String> operands) {
    return "date_trunc('" + unit(operands) + "', " + operands.get(0) + ")";
  }

  private static String ceiling(List<String> operands) {
    String floored = truncated(operands);
    return "CASE WHEN "
        + floored
        + " = "
        + operands.get(0)
        + " THEN "
        + operands.get(0)
        + " ELSE "
        + floored
        + " + INTERVAL 1 "
        + unit(operands)
        + " END";
  }

  private static String unit(List<String> operands) {
    String unit = operands.get(1);
    return switch (unit) {
      case "YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND" ->
          unit.toLowerCase(Locale.ROOT);
      default -> throw new NotSupported("FLOOR or CEIL TO " + unit);
    };
  }

  private static String extract(RexCall call, List<String> operands) {
    String unit = operands.get(0);
    String value = "extract(" + unit + " FROM " + operands.get(1) + ")";
    return switch (unit) {
      case "YEAR",
          "QUARTER",
          "MONTH",
          "WEEK",
          "DAY",
          "HOUR",
          "MINUTE",
          "SECOND",
          "ISOYEAR",
          "CENTURY",
          "DECADE",
          "ISODOW",
          "DOY" ->
          value;
      // SQL counts Sunday as 1.
      case "DOW" -> "(" + value + " + 1)";
      case "EPOCH" -> "CAST(floor(" + value + ") AS BIGINT)";
      default -> throw new NotSupported("EXTRACT(" + unit + ")");
    };
  }
}
