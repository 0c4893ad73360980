package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What table functions refuse, and how they say it. */
class TableFunctionErrorsTest {
  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void openCatalog() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update(
        "CREATE TABLE lake.t (symbol VARCHAR, ts TIMESTAMP(6), price DOUBLE, qty DOUBLE,"
            + " wide DECIMAL(20, 9), n INTEGER)");
    catalog.update(
        "INSERT INTO lake.t VALUES ('A', TIMESTAMP '2024-01-01 00:00:00', 1, 1, 1, 1),"
            + " ('A', TIMESTAMP '2024-01-01 00:00:01', 2, 1, 1, 2)");
  }

  @AfterAll
  static void closeCatalog() throws Exception {
    catalog.close();
  }

  /** An error as the client can tell it. */
  private record Failure(String message, String state) {}

  private static Failure failure(String sql) {
    SQLException named = null;
    Throwable failure = catchThrowable(() -> catalog.rows(sql));
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      named = cause instanceof SQLException exception ? exception : named;
    }
    return named == null
        ? new Failure("No error: " + sql + ": " + failure, null)
        : new Failure(named.getMessage(), named.getSQLState());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      textBlock =
          """
          TABLE lake.t ORDER BY ts, 0 # threshold must be 1 to 100000 dbps but was 0
          TABLE lake.t ORDER BY ts, -5 # threshold must be 1 to 100000 dbps but was -5
          TABLE lake.t ORDER BY ts, 100001 # threshold must be 1 to 100000 dbps but was 100001
          TABLE lake.t ORDER BY ts, 2.5 # threshold must be 1 to 100000 dbps but was 2.5
          TABLE lake.t ORDER BY ts, NULL # threshold must be 1 to 100000 dbps but was NULL
          TABLE lake.t ORDER BY ts, CAST(NULL AS INTEGER) # threshold must be 1 to 100000 dbps but was NULL
          TABLE lake.t ORDER BY ts, TRUE # threshold must be 1 to 100000 dbps but was TRUE
          TABLE lake.t ORDER BY ts, 'tiny' # threshold must be 1 to 100000 dbps or one of micro, tight, standard, medium, wide, macro but was 'tiny'
          TABLE lake.t ORDER BY ts, 1 + 1 # threshold_dbps must be a constant but was 1 + 1
          TABLE lake.t ORDER BY ts, ? # threshold_dbps must be a constant but was ?
          TABLE lake.t ORDER BY ts, 5, 1 # time_gate must be TRUE or FALSE but was 1
          TABLE lake.t ORDER BY ts, 5, TRUE, NULL # include_incomplete must be TRUE or FALSE but was NULL
          TABLE lake.t ORDER BY ts, 5, TRUE, TRUE, 1 # takes 4 arguments at most: data, threshold_dbps, time_gate, include_incomplete
          TABLE lake.t ORDER BY ts # argument threshold_dbps is missing
          TABLE lake.t ORDER BY ts, threshold_dbps => 5 # give all arguments by name or none
          data => TABLE lake.t ORDER BY ts, data => TABLE lake.t ORDER BY ts # argument data is given twice
          data => TABLE lake.t ORDER BY ts, threshold => 5 # has no argument threshold; its arguments are data, threshold_dbps, time_gate, include_incomplete
          5, 5 # its first argument must be a table: TABLE t, or a query in brackets
          TABLE lake.t, 5 # the input needs an order: write ORDER BY and its time behind it
          TABLE lake.t PARTITION BY symbol, 5 # the input needs an order: write ORDER BY and its time behind it
          TABLE lake.t ORDER BY ts DESC, 5 # ORDER BY must ascend but was "ts" DESC; leave DESC out
          TABLE lake.t ORDER BY n, 5 # column 'n' must be TIMESTAMP but is INTEGER
          TABLE lake.t ORDER BY nope, 5 # ORDER BY column 'nope' is not in the input (its columns: symbol, ts, price, qty, wide, n)
          TABLE lake.t ORDER BY (ts, n), 5 # ORDER BY takes the time and, behind it, agg_trade_id or id, but was "ts", "n"
          TABLE lake.t PARTITION BY nope ORDER BY ts, 5 # PARTITION BY column 'nope' is not in the input (its columns: symbol, ts, price, qty, wide, n)
          TABLE lake.t PARTITION BY (n, n) ORDER BY ts, 5 # PARTITION BY names 'n' twice
          TABLE lake.t PARTITION BY qty ORDER BY ts, 5 # column 'qty' must be of a type without a fraction or parts but is DOUBLE
          (SELECT *, symbol AS volume FROM lake.t) ORDER BY ts, 5 # the input has both volume and qty; select one of them in a query
          (SELECT symbol AS "open", ts, price, qty FROM lake.t) PARTITION BY "open" ORDER BY ts, 5 # the result has a column of its own called 'open'; rename that of the input in a query
          (SELECT ts, price FROM lake.t) ORDER BY ts, 5 # the input has no column quantity or volume or amount or qty (its columns: ts, price)
          (SELECT ts, qty FROM lake.t) ORDER BY ts, 5 # the input has no column price (its columns: ts, qty)
          (SELECT ts, n AS price, qty FROM lake.t) ORDER BY ts, 5 # column 'price' must be DOUBLE, DECIMAL with at most 8 decimals, or BIGINT holding units of 0.00000001 but is INTEGER
          (SELECT ts, price, wide AS qty FROM lake.t) ORDER BY ts, 5 # column 'qty' must be DOUBLE, DECIMAL with at most 8 decimals, or BIGINT holding units of 0.00000001 but is DECIMAL(20, 9)
          (SELECT *, qty AS id FROM lake.t) ORDER BY ts, 5 # column 'id' must be BIGINT but is DOUBLE
          (SELECT *, n AS first_trade_id FROM lake.t) ORDER BY ts, 5 # first_trade_id and last_trade_id come together, but the input has only first_trade_id
          (SELECT *, symbol AS is_buyer_maker FROM lake.t) ORDER BY ts, 5 # column 'is_buyer_maker' must be BOOLEAN, or an integer 0 or 1 but is VARCHAR
          """)
  void rangeBarsRefusesByName(String arguments, String message) {
    assertThat(failure("SELECT * FROM TABLE(range_bars(" + arguments + "))"))
        .isEqualTo(new Failure("range_bars: " + message, "42000"));
  }

  @Test
  void lateralUseIsRefused() {
    assertThat(
            failure(
                "SELECT * FROM lake.t AS o, LATERAL TABLE(range_bars(TABLE lake.t ORDER BY ts,"
                    + " o.n))"))
        .isEqualTo(
            new Failure(
                "range_bars: threshold_dbps must be a constant but was \"o\".\"n\"", "42000"));
    assertThat(
            failure(
                "SELECT * FROM lake.t AS o, LATERAL TABLE(range_bars((SELECT * FROM lake.t AS i"
                    + " WHERE i.symbol = o.symbol) ORDER BY ts, 5))"))
        .isEqualTo(
            new Failure(
                "range_bars: its input must not depend on other tables of the statement", "42000"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      textBlock =
          """
          NULLIF(price, 2) AS price, qty # column 'price' must not be NULL but is in row 2 of the ordered input
          price - 2 AS price, qty # price must be positive, but tick 0 has -1.00000000 (partition symbol = A, whose tick 0 is row 1 of the ordered input)
          price, qty - 2 AS qty # volume must not be negative, but tick 0 has -1.00000000 (partition symbol = A, whose tick 0 is row 1 of the ordered input)
          price, qty * 1e11 AS qty # column 'qty' must be below 92233720368.54775808 but is 1.0E11 in row 1 of the ordered input
          price, CAST(n AS DECIMAL(20, 2)) * 100000000000 AS qty # column 'qty' must be below 92233720368.54775808 but is 100000000000.00 in row 1 of the ordered input
          price, qty, n AS is_buyer_maker # column 'is_buyer_maker' must be 0 or 1 but is 2 in row 2 of the ordered input
          price, qty, 7 AS first_trade_id, 6 AS last_trade_id # the last trade id must not be below the first, but tick 0 has first 7 and last 6 (partition symbol = A, whose tick 0 is row 1 of the ordered input)
          """)
  void badTicksFailTheStatement(String columns, String message) {
    assertThat(
            failure(
                "SELECT * FROM range_bars((SELECT symbol, ts, "
                    + columns
                    + " FROM lake.t) PARTITION BY symbol ORDER BY ts, 5)"))
        .isEqualTo(new Failure("range_bars: " + message, "22023"));
  }

  @Test
  void ticksThatShareTimeAndIdAreRefused() {
    assertThat(
            failure(
                "SELECT * FROM range_bars((SELECT TIMESTAMP '2024-01-01 00:00:00' AS ts, 1.0 AS"
                    + " price, 1.0 AS qty, 3 AS id FROM lake.t) ORDER BY ts, 5)"))
        .isEqualTo(
            new Failure(
                "range_bars: ticks must ascend by (timestamp, trade id), but tick 1 is"
                    + " (1704067200000000, 3) after (1704067200000000, 3)",
                "22023"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      textBlock =
          """
          TABLE lake.t, DESCRIPTOR(ts), 0, 1, 1 # interval_s must be 1 or more seconds but was 0
          TABLE lake.t, DESCRIPTOR(ts), NULL, 1, 1 # interval_s must be 1 or more seconds but was NULL
          TABLE lake.t, DESCRIPTOR(ts), '1m', 1, 1 # interval_s must be 1 or more seconds but was '1m'
          TABLE lake.t, DESCRIPTOR(ts), 60, -1, 1 # pre must be 0 or more candles but was -1
          TABLE lake.t, DESCRIPTOR(ts), 60, 1, -1 # post must be 0 or more candles but was -1
          TABLE lake.t, DESCRIPTOR(ts), 60, 1 # post must be 0 or more candles but was NULL
          TABLE lake.t, DESCRIPTOR(ts), 60, 1, 9999999999 # post must be 0 or more candles but was 9999999999
          TABLE lake.t, DESCRIPTOR(ts), 60, 'pre5' # expected a window such as pre52_post4948 but was 'pre5'
          TABLE lake.t, DESCRIPTOR(ts), 60, 'pre1_post1', 1 # pre must be 0 or more candles but was 'pre1_post1'
          TABLE lake.t, DESCRIPTOR(ts), n, 1, 1 # interval_s must be a constant but was "n"
          TABLE lake.t, DESCRIPTOR(ts), 60, ?, 1 # pre must be a constant but was ?
          TABLE lake.t, DESCRIPTOR(n), 60, 1, 1 # column 'n' must be TIMESTAMP but is INTEGER
          TABLE lake.t, DESCRIPTOR(nope), 60, 1, 1 # DESCRIPTOR column 'nope' is not in the input (its columns: symbol, ts, price, qty, wide, n)
          TABLE lake.t, 5, 60, 1, 1 # timecol must be DESCRIPTOR(column) but was 5
          TABLE lake.t ORDER BY ts, DESCRIPTOR(ts), 60, 1, 1 # its table takes no PARTITION BY and no ORDER BY: every row stands for itself
          (SELECT ts, n AS window_end FROM lake.t), DESCRIPTOR(ts), 60, 1, 1 # the result has a column of its own called 'window_end'; rename that of the input in a query
          """)
  void windowSliceRefusesByName(String arguments, String message) {
    assertThat(failure("SELECT * FROM TABLE(window_slice(" + arguments + "))"))
        .isEqualTo(new Failure("window_slice: " + message, "42000"));
  }
}
