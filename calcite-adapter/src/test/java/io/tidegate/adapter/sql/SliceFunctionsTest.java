package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** read_alerts, candle_columns and slice_coverage. */
class SliceFunctionsTest {
  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void openCatalog() throws Exception {
    catalog = new LocalCatalog(directory);
  }

  @AfterAll
  static void closeCatalog() throws Exception {
    catalog.close();
  }

  private static String csv(String text) throws Exception {
    Path file = Files.createTempFile(directory, "alerts", ".CSV");
    Files.writeString(file, text);
    return "TABLE(read_alerts('" + file + "'))";
  }

  /** 1704110400000 was once read as a day of the year 1704. */
  @ParameterizedTest
  @CsvSource({
    "1704110400000, 2024-01-01 12:00:00",
    "1704110400123, 2024-01-01 12:00:00.123",
    "1704110400, 2024-01-01 12:00:00",
    "1704110400.5, 2024-01-01 12:00:00.5",
    "999999999999, 33658-09-27 01:46:39",
    "1000000000000, 2001-09-09 01:46:40",
    "-1, 1969-12-31 23:59:59",
    "2024-01-01T12:00:00Z, 2024-01-01 12:00:00",
    "2024-01-01T12:00:00.123456, 2024-01-01 12:00:00.123456",
    "2024-01-01 13:00:00+01:00, 2024-01-01 12:00:00",
    "2024-01-01, 2024-01-01 00:00:00",
  })
  void timeOfACsvFileIsAnEpochBeforeItIsADate(String text, String expected) throws Exception {
    String alerts = csv("mint,timestamp\nm," + text + "\n");
    if (expected.startsWith("33658")) {
      assertThatThrownBy(() -> catalog.rows("SELECT alert_ts FROM " + alerts))
          .hasMessageContaining("is no epoch in s or ms");
      return;
    }
    assertThat(catalog.rows("SELECT alert_ts FROM " + alerts)).containsExactly(expected);
  }

  @Test
  void namesAreTakenInTheirOrderAndEmptyTextsAreNone() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT * FROM "
                    + csv(
                        "id,token_address,ts_ms,alert_id,mint\n7,t,1000000000000,,\n,,,x,m\n8,t,1,9,n\n")))
        .containsExactly("7|t|2001-09-09 01:46:40", "x|m|null", "9|n|1970-01-01 00:00:01");
    assertThat(catalog.rows("SELECT alert_id FROM " + csv("mint,ts\nm,1704110400\n")))
        .containsExactly("m@1704110400000");
  }

  @Test
  void alertsOfParquetKeepTheirTypes() throws Exception {
    Path file = directory.resolve("alerts.parquet");
    catalog.rows("SELECT * FROM TABLE(native_query('market_data', 'SELECT 1'))");
    catalog.update(
        "CREATE TABLE lake.p (alert_id BIGINT, mint VARCHAR, ts TIMESTAMP, ts_ms BIGINT)");
    catalog.update(
        "INSERT INTO lake.p VALUES (1, '007', TIMESTAMP '2024-01-01 12:00:00.000001', NULL),"
            + " (2, 'm', NULL, 1704110400)");
    try (var tree = Files.walk(directory.resolve("lake/p"))) {
      Files.copy(
          tree.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow(), file);
    }
    assertThat(catalog.rows("SELECT * FROM TABLE(read_alerts('" + file + "')) ORDER BY alert_id"))
        .containsExactly("1|007|2024-01-01 12:00:00.000001", "2|m|2024-01-01 12:00:00");
  }

  @Test
  void filesThatAreNoAlertsAreNamed() throws Exception {
    assertThatThrownBy(() -> catalog.rows("SELECT * FROM TABLE(read_alerts('alerts.json'))"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("read_alerts: 'alerts.json' is no file of alerts");
    String noTime = csv("mint,when\nm,1\n");
    assertThatThrownBy(() -> catalog.rows("SELECT * FROM " + noTime))
        .hasMessageContaining("has no column ts or timestamp or ts_ms (its columns: mint, when)");
    String bad = csv("mint,ts\nm,yesterday\n");
    assertThatThrownBy(() -> catalog.rows("SELECT * FROM " + bad))
        .hasMessageContaining("yesterday");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The five shapes of ohlcv_candles.
        "SELECT 'm' AS token_address, 'solana' AS chain, TIMESTAMP '2024-01-01 00:00:00' AS"
            + " timestamp, '1m' AS interval, 1 AS open, 2 AS high, 0.5 AS low, 1.5 AS close, 9 AS"
            + " volume",
        "SELECT 'm' AS token_address, 'solana' AS chain, TIMESTAMP '2024-01-01 00:00:00' AS"
            + " timestamp, 60 AS interval, 1 AS open, 2 AS high, 0.5 AS low, 1.5 AS close, 9 AS"
            + " volume",
        "SELECT 'm' AS token_address, 'solana' AS chain, TIMESTAMP '2024-01-01 00:00:00' AS"
            + " timestamp, '60' AS interval, 0 AS interval_seconds, 1 AS open, 2 AS high, 0.5 AS"
            + " low, 1.5 AS close, 9 AS volume",
        "SELECT 'm' AS token_address, 'solana' AS chain, TIMESTAMP '2024-01-01 00:00:00' AS"
            + " timestamp, 60 AS interval_seconds, 1 AS o, 2 AS h, 0.5 AS l, 1.5 AS c, 9 AS v",
        "SELECT 'm' AS token_address, 'solana' AS chain, TIMESTAMP '2024-01-01 00:00:00' AS"
            + " timestamp, 60 AS interval_seconds, 1 AS open, 2 AS high, 0.5 AS low, 1.5 AS close,"
            + " 9 AS volume, 7 AS quality_score, TIMESTAMP '2024-01-02 00:00:00' AS ingested_at",
      })
  void candlesOfEveryShapeAreTheSame(String shape) throws Exception {
    boolean known = shape.contains("quality_score");
    String candles = "TABLE(candle_columns((" + shape + "), %s))";
    assertThat(catalog.rows("SELECT * FROM " + candles.formatted("60, 'solana'")))
        .containsExactly(
            "m|2024-01-01 00:00:00|1.0|2.0|0.5|1.5|9.0|"
                + (known ? "7|2024-01-02 00:00:00" : "null|null"));
    assertThat(catalog.rows("SELECT mint FROM " + candles.formatted("60"))).hasSize(1);
    assertThat(catalog.rows("SELECT mint FROM " + candles.formatted("300, 'solana'"))).isEmpty();
    assertThat(catalog.rows("SELECT mint FROM " + candles.formatted("60, 'base'"))).isEmpty();
    assertThatThrownBy(() -> catalog.rows("SELECT mint FROM " + candles.formatted("0")))
        .hasMessageContaining("interval_s must be 1 or more seconds but was 0");
  }

  @Test
  void candlesWithoutAnIntervalAreRefused() {
    assertThatThrownBy(
            () ->
                catalog.rows(
                    "SELECT * FROM TABLE(candle_columns((SELECT 'm' AS mint, TIMESTAMP '2024-01-01"
                        + " 00:00:00' AS ts, 1 AS o, 1 AS h, 1 AS l, 1 AS c, 1 AS v), 60))"))
        .hasMessageContaining("the input has no column interval or interval_seconds");
  }

  private static String coverage(String rows, String window) {
    return "SELECT * FROM TABLE(slice_coverage((SELECT id, at, CAST(ts AS TIMESTAMP) AS ts FROM (VALUES "
        + rows
        + ") AS v(id, at, ts)) PARTITION BY (id, at) ORDER BY ts, DESCRIPTOR(at), "
        + window
        + ")) ORDER BY id";
  }

  @Test
  void coverageIsOneRowForEachAlert() throws Exception {
    String at = "TIMESTAMP '2024-01-01 12:00:30'";
    assertThat(
            catalog.rows(
                coverage(
                    "('a', "
                        + at
                        + ", TIMESTAMP '2024-01-01 12:00:00'),"
                        + "('a', "
                        + at
                        + ", TIMESTAMP '2024-01-01 12:00:00'),"
                        + "('a', "
                        + at
                        + ", TIMESTAMP '2024-01-01 11:59:00'),"
                        + "('a', "
                        + at
                        + ", TIMESTAMP '2024-01-01 11:00:00'),"
                        + "('b', "
                        + at
                        + ", NULL),"
                        + "('c', "
                        + at
                        + ", TIMESTAMP '2024-01-01 12:01:00')",
                    "60, 'pre1_post1'")))
        .containsExactly(
            "a|2024-01-01 12:00:30|1704110400000|1|1|2|1704110340000|1704110400000|complete|3|1|1|[[1704110460000,1704110520000]]",
            "b|2024-01-01 12:00:30|1704110400000|0|0|0|null|null|insufficient|3|3|0|[[1704110340000,1704110520000]]",
            "c|2024-01-01 12:00:30|1704110400000|0|1|1|1704110460000|1704110460000|partial|3|2|0|[[1704110340000,1704110460000]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "60, 'pre52'|expected a window such as pre52_post4948 but was 'pre52'",
        "60, 'pre-1_post5'|expected a window such as pre52_post4948 but was 'pre-1_post5'",
        "0, 1, 1|interval_s must be 1 or more seconds but was 0",
        "60, -1, 1|pre must be 0 or more candles but was -1",
      })
  void badWindowsAreRefused(String window, String message) {
    assertThatThrownBy(
            () -> catalog.rows(coverage("('a', TIMESTAMP '2024-01-01 12:00:30', NULL)", window)))
        .hasMessageContaining(message);
  }

  @Test
  void alertWithoutTimeIsRefused() {
    assertThatThrownBy(
            () ->
                catalog.rows(
                    "SELECT * FROM TABLE(slice_coverage((SELECT 'x' AS id, CAST(NULL AS TIMESTAMP) AS"
                        + " at, CAST(NULL AS TIMESTAMP) AS ts) PARTITION BY (id, at) ORDER BY ts,"
                        + " DESCRIPTOR(at), 60, 1, 1))"))
        .hasMessageContaining("an alert needs a time, but that of id = x");
  }
}
