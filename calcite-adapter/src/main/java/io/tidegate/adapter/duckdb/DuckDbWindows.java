package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownEntry.Windowed;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;

/** Window functions, in any frame and with any exclusion. */
final class DuckDbWindows {
  private DuckDbWindows() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("window/rank");
    add(list, List.of("ROW_NUMBER", "RANK", "DENSE_RANK"), "");
    list.provenBy("window/share");
    add(list, List.of("PERCENT_RANK", "CUME_DIST", "NTILE"), "");
    list.provenBy("window/offset");
    add(list, List.of("LEAD", "LAG"), "");
    list.provenBy("window/frame");
    add(list, List.of("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "COUNT", "SUM", "MIN", "MAX"), "");
    list.provenBy("window/nulls");
    add(list, List.of("LEAD", "LAG", "FIRST_VALUE", "LAST_VALUE", "NTH_VALUE"), " IGNORE NULLS");
    list.provenBy("window/distinct");
    add(list, List.of("COUNT", "SUM"), " DISTINCT");
    list.provenBy("window/aggregate");
    add(list, List.of("ANY_VALUE", "BIT_AND", "BIT_OR", "BIT_XOR", "ARG_MIN", "ARG_MAX"), "");
    list.leftOut("SUM0", "a window's sum of nothing is NULL");
  }

  private static void add(PushDownList.Builder list, List<String> names, String suffix) {
    for (String name : names) {
      String function = name.toLowerCase(Locale.ROOT);
      list.window(
          name + suffix,
          "any",
          switch (suffix) {
            case "" -> function + "({*})";
            case " DISTINCT" -> function + "(DISTINCT {*})";
            default -> function + "({*}" + suffix + ")";
          },
          over -> !comparesMaps(over),
          (use, operands) -> call(function, use, operands));
    }
  }

  private static boolean comparesMaps(RexOver over) {
    boolean compares =
        over.isDistinct() || DuckDbAggregates.COMPARING.contains(over.getAggOperator().getName());
    return over.getWindow().partitionKeys.stream().anyMatch(DuckDbWindows::hasMap)
        || compares && over.getOperands().stream().anyMatch(DuckDbWindows::hasMap);
  }

  private static boolean hasMap(RexNode node) {
    return DuckDbPushDown.hasMap(node.getType());
  }

  private static String call(String function, Windowed use, List<String> operands) {
    return function
        + "("
        + (use.over().isDistinct() ? "DISTINCT " : "")
        + (function.equals("count")
            ? DuckDbAggregates.counted(operands)
            : String.join(", ", operands))
        + (use.over().ignoreNulls() ? " IGNORE NULLS" : "")
        + ")"
        + use.clause();
  }
}
