package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** time_bars, tick_bars, volume_bars and dollar_bars, held against SQL that says the same. */
class OtherBarsSqlTest {
  private static final int ROWS = 100_000;

  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void fill() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update(
        "CREATE TABLE lake.trades (symbol VARCHAR, ts TIMESTAMP(6), id BIGINT, price DECIMAL(18,8),"
            + " quantity DECIMAL(18,8)) SORTED BY (symbol, ts, id)");
    catalog.update(
        "INSERT INTO lake.trades SELECT * FROM TABLE(native_query('market_data', 'SELECT"
            + " CASE WHEN i % 7 < 4 THEN ''A'' ELSE ''B'' || (i % 7) END AS symbol,"
            + " make_timestamp(1704067200000000 + i * 137000) AS ts, i AS id,"
            + " CAST(100 + i % 97 AS DECIMAL(18, 8)) AS price,"
            + " CAST((1 + i * 7919 % 1009) / 8 AS DECIMAL(18, 8)) AS quantity FROM range("
            + ROWS
            + ") AS r(i)'))");
  }

  @AfterAll
  static void close() throws Exception {
    catalog.close();
  }

  private static final String COLUMNS =
      "symbol, open_time, close_time, high, low, volume, turnover, first_agg_trade_id,"
          + " agg_record_count";

  /** Bars that a grouping makes: {@code bar} numbers the bars of a symbol. */
  private static List<String> grouped(String bar) throws SQLException {
    return catalog.rows(
        "SELECT symbol, MIN(ts), MAX(ts), CAST(MAX(price) AS DECIMAL(19, 8)), CAST(MIN(price) AS"
            + " DECIMAL(19, 8)), SUM(quantity), SUM(CAST(price AS DECIMAL(20, 8)) * quantity),"
            + " MIN(id), COUNT(*) FROM (SELECT *, "
            + bar
            + " AS bar FROM lake.trades) AS t GROUP BY symbol, bar ORDER BY symbol, MIN(ts)");
  }

  private static List<String> bars(String call) throws SQLException {
    return catalog.rows("SELECT " + COLUMNS + " FROM " + call + " ORDER BY symbol, open_time");
  }

  @Test
  void timeBarsAreTheGroupsOfAnInterval() throws Exception {
    assertThat(
            bars("TABLE(time_bars(TABLE lake.trades PARTITION BY symbol ORDER BY ts, 60, TRUE))"))
        .hasSizeGreaterThan(900)
        .isEqualTo(grouped("floor_to_interval(ts, 60)"));
  }

  @Test
  void tickBarsAreTheGroupsOfACount() throws Exception {
    assertThat(
            bars(
                "tick_bars(data => TABLE lake.trades PARTITION BY symbol ORDER BY ts,"
                    + " ticks => 100, include_incomplete => TRUE)"))
        .hasSizeGreaterThan(900)
        .isEqualTo(grouped("(ROW_NUMBER() OVER (PARTITION BY symbol ORDER BY ts, id) - 1) / 100"));
  }

  @Test
  void volumeBarsHaveTheVolumeAndNoTickMore() throws Exception {
    String bars = "volume_bars(TABLE lake.trades PARTITION BY symbol ORDER BY ts, 1000.5)";
    assertThat(
            catalog.rows(
                "SELECT MIN(volume) >= 1000.5, MAX(volume) < 1000.5 + 1009 / 8.0, COUNT(*) > 5000"
                    + " FROM "
                    + bars))
        .containsExactly("true|true|true");
    // Without its last tick each bar is below the threshold.
    assertThat(
            catalog.rows(
                "SELECT COUNT(*) FROM "
                    + bars
                    + " AS b JOIN lake.trades AS t ON t.id = b.last_agg_trade_id WHERE b.volume -"
                    + " t.quantity >= 1000.5"))
        .containsExactly("0");
  }

  @Test
  void dollarBarsHaveTheTurnoverAndNoTickMore() throws Exception {
    String bars =
        "dollar_bars((SELECT * FROM lake.trades) PARTITION BY symbol ORDER BY ts, turnover)";
    bars = bars.replace("turnover)", "50000.25)");
    assertThat(
            catalog.rows(
                "SELECT MIN(turnover) >= 50000.25, COUNT(*) > 1000, COUNT(*) FILTER (WHERE"
                    + " b.turnover - CAST(t.price AS DECIMAL(20, 8)) * t.quantity >= 50000.25) FROM "
                    + bars
                    + " AS b JOIN lake.trades AS t ON t.id = b.last_agg_trade_id"))
        .containsExactly("true|true|0");
  }

  @Test
  void everyTickIsInOneBar() throws Exception {
    String all = catalog.rows("SELECT COUNT(*), SUM(quantity) FROM lake.trades").get(0);
    for (String call :
        List.of(
            "time_bars(%s, 7, TRUE)",
            "tick_bars(%s, 13, TRUE)",
            "volume_bars(%s, 99, TRUE)",
            "dollar_bars(%s, 12345, TRUE)",
            "range_bars(%s, 900, TRUE, TRUE)")) {
      assertThat(
              catalog.rows(
                  "SELECT SUM(agg_record_count), SUM(volume) FROM "
                      + call.formatted("TABLE lake.trades PARTITION BY symbol ORDER BY ts")))
          .as(call)
          .containsExactly(all);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "time_bars(%s, 0);"
            + "time_bars: interval_s must be a whole number from 1 to 2147483647 but was 0",
        "time_bars(%s, 1.5);"
            + "time_bars: interval_s must be a whole number from 1 to 2147483647 but was 1.5",
        "tick_bars(%s, -3);"
            + "tick_bars: ticks must be a whole number from 1 to 9223372036854775807 but was -3",
        "tick_bars(%s, NULL);"
            + "tick_bars: ticks must be a whole number from 1 to 9223372036854775807 but was NULL",
        "volume_bars(%s, 0.000000001);volume_bars: volume must be positive, with at most 8"
            + " decimals, up to 92233720368.54775807 but was 1E-9",
        "dollar_bars(%s, 'x');dollar_bars: turnover must be positive, with at most 16 decimals, up"
            + " to 9999999999999999999999.9999999999999999 but was 'x'",
        "tick_bars(%s);tick_bars: argument ticks is missing",
        "tick_bars(data => %s, n => 3);tick_bars: has no argument n; its arguments are data, ticks,"
            + " include_incomplete",
        "time_bars(TABLE lake.trades, 60);"
            + "time_bars: the input needs an order: write ORDER BY and its time behind it"
      })
  void wrongArgumentsAreRefusedByName(String call, String message) {
    assertThatThrownBy(
            () ->
                catalog.rows(
                    "SELECT * FROM "
                        + call.formatted("TABLE lake.trades PARTITION BY symbol ORDER BY ts")))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42000"))
        .hasMessageContaining(message.strip());
  }

  /** The rows of many partitions are worked on together; what is wrong first is told. */
  @Test
  void firstBadTickOfTheOrderIsTheOneNamed() {
    assertThatThrownBy(
            () ->
                catalog.rows(
                    "SELECT COUNT(*) FROM tick_bars((SELECT symbol, ts, id, CASE WHEN id IN (40004,"
                        + " 90003) THEN -price ELSE price END AS price, quantity FROM lake.trades)"
                        + " PARTITION BY symbol ORDER BY ts, 100)"))
        .hasMessageContaining("tick_bars: price must be positive, but tick ")
        .hasMessageContaining(
            "(partition symbol = B4, whose tick 0 is row 57145 of the ordered input)")
        .hasMessageNotContaining("symbol = B6");
  }
}
