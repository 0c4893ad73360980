package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** window_slice: the windows around alerts, and the candles in them. */
class WindowSliceSqlTest {
  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void openCatalog() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update("CREATE TABLE lake.alerts (mint VARCHAR, ts TIMESTAMP(6))");
    catalog.update(
        "INSERT INTO lake.alerts VALUES ('a', TIMESTAMP '2024-01-01 00:10:30'),"
            + " ('b', TIMESTAMP '2024-01-01 00:20:00'), ('c', NULL)");
    catalog.update(
        "CREATE TABLE market_data.candles AS SELECT * FROM TABLE(native_query('market_data',"
            + " 'SELECT m AS mint, make_timestamp(1704067200000000 + i * 60000000) AS ts, i AS n"
            + " FROM range(60) AS r(i), (VALUES (''a''), (''b'')) AS v(m)'))");
  }

  @AfterAll
  static void closeCatalog() throws Exception {
    catalog.close();
  }

  @ParameterizedTest
  @CsvSource({
    "2021-01-01 00:00:00, 60, 52, 4948, 2021-01-01 00:00:00, 2020-12-31 23:08:00, 2021-01-04 10:29:00",
    "2021-01-01 00:00:30, 60, 10, 10, 2021-01-01 00:00:00, 2020-12-31 23:50:00, 2021-01-01 00:11:00",
    "2024-01-01 12:00:00, 60, 10, 20, 2024-01-01 12:00:00, 2024-01-01 11:50:00, 2024-01-01 12:21:00",
    "2021-01-01 00:00:00.123, 1, 3, 2, 2021-01-01 00:00:00, 2020-12-31 23:59:57, 2021-01-01 00:00:03",
    "1969-12-31 23:59:59.999, 60, 1, 1, 1969-12-31 23:59:00, 1969-12-31 23:58:00, 1970-01-01 00:01:00",
    "2021-01-01 00:00:59.999999, 60, 0, 0, 2021-01-01 00:00:00, 2021-01-01 00:00:00, 2021-01-01 00:01:00",
  })
  void windowsAreThoseOfTheSpecification(
      String alert, int seconds, int pre, int post, String anchor, String start, String end)
      throws Exception {
    String query = "(SELECT TIMESTAMP '" + alert + "' AS at), DESCRIPTOR(at), " + seconds + ", ";
    String expected = String.join("|", anchor, start, end);
    String select = "SELECT anchor_ts, window_start, window_end FROM TABLE(window_slice(";
    assertThat(catalog.rows(select + query + pre + ", " + post + "))")).containsExactly(expected);
    assertThat(catalog.rows(select + query + "'pre" + pre + "_post" + post + "'))"))
        .containsExactly(expected);
  }

  @Test
  void candlesOfAWindowAreFoundByAJoin() throws Exception {
    assertThat(
            catalog.rows(
                """
                SELECT w.mint, COUNT(*), MIN(c.n), MAX(c.n)
                FROM TABLE(window_slice(TABLE lake.alerts, DESCRIPTOR(ts), 60, 2, 3)) AS w
                JOIN market_data.candles AS c
                  ON c.mint = w.mint AND c.ts >= w.window_start AND c.ts < w.window_end
                GROUP BY w.mint ORDER BY w.mint"""))
        .containsExactly("a|6|8|13", "b|6|18|23");
  }

  @Test
  void everyAlertGivesARowAndKeepsItsColumns() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT * FROM window_slice(Post => 0, Pre => 1, Interval_S => 60,"
                    + " TimeCol => DESCRIPTOR(TS), Data => TABLE lake.alerts) ORDER BY mint"))
        .containsExactly(
            "a|2024-01-01 00:10:30|2024-01-01 00:10:00|2024-01-01 00:09:00|2024-01-01 00:11:00",
            "b|2024-01-01 00:20:00|2024-01-01 00:20:00|2024-01-01 00:19:00|2024-01-01 00:21:00",
            "c|null|null|null|null");
  }

  @Test
  void storeOfTheAlertsComputesTheWindows() throws Exception {
    assertThat(
            catalog
                .rows(
                    "EXPLAIN PLAN FOR SELECT window_end FROM TABLE(window_slice(TABLE lake.alerts,"
                        + " DESCRIPTOR(ts), 60, 2, 3))")
                .get(0)
                .lines()
                .filter(line -> !line.startsWith("#")))
        .singleElement()
        .asString()
        .startsWith("DuckDB: SELECT")
        .contains("time_bucket");
  }
}
