package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rex.RexOver;

/** Window functions, in any frame. */
final class DuckDbWindows {
  private DuckDbWindows() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("window/rank");
    add(list, List.of("ROW_NUMBER", "RANK", "DENSE_RANK"));
    list.provenBy("window/share");
    add(list, List.of("PERCENT_RANK", "CUME_DIST", "NTILE"));
    list.provenBy("window/offset");
    add(list, List.of("LEAD", "LAG"));
    list.provenBy("window/frame");
    add(list, List.of("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "COUNT", "SUM", "MIN", "MAX"));
    list.leftOut("SUM0", "a window's sum of nothing is NULL");
  }

  private static void add(PushDownList.Builder list, List<String> names) {
    for (String name : names) {
      String function = name.toLowerCase(Locale.ROOT);
      list.window(
          name,
          "any",
          function + "({*})",
          DuckDbWindows::isPlain,
          (over, operands) ->
              function
                  + "("
                  + (name.equals("COUNT") && operands.isEmpty() ? "*" : String.join(", ", operands))
                  + ")");
    }
  }

  private static boolean isPlain(RexOver over) {
    return !over.isDistinct() && !over.ignoreNulls();
  }
}
