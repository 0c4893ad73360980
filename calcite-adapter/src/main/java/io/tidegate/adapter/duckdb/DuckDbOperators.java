package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDownList;

/** Relational operators: all of them, over conditions that may fail. */
final class DuckDbOperators {
  private DuckDbOperators() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("filter/logic");
    raising(list, "FILTER", "WHERE");
    list.provenBy("filter/case");
    any(list, "PROJECT", "SELECT");
    list.provenBy("aggregate/group");
    any(list, "GROUP BY", "GROUP BY");
    list.provenBy("aggregate/rollup");
    any(list, "GROUPING SETS", "GROUPING SETS");
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
    any(list, "UNION", "UNION");
    any(list, "INTERSECT", "INTERSECT");
    any(list, "EXCEPT", "EXCEPT");
    list.provenBy("set/all");
    any(list, "INTERSECT ALL", "INTERSECT ALL");
    any(list, "EXCEPT ALL", "EXCEPT ALL");
    list.provenBy("set/values");
    any(list, "VALUES", "VALUES");
  }

  private static void any(PushDownList.Builder list, String name, String spelling) {
    list.relation(name, "", spelling, rel -> true);
  }

  private static void raising(PushDownList.Builder list, String name, String spelling) {
    any(list, name, spelling);
    list.raises();
  }
}
