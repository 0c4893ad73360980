package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every script of {@code sql-scripts/} on every catalog of {@code catalogs/}. */
class SqlScriptsTest {
  private static final String NASTY = "x' OR 1=1 -- \\";

  @TempDir private static Path directory;

  private static final Map<ShippedCatalog, ShippedCatalog.Opened> CATALOGS =
      new EnumMap<>(ShippedCatalog.class);

  /** Six trades and five candles; one symbol is made to hurt. */
  @BeforeAll
  static void fillTheTables() throws Exception {
    for (ShippedCatalog shipped : ShippedCatalog.values()) {
      Path own = directory.resolve(shipped.name());
      Files.createDirectories(own);
      ShippedCatalog.Opened catalog = shipped.in(own, SqlScriptsTest.class);
      CATALOGS.put(shipped, catalog);
      CommandLineRun run =
          catalog.sql(
              """
              CREATE TABLE %1$s.candles_1m (symbol VARCHAR NOT NULL, ts TIMESTAMP NOT NULL,
                open DECIMAL(18, 8), high DECIMAL(18, 8), low DECIMAL(18, 8), close DECIMAL(18, 8),
                volume DECIMAL(38, 8), trades BIGINT) SORTED BY (symbol, ts);
              INSERT INTO %1$s.candles_1m VALUES
                ('A', TIMESTAMP '2024-01-01 00:00:00', 1, 3, 1, 2, 10, 1),
                ('A', TIMESTAMP '2024-01-01 00:01:00', 2, 4, 2, 3, 20, 2),
                ('A', TIMESTAMP '2024-01-01 00:05:00', 3, 3, 1, 1, 30, 3),
                ('B', TIMESTAMP '2024-01-02 00:00:00', 9, 9, 9, 9, 40, 4),
                ('%2$s', TIMESTAMP '2024-01-02 00:00:00', 7, 7, 7, 7, 50, 5);
              CREATE TABLE lake.trades (symbol VARCHAR NOT NULL, ts TIMESTAMP NOT NULL, id BIGINT,
                price DECIMAL(18, 8), amount DECIMAL(18, 8)) SORTED BY (symbol, ts, id);
              INSERT INTO lake.trades VALUES
                ('A', TIMESTAMP '2024-01-01 00:00:00', 1, 100, 1),
                ('A', TIMESTAMP '2024-01-01 00:00:01', 2, 100.1, 1),
                ('A', TIMESTAMP '2024-01-01 00:00:02', 3, 100.3, 1),
                ('A', TIMESTAMP '2024-01-01 00:00:03', 4, 100.4, 1),
                ('A', TIMESTAMP '2024-01-01 00:00:04', 5, 99.9, 1),
                ('B', TIMESTAMP '2024-01-01 00:00:04', 6, 1, 1);
              CREATE TABLE lake.files AS
                SELECT 1 AS market_id, 'btcusdt' AS symbol, ts AS ts_open, 1.0E0 AS open,
                  2.0E0 AS high, 0.5E0 AS low, 1.5E0 AS close, 10.0E0 AS volume_base
                FROM %1$s.candles_1m WHERE symbol = 'A'"""
                  .formatted(catalog.database(), NASTY.replace("'", "''")));
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  @AfterAll
  static void awaitTheEngine() throws Exception {
    for (ShippedCatalog.Opened catalog : CATALOGS.values()) {
      catalog.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void exportGroupsCandlesOfOneSymbol(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun run =
        script(
            catalog,
            "export_candles.sql",
            "target=lake.five",
            "source=" + catalog.database() + ".candles_1m",
            "symbol=A",
            "interval_s=300",
            "end=2024-01-01T00:06:00Z");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(catalog.sql("SELECT * FROM lake.five ORDER BY ts").out())
        .isEqualToNormalizingNewlines(
            """
            symbol,ts,open,high,low,close,volume,trades
            A,2024-01-01 00:00:00,1.00000000,4.00000000,1.00000000,3.00000000,30.00000000,3
            A,2024-01-01 00:05:00,3.00000000,3.00000000,1.00000000,1.00000000,30.00000000,3
            """);
  }

  @ParameterizedTest
  @EnumSource
  void slicesAreTheCandlesAroundAlerts(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String candles = catalog.database() + ".ohlcv_candles";
    CommandLineRun made =
        catalog.sql(
            """
            CREATE TABLE %1$s (token_address VARCHAR NOT NULL, chain VARCHAR NOT NULL,
              timestamp TIMESTAMP NOT NULL, interval_seconds INTEGER NOT NULL, open DOUBLE NOT NULL,
              high DOUBLE NOT NULL, low DOUBLE NOT NULL, close DOUBLE NOT NULL,
              volume DOUBLE NOT NULL) SORTED BY (token_address, chain, timestamp);
            INSERT INTO %1$s
            SELECT m, c, TIMESTAMP '2024-01-01 12:00:00' + n * INTERVAL '1' MINUTE, i, 1, 2, 1, 2, n
            FROM (VALUES ('A', 'solana'), ('B', 'solana'), ('A', 'base')) AS v(m, c)
            CROSS JOIN (VALUES (60), (300)) AS s(i)
            CROSS JOIN (VALUES (-3), (-2), (-1), (0), (0), (2), (3), (4)) AS t(n)"""
                .formatted(candles));
    assertThat(made.err()).doesNotContain("error");
    Path alerts =
        Files.writeString(
            directory.resolve(shipped + "-alerts.csv"), "id,mint,ts\nx,A,1704110430000\n");
    String[] parameters = {
      "alerts=" + alerts, "run_id=r", "source=" + candles, "pre=2", "post=2", "target_total=5"
    };
    for (int time = 0; time < 2; time++) {
      CommandLineRun run = script(catalog, "export_run_slices.sql", parameters);
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
    }
    assertThat(
            catalog.sql("SELECT mint, ts, interval_s, run FROM lake.run_slices ORDER BY ts").out())
        .isEqualToNormalizingNewlines(
            """
            mint,ts,interval_s,run
            A,2024-01-01 11:58:00,60,r
            A,2024-01-01 11:59:00,60,r
            A,2024-01-01 12:00:00,60,r
            A,2024-01-01 12:02:00,60,r
            """);
    assertThat(
            catalog
                .sql(
                    "SELECT alert_id, available_pre, available_post, status, duplicates, gap_ranges,"
                        + " kept FROM lake.run_coverage")
                .out())
        .isEqualToNormalizingNewlines(
            """
            alert_id,available_pre,available_post,status,duplicates,gap_ranges,kept
            x,2,2,complete,1,"[[1704110460000,1704110520000]]",true
            """);
  }

  @ParameterizedTest
  @EnumSource
  void exportTakesEverySymbolWhenNoneIsGiven(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String source = "source=" + catalog.database() + ".candles_1m";
    script(catalog, "export_candles.sql", "target=lake.everything", source);
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM lake.everything").out())
        .isEqualToNormalizingNewlines("n\n5\n");
    CommandLineRun again = script(catalog, "export_candles.sql", "target=lake.everything", source);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err())
        .startsWith("error [42S01]: Table lake.everything already exists")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @EnumSource
  void barsTakeTheShapeOfABackTesterIfTheyAreValid(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun bars =
        catalog.sql(
            """
            CREATE TABLE lake.two_trades_a_bar AS
            SELECT * FROM TABLE(tick_bars(TABLE lake.trades PARTITION BY symbol ORDER BY ts, 2))""");
    assertThat(bars.exitCode()).as(bars.err()).isZero();
    String[] frame = {
      "target=lake.frame", "symbol=A", "threshold=250", "source=lake.two_trades_a_bar"
    };
    CommandLineRun run = script(catalog, "backtesting_frame.sql", frame);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(catalog.sql("SELECT * FROM lake.frame").out())
        .isEqualToNormalizingNewlines(
            """
            Time,Open,High,Low,Close,Volume
            2024-01-01 00:00:01,100.0,100.1,100.0,100.1,2.0
            2024-01-01 00:00:03,100.3,100.4,100.3,100.4,2.0
            """);
    // From 100.1 to 100.3 are 0.2 %: more than 0.01 % and 0.1 %.
    frame[0] = "target=lake.no_frame";
    frame[2] = "threshold=10";
    CommandLineRun broken = script(catalog, "backtesting_frame.sql", frame);
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err())
        .startsWith("error [22000]: The bars of A are not valid: continuity failed")
        .hasLineCount(1);
    assertThat(catalog.sql("SELECT * FROM lake.no_frame").err())
        .startsWith("error [42S02]: There is no table 'no_frame'");
  }

  @ParameterizedTest
  @EnumSource
  void nastySymbolIsASymbolLikeAnyOther(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    script(
        catalog,
        "export_candles.sql",
        "target=lake.nasty",
        "source=" + catalog.database() + ".candles_1m",
        "symbol=" + NASTY);
    assertThat(catalog.sql("SELECT symbol, volume FROM lake.nasty").out())
        .isEqualToNormalizingNewlines("symbol,volume\n" + NASTY + ",50.00000000\n");
    CommandLineRun bars =
        script(catalog, "range_bars.sql", "target=lake.no_bars", "symbol=" + NASTY);
    assertThat(bars.exitCode()).as(bars.err()).isZero();
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM lake.no_bars").out())
        .isEqualToNormalizingNewlines("n\n0\n");
  }

  @ParameterizedTest
  @EnumSource
  void rangeBarsOfOneSymbolBecomeATable(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun run =
        script(catalog, "range_bars.sql", "target=lake.bars", "symbol=A", "threshold=250");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(
            catalog
                .sql(
                    "SELECT symbol, open_time, close_time, open, close, volume FROM lake.bars"
                        + " ORDER BY open_time")
                .out())
        .isEqualToNormalizingNewlines(
            """
            symbol,open_time,close_time,open,close,volume
            A,2024-01-01 00:00:00,2024-01-01 00:00:02,100.00000000,100.30000000,3.00000000
            A,2024-01-01 00:00:03,2024-01-01 00:00:04,100.40000000,99.90000000,2.00000000
            """);
  }

  @ParameterizedTest
  @EnumSource
  void backfillCanBeRepeated(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String store = shipped == ShippedCatalog.DUCKDB ? "duckdb" : "clickhouse";
    CommandLineRun ddl =
        CommandLineRun.of(
            "ddl",
            "apply",
            ShippedCatalog.HOME.resolve("catalogs/ddl/candles_1m." + store + ".sql").toString(),
            "--schema",
            catalog.database(),
            "--catalog",
            catalog.file().toString());
    assertThat(ddl.exitCode()).as(ddl.err()).isZero();
    String target = catalog.database() + ".canonical_candles_1m";
    String[] parameters = {
      "parquet=" + directory.resolve(shipped.name()) + "/lake/files/*/*.parquet",
      "target=" + target,
      "raw_binance=" + catalog.database() + ".raw_binance_klines_1m",
      "raw_bybit=" + catalog.database() + ".raw_bybit_klines_1m",
      "market_id=1",
      "symbol=BtcUsdt",
      "start=2024-01-01 00:01:00",
      "end=2024-01-01 00:05:00"
    };
    for (String written : List.of("\"rows\":1,", "\"rows\":0,")) {
      CommandLineRun run = script(catalog, "backfill_1m.sql", parameters);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out().lines().filter(line -> line.contains("\"INSERT\"")))
          .first()
          .asString()
          .contains(written);
    }
    parameters[7] = "end=2024-01-01 00:05:00.000001";
    script(catalog, "backfill_1m.sql", parameters);
    assertThat(
            catalog
                .sql("SELECT symbol, ts_open, ts_close, close FROM " + target + " ORDER BY 2")
                .out())
        .isEqualToNormalizingNewlines(
            """
            symbol,ts_open,ts_close,close
            BTCUSDT,2024-01-01 00:01:00,2024-01-01 00:02:00,1.5
            BTCUSDT,2024-01-01 00:05:00,2024-01-01 00:06:00,1.5
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "export_candles.sql| 'target' (IDENTIFIER)",
        "range_bars.sql| 'target' (IDENTIFIER)",
        "backfill_1m.sql| 'parquet' (VARCHAR)",
        "load_agg_trades.sql| 'files' (VARCHAR)",
        "load_exness_quotes.sql| 'files' (VARCHAR)",
        "precompute_range_bars.sql| 'symbol' (VARCHAR)",
        "bars_between.sql| 'symbol' (VARCHAR)",
        "last_bars.sql| 'symbol' (VARCHAR)"
      })
  void missingParametersAreNamedBeforeAnythingOpens(String script, String missing) {
    CommandLineRun run = CommandLineRun.of("run", path(script), "--catalog", "nowhere.yaml");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error [22023]: Script ")
        .contains(missing)
        .contains("required")
        .hasLineCount(1);
  }

  @Test
  void illTypedParametersAreNamed() {
    for (String wrong :
        List.of(
            "threshold=250.5",
            "threshold=much",
            "target=lake.a; DROP TABLE lake.trades",
            "target=lake.a AS b",
            "source=(SELECT 1)")) {
      String[] given = {"target=lake.a", "symbol=A", wrong};
      String name = wrong.substring(0, wrong.indexOf('='));
      CommandLineRun run =
          CommandLineRun.of(
              arguments(
                  "range_bars.sql",
                  List.of(given).stream()
                      .filter(parameter -> parameter == wrong || !parameter.startsWith(name + "="))
                      .toArray(String[]::new)));
      assertThat(run.exitCode()).as(wrong).isEqualTo(1);
      assertThat(run.err())
          .as(wrong)
          .startsWith("error [22023]: Script ")
          .contains("parameter '" + name + "' is")
          .hasLineCount(1);
    }
  }

  @Test
  void dryRunShowsTheValuesAndOpensNothing() {
    List<String> arguments =
        new ArrayList<>(
            List.of(arguments("range_bars.sql", "target=lake.bars", "symbol=" + NASTY)));
    arguments.addAll(List.of("--dry-run", "--catalog", "nowhere.yaml"));
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("'x'' OR 1=1 -- \\'").contains("250").doesNotContain(":symbol");
  }

  private static CommandLineRun script(
      ShippedCatalog.Opened catalog, String script, String... parameters) {
    List<String> arguments = new ArrayList<>(List.of(arguments(script, parameters)));
    arguments.addAll(List.of("--catalog", catalog.file().toString(), "--report", "json"));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private static String[] arguments(String script, String... parameters) {
    List<String> arguments = new ArrayList<>(List.of("run", path(script)));
    for (String parameter : parameters) {
      arguments.addAll(List.of("--param", parameter));
    }
    return arguments.toArray(String[]::new);
  }

  private static String path(String script) {
    return ShippedCatalog.HOME.resolve("sql-scripts").resolve(script).toString();
  }
}
