package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Aggregated;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rex.RexLiteral;

/** Aggregate functions, with DISTINCT, FILTER and WITHIN GROUP. */
final class DuckDbAggregates {
  /** Those whose answer depends on which values are equal, or less. */
  static final Set<String> COMPARING = Set.of("MIN", "MAX", "ARG_MIN", "ARG_MAX", "MODE");

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
    list.provenBy("aggregate/regression");
    for (String name : List.of("COVAR_POP", "COVAR_SAMP", "REGR_SXX", "REGR_SYY")) {
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
    ordered(list);
  }

  /** Aggregates whose answer depends on the order of their rows, or is one of several. */
  private static void ordered(PushDownList.Builder list) {
    for (String distinct : List.of("", " DISTINCT")) {
      list.provenBy(distinct.isEmpty() ? "aggregate/list" : "aggregate/list-distinct")
          .orderedAggregate(
              "LISTAGG" + distinct,
              "text, separator literal",
              "string_agg({0}, {1} ORDER BY ...)",
              use -> true,
              (use, operands) -> joined(use, operands))
          .orderedAggregate(
              "COLLECT" + distinct,
              "any",
              "coalesce(list({0} ORDER BY ...), [])",
              use -> distinct.isEmpty() || hasNoMap(use),
              (use, operands) -> "coalesce(" + call("list", use, operands) + ", [])")
          .orderedAggregate(
              "ARRAY_AGG" + distinct,
              "any",
              "list({0} ORDER BY ...)",
              use -> distinct.isEmpty() || hasNoMap(use),
              (use, operands) -> call("list", use, operands));
    }
    list.provenBy("aggregate/list")
        .aggregate(
            "FUSION",
            "multiset",
            "coalesce(flatten(list({0})), [])",
            use -> true,
            (use, operands) -> "coalesce(flatten(" + call("list", use, operands) + "), [])")
        .provenBy("aggregate/percentile");
    plain(list, "MODE", "mode({*})");
    list.orderedAggregate(
            "PERCENTILE_CONT",
            "fraction literal, by floating values",
            "percentile_cont({0}) WITHIN GROUP (ORDER BY ...)",
            use -> Operand.isFloating(use.call().getType()),
            (use, operands) -> percentile("percentile_cont", use, operands))
        .orderedAggregate(
            "PERCENTILE_DISC",
            "fraction literal",
            "percentile_disc({0}) WITHIN GROUP (ORDER BY ...)",
            use -> true,
            (use, operands) -> percentile("percentile_disc", use, operands))
        .leftOut(
            "PERCENTILE_CONT",
            "what lies between two whole numbers is none: ORDER BY a CAST to DOUBLE");
  }

  private static void plain(PushDownList.Builder list, String name, String spelling) {
    String function = spelling.substring(0, spelling.indexOf('('));
    boolean compares = COMPARING.contains(name) || name.endsWith(" DISTINCT");
    list.aggregate(
        name,
        compares ? "any but MAPs" : "any",
        spelling,
        compares ? DuckDbAggregates::hasNoMap : use -> true,
        (use, operands) -> call(function, use, operands));
  }

  private static boolean hasNoMap(Aggregated use) {
    return use.types().stream().noneMatch(DuckDbPushDown::hasMap);
  }

  private static String call(String function, Aggregated use, List<String> operands) {
    String arguments = function.equals("count") ? counted(operands) : String.join(", ", operands);
    return function + "(" + use.distinct() + arguments + use.orderBy() + ")" + use.tail();
  }

  /** A row counts if none of its values is NULL. */
  static String counted(List<String> operands) {
    return switch (operands.size()) {
      case 0 -> "*";
      case 1 -> operands.get(0);
      default ->
          "CASE WHEN "
              + String.join(" OR ", operands.stream().map(o -> o + " IS NULL").toList())
              + " THEN NULL ELSE row("
              + String.join(", ", operands)
              + ") END";
    };
  }

  private static String joined(Aggregated use, List<String> operands) {
    String separator = operands.size() > 1 ? operands.get(1) : "','";
    return call("string_agg", use, List.of(operands.get(0), separator));
  }

  private static String percentile(String function, Aggregated use, List<String> operands) {
    return function
        + "("
        + operands.get(0)
        + ") WITHIN GROUP ("
        + use.orderBy().trim()
        + ")"
        + use.tail();
  }

  /** The same value for every group, and for no rows too. */
  private static String literal(Aggregated use, DuckDbDialect dialect) {
    String value = dialect.literal((RexLiteral) use.call().rexList.get(0));
    return "coalesce(any_value(" + value + "), " + value + ")";
  }
}
