package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bars of lake tables: when the sort is left out, and that it is not missed. */
class BarsOfStoredOrderTest {
  private static final int ROWS = 400_000;

  @TempDir private Path directory;
  private LocalCatalog catalog;

  @BeforeEach
  void open() throws Exception {
    catalog = new LocalCatalog(directory);
  }

  @AfterEach
  void close() throws Exception {
    catalog.close();
  }

  private void create(String table, String layout) throws SQLException {
    catalog.update(
        "CREATE TABLE lake."
            + table
            + " (symbol VARCHAR, ts TIMESTAMP(6), id BIGINT, price DECIMAL(18,8), quantity DOUBLE) "
            + layout);
  }

  /** Ticks of two symbols in turn, one a second, numbered from one to the other; shuffled. */
  private void load(String table, int from, int to) throws SQLException {
    catalog.update(
        "INSERT INTO lake."
            + table
            + " SELECT * FROM TABLE(native_query('market_data', 'SELECT CASE WHEN i % 2 = 0 THEN"
            + " ''BTC'' ELSE ''ETH'' END AS symbol, make_timestamp(1704067200000000 + i * 1000000)"
            + " AS ts, i AS id, CAST(100 + i * 31 % 101 AS DECIMAL(18, 8)) AS price, 0.5 +"
            + " i % 3 AS quantity FROM range("
            + from
            + ", "
            + to
            + ") AS r(i) ORDER BY hash(i)'))");
  }

  private static String bars(String input) {
    return " FROM range_bars(" + input + ", 30000, TRUE, TRUE)";
  }

  private static final String BY_SYMBOL = "TABLE lake.%s PARTITION BY symbol ORDER BY ts";

  private boolean isSorted(String input) throws SQLException {
    return catalog.rows("EXPLAIN PLAN FOR SELECT *" + bars(input)).get(0).contains("ORDER BY \"");
  }

  private List<String> rows(String input) throws SQLException {
    return catalog.rows(
        "SELECT symbol, open_time, close_time, open, close, volume, last_agg_trade_id"
            + bars(input)
            + " ORDER BY symbol, open_time");
  }

  /** What a table that says nothing of its order gives. */
  private List<String> expected(int rows) throws SQLException {
    create("heap", "");
    load("heap", 0, rows);
    String input = BY_SYMBOL.formatted("heap");
    assertThat(isSorted(input)).isTrue();
    List<String> expected = rows(input);
    assertThat(expected).hasSizeGreaterThan(rows / 1000);
    return expected;
  }

  @Test
  void oneFileInTheOrderOfTheBarsIsNotSorted() throws Exception {
    create("ticks", "SORTED BY (symbol, ts, id)");
    load("ticks", 0, ROWS);
    String input = BY_SYMBOL.formatted("ticks");
    assertThat(isSorted(input)).isFalse();
    assertThat(rows(input)).isEqualTo(expected(ROWS));
  }

  @Test
  void monthsThatWereLoadedOneByOneInAnyOrderAreNotSorted() throws Exception {
    create("ticks", "PARTITIONED BY (symbol, FLOOR(ts TO DAY)) SORTED BY (ts, id)");
    load("ticks", 300_000, ROWS);
    load("ticks", 0, 100_000);
    load("ticks", 100_000, 300_000);
    String input = BY_SYMBOL.formatted("ticks");
    assertThat(isSorted(input)).isFalse();
    assertThat(rows(input)).isEqualTo(expected(ROWS));
  }

  @Test
  void runsThatOverlapAreSorted() throws Exception {
    create("ticks", "PARTITIONED BY (symbol) SORTED BY (ts, id)");
    load("ticks", 0, 3_000);
    load("ticks", 2_000, 5_000);
    String all = BY_SYMBOL.formatted("ticks");
    assertThat(isSorted(all)).isTrue();
    // The earlier run alone is in order.
    assertThat(
            isSorted(
                "(SELECT * FROM lake.ticks WHERE ts < TIMESTAMP '2024-01-01 00:30:00') PARTITION BY"
                    + " symbol ORDER BY ts"))
        .isFalse();
  }

  @Test
  void orderThatTheTableDoesNotHaveIsMade() throws Exception {
    create("ticks", "SORTED BY (ts, id)");
    load("ticks", 0, 5_000);
    assertThat(isSorted(BY_SYMBOL.formatted("ticks"))).isTrue();
    assertThat(rows(BY_SYMBOL.formatted("ticks"))).isEqualTo(expected(5_000));
    assertThat(isSorted("TABLE lake.ticks ORDER BY ts")).isFalse();
    create("loose", "SORTED BY (symbol, ts)");
    load("loose", 0, 5_000);
    // The id orders ticks of one moment, and the table does not say that it does.
    assertThat(isSorted(BY_SYMBOL.formatted("loose"))).isTrue();
  }

  @Test
  void symbolThatTheStatementFixesNeedsNoOrder() throws Exception {
    create("ticks", "SORTED BY (symbol, ts, id)");
    load("ticks", 0, 5_000);
    assertThat(isSorted("(SELECT * FROM lake.ticks WHERE symbol = 'BTC') ORDER BY ts")).isFalse();
    assertThat(isSorted("(SELECT * FROM lake.ticks WHERE symbol >= 'BTC') ORDER BY ts")).isTrue();
    assertThat(isSorted("TABLE lake.ticks ORDER BY ts")).isTrue();
  }
}
