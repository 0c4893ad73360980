package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.type.RelDataTypeField;

/** Relational operators: all of them, over conditions that may fail. */
final class DuckDbOperators {
  private DuckDbOperators() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("filter/logic");
    raising(list, "FILTER", "WHERE");
    list.provenBy("filter/case");
    any(list, "PROJECT", "SELECT");
    list.provenBy("aggregate/group");
    list.relation("GROUP BY", "keys that are no MAPs", "GROUP BY", DuckDbOperators::mayGroup);
    list.provenBy("aggregate/rollup");
    list.relation(
        "GROUPING SETS", "keys that are no MAPs", "GROUPING SETS", DuckDbOperators::mayGroup);
    list.provenBy("order/order");
    any(list, "ORDER BY", "ORDER BY");
    list.provenBy("order/limit");
    any(list, "LIMIT", "LIMIT");
    list.provenBy("join/inner");
    raising(list, "INNER JOIN", "INNER JOIN");
    list.provenBy("join/outer");
    raising(list, "LEFT JOIN", "LEFT JOIN");
    raising(list, "RIGHT JOIN", "RIGHT JOIN");
    raising(list, "FULL JOIN", "FULL JOIN");
    list.provenBy("join/semi");
    raising(list, "SEMI JOIN", "SEMI JOIN");
    raising(list, "ANTI JOIN", "ANTI JOIN");
    list.provenBy("asof/nearest");
    raising(list, "ASOF JOIN", "ASOF JOIN");
    raising(list, "LEFT ASOF JOIN", "ASOF LEFT JOIN");
    list.provenBy("unnest/lateral");
    raising(list, "CORRELATE", "JOIN LATERAL");
    list.provenBy("unnest/unnest");
    any(list, "UNNEST", "unnest({*})");
    list.provenBy("unnest/array");
    any(list, "ARRAY(query)", "list({0})");
    list.provenBy("sub-query/recursion");
    any(list, "WITH RECURSIVE", "WITH RECURSIVE");
    list.provenBy("set/union-all");
    any(list, "UNION ALL", "UNION ALL");
    list.provenBy("set/distinct");
    compared(list, "UNION");
    compared(list, "INTERSECT");
    compared(list, "EXCEPT");
    list.provenBy("set/all");
    compared(list, "INTERSECT ALL");
    compared(list, "EXCEPT ALL");
    list.provenBy("set/values");
    any(list, "VALUES", "VALUES");
  }

  private static void compared(PushDownList.Builder list, String name) {
    list.relation(
        name, "columns that are no MAPs", name, rel -> !DuckDbPushDown.hasMap(rel.getRowType()));
  }

  private static boolean mayGroup(RelNode rel) {
    List<RelDataTypeField> columns = ((Aggregate) rel).getInput().getRowType().getFieldList();
    return ((Aggregate) rel)
        .getGroupSet().asList().stream()
            .noneMatch(key -> DuckDbPushDown.hasMap(columns.get(key).getType()));
  }

  private static void any(PushDownList.Builder list, String name, String spelling) {
    list.relation(name, "", spelling, rel -> true);
  }

  private static void raising(PushDownList.Builder list, String name, String spelling) {
    any(list, name, spelling);
    list.raises();
  }
}
