package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownEntry.Aggregated;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexLiteral;

/** Aggregate functions, with DISTINCT and FILTER. */
final class DuckDbAggregates {
  private DuckDbAggregates() {}

  static void add(PushDownList.Builder list, DuckDbDialect dialect) {
    list.provenBy("aggregate/distinct");
    for (String name : List.of("COUNT", "SUM", "AVG")) {
      plain(list, name + " DISTINCT", name.toLowerCase(Locale.ROOT) + "(DISTINCT {*})");
    }
    list.provenBy("aggregate/count");
    plain(list, "COUNT", "count({*})");
    list.provenBy("aggregate/sum");
    plain(list, "SUM", "sum({*})");
    list.provenBy("join/partial");
    list.aggregate(
        "SUM0",
        "number",
        "coalesce(sum({0}), 0)",
        use -> true,
        (use, operands) -> "coalesce(" + call("sum", use, operands) + ", 0)");
    list.provenBy("aggregate/average");
    plain(list, "AVG", "avg({*})");
    list.provenBy("aggregate/extremes");
    plain(list, "MIN", "min({*})");
    plain(list, "MAX", "max({*})");
    list.provenBy("aggregate/candle");
    plain(list, "ARG_MIN", "arg_min({*})");
    plain(list, "ARG_MAX", "arg_max({*})");
    list.provenBy("aggregate/any");
    plain(list, "ANY_VALUE", "any_value({*})");
    list.provenBy("aggregate/deviation");
    for (String name : List.of("STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP")) {
      plain(list, name, name.toLowerCase(Locale.ROOT) + "({*})");
    }
    list.provenBy("aggregate/bits");
    for (String name : List.of("BIT_AND", "BIT_OR", "BIT_XOR")) {
      plain(list, name, name.toLowerCase(Locale.ROOT) + "({*})");
    }
    list.provenBy("join/in-list")
        .aggregate(
            "LITERAL_AGG",
            "literal",
            "coalesce(any_value({0}), {0})",
            use -> true,
            (use, operands) -> literal(use, dialect))
        .provenBy("aggregate/grouping")
        .aggregate(
            "GROUPING",
            "keys",
            "grouping({*})",
            use -> true,
            (use, operands) -> "grouping(" + String.join(", ", operands) + ")")
        .provenBy("join/scalar")
        .aggregate(
            "SINGLE_VALUE",
            "any",
            "CASE WHEN count(*) > 1 THEN error(...) ELSE any_value({0}) END",
            use -> true,
            (use, operands) ->
                "CASE WHEN count(*) > 1 THEN error('a scalar sub-query returned more than one row')"
                    + " ELSE any_value("
                    + operands.get(0)
                    + ") END");
  }

  private static void plain(PushDownList.Builder list, String name, String spelling) {
    String function = spelling.substring(0, spelling.indexOf('('));
    list.aggregate(
        name, "any", spelling, use -> true, (use, operands) -> call(function, use, operands));
  }

  private static String call(String function, Aggregated use, List<String> operands) {
    String distinct = use.call().isDistinct() ? "DISTINCT " : "";
    String arguments = String.join(", ", operands);
    if (function.equals("count") && operands.isEmpty()) {
      arguments = "*";
    } else if (function.equals("count") && operands.size() > 1) {
      // A row counts if none of its values is NULL.
      arguments =
          "CASE WHEN "
              + String.join(" OR ", operands.stream().map(o -> o + " IS NULL").toList())
              + " THEN NULL ELSE row("
              + arguments
              + ") END";
    }
    return function + "(" + distinct + arguments + ")" + use.tail();
  }

  /** The same value for every group, and for no rows too. */
  private static String literal(Aggregated use, DuckDbDialect dialect) {
    String value = dialect.literal((RexLiteral) use.call().rexList.get(0));
    return "coalesce(any_value(" + value + "), " + value + ")";
  }
}
