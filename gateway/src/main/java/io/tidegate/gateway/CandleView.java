package io.tidegate.gateway;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The candles of several tables as one relation. */
final class CandleView {
  private CandleView() {}

  /**
   * A query that takes each UTC day of a token and interval from the table that has most candles of
   * it, which is the complete one if there is one; of equals from the first.
   */
  static String of(Connection connection, List<String> tables, CandleTable.Filter filter)
      throws SQLException {
    if (tables.size() == 1) {
      return CandleTable.of(connection, tables.get(0)).candles(filter);
    }
    CandleTable.Filter all = filter.ofAnyAge();
    List<String> sources = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      sources.add(
          "SELECT "
              + i
              + " AS store, a.* FROM ("
              + CandleTable.of(connection, tables.get(i)).candles(all)
              + ") AS a");
    }
    String day = "mint, interval_s, CAST(ts AS DATE)";
    String counted =
        "SELECT u.*, COUNT(*) OVER (PARTITION BY store, "
            + day
            + ") AS met FROM ("
            + String.join(" UNION ALL ", sources)
            + ") AS u";
    String best =
        "SELECT d.*, FIRST_VALUE(store) OVER (PARTITION BY "
            + day
            + " ORDER BY met DESC, store) AS best FROM ("
            + counted
            + ") AS d";
    String chosen =
        "SELECT mint, ts, interval_s, open, high, low, close, volume, copies, store FROM ("
            + best
            + ") AS b WHERE store = best";
    return filter.newest().isEmpty()
        ? chosen
        : "SELECT mint, ts, interval_s, open, high, low, close, volume, copies, store FROM (SELECT"
            + " v.*, ROW_NUMBER() OVER (PARTITION BY mint, interval_s ORDER BY ts DESC) AS age FROM ("
            + chosen
            + ") AS v) AS n WHERE age <= "
            + filter.newest().get();
  }
}
