package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code backfill-1m} with the tables of {@code catalogs/ddl}, in a server and in a DuckDB file.
 */
class BackfillTest {
  private static final int MINUTES = 10_000;
  private static final String RANGE = "--start 2024-01-01T00:00:00Z --end 2024-02-01T00:00:00Z";

  @TempDir private static Path directory;

  private static final Map<ShippedCatalog, ShippedCatalog.Opened> CATALOGS =
      new EnumMap<>(ShippedCatalog.class);
  private static final List<Connection> HELD = new ArrayList<>();

  /** Candles of most of a week, from noon on; three files whose columns differ; bad rows. */
  @BeforeAll
  static void makeTablesAndFiles() throws Exception {
    for (ShippedCatalog shipped : List.of(ShippedCatalog.DUCKDB, ShippedCatalog.CLICKHOUSE)) {
      Path own = Files.createDirectories(directory.resolve(shipped.name()));
      ShippedCatalog.Opened catalog = shipped.in(own, BackfillTest.class);
      CATALOGS.put(shipped, catalog);
      HELD.add(DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file())));
      for (int times = 0; times < 2; times++) {
        CommandLineRun ddl =
            CommandLineRun.of(
                "ddl",
                "apply",
                ShippedCatalog.HOME
                    .resolve("catalogs/ddl/candles_1m." + store(shipped) + ".sql")
                    .toString(),
                "--schema",
                catalog.database(),
                "--catalog",
                catalog.file().toString());
        assertThat(ddl.exitCode()).as(ddl.err()).isZero();
      }
      CommandLineRun files =
          catalog.sql(
              """
              CREATE TABLE lake.week AS
                SELECT 1 AS market_id, 'btcUSDT' AS symbol,
                  TIMESTAMPADD(MINUTE, n, TIMESTAMP '2024-01-01 12:00:00') AS ts_open,
                  100.0E0 + MOD(n, 7) AS open, 110.0E0 AS high, 90.0E0 AS low, 100.0E0 AS close,
                  CAST(n AS DOUBLE) AS volume_base
                FROM (SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n
                      FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS a(n)
                      CROSS JOIN (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS b(n)
                      CROSS JOIN (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS c(n)
                      CROSS JOIN (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS d(n)) AS x;
              CREATE TABLE lake.three AS
                SELECT market_id, 'ETHUSDT' AS symbol, ts_open, open, high, low, close, volume_base,
                  ts_open + INTERVAL '59.999' SECOND AS ts_close, 7.5E0 AS volume_quote,
                  CAST(12 AS BIGINT) AS trades_count
                FROM lake.week WHERE volume_base < 3;
              CREATE TABLE lake.part AS
                SELECT market_id, 'PARTUSDT' AS symbol, ts_open, open, high, low, close, volume_base
                FROM lake.week;
              CREATE TABLE lake.beside AS
                SELECT market_id, 'BOTHUSDT' AS symbol, ts_open, open, high, low, close, volume_base
                FROM lake.week;
              CREATE TABLE lake.bybit AS
                SELECT 3 AS market_id, symbol, ts_open, open, high, low, close, volume_base,
                  8.5E0 AS volume_quote FROM lake.week WHERE volume_base < 5;
              CREATE TABLE lake.bad AS
                SELECT market_id, 'BADUSDT' AS symbol, ts_open, open, high, low, close, volume_base
                FROM lake.week WHERE volume_base < 4
                UNION ALL SELECT 1, 'BADUSDT', TIMESTAMP '2024-01-02 00:00:00.5', 1, 1, 1, 1, 1
                UNION ALL SELECT 1, 'BADUSDT', TIMESTAMP '2024-01-02 00:01:00', 1, 0.5, 0.5, 1, 1
                UNION ALL SELECT 1, 'BADUSDT', TIMESTAMP '2024-01-02 00:02:00', 1, 1, 1, 1, -1
                UNION ALL SELECT 1, 'BADUSDT', TIMESTAMP '2024-01-02 00:03:00',
                  CAST('NaN' AS DOUBLE), 1, 1, 1, 1
                UNION ALL SELECT 1, 'BADUSDT', TIMESTAMP '2024-01-02 00:04:00', 1, 1, 1, NULL, 1""");
      assertThat(files.exitCode()).as(files.err()).isZero();
    }
  }

  private static String store(ShippedCatalog shipped) {
    return shipped == ShippedCatalog.DUCKDB ? "duckdb" : "clickhouse";
  }

  @AfterAll
  static void close() throws Exception {
    for (Connection held : HELD) {
      held.close();
    }
    for (ShippedCatalog.Opened catalog : CATALOGS.values()) {
      catalog.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void threeCandlesInBatchesOfTwo(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun run =
        backfill(
            catalog,
            "--market-id 1 --symbol ethusdt --batch-size 2 --report-format json " + RANGE,
            files(catalog, "three"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .matches(
            "(?s)\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} INFO apps\\.cli\\.commands\\.backfill_1m"
                + " \\{\"instrument_id\":\\{\"market_id\":1,\"symbol\":\"ETHUSDT\"\\},.*\\}\\R")
        .contains("\"candles_read\":3,\"rows_written\":3,\"batches_written\":2,");
    assertThat(
            one(
                catalog,
                "SELECT instrument_key || ' ' || CAST(ts_close AS VARCHAR) || ' ' || source || ' '"
                    + " || CAST(trades_count AS VARCHAR) || ' ' || CAST(volume_quote AS VARCHAR)"
                    + " || ' ' || COALESCE(CAST(taker_buy_volume_base AS VARCHAR), 'NULL')"
                    + " FROM %s.canonical_candles_1m WHERE symbol = 'ETHUSDT' AND volume_base = 2"))
        .isEqualTo("binance:spot:ETHUSDT 2024-01-01 12:02:59.999 file 12 7.5 NULL");
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void bybitCandlesGoToTheirOwnTable(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun run =
        backfill(
            catalog,
            "--market-id 3 --symbol BTCUSDT " + RANGE,
            catalog.file().getParent() + "/lake");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(
            one(
                catalog,
                "SELECT CAST(COUNT(*) AS VARCHAR) || ' ' || CAST(MIN(start_time_ms) AS VARCHAR)"
                    + " || ' ' || CAST(MIN(turnover) AS VARCHAR) FROM %s.raw_bybit_klines_1m"))
        .isEqualTo("5 1704110400000 8.5");
    assertThat(
            one(
                catalog,
                "SELECT CAST(COUNT(*) AS VARCHAR) || MIN(instrument_key) || CAST(COUNT(trades_count)"
                    + " AS VARCHAR) FROM %s.canonical_candles_1m WHERE market_id = 3"))
        .isEqualTo("5bybit:spot:BTCUSDT0");
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void whatIsNoCandleStopsTheJobOrIsSetAside(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String bad = "--market-id 1 --symbol BADUSDT " + RANGE;
    CommandLineRun failed = backfill(catalog, bad, files(catalog, "bad"));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err())
        .contains(
            " ERROR apps.cli.commands.backfill_1m Backfill failed: error [22000]: 5 of 9 rows")
        .contains("Nothing was written")
        .hasLineCount(1);
    String stored = "SELECT COUNT(*) FROM %s.raw_binance_klines_1m WHERE symbol = 'BADUSDT'";
    assertThat(one(catalog, stored)).isEqualTo("0");
    CommandLineRun dry = backfill(catalog, bad + " --dry-run", files(catalog, "bad"));
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(dry.err()).contains("4 candles of 1 days would go to").contains("rows_rejected=5");
    assertThat(one(catalog, stored)).isEqualTo("0");
    for (String again : List.of("", " --resume")) {
      CommandLineRun aside =
          backfill(catalog, bad + " --on-error quarantine" + again, files(catalog, "bad"));
      assertThat(aside.exitCode()).as(aside.err()).isZero();
      assertThat(one(catalog, stored)).isEqualTo("4");
      assertThat(
              catalog
                  .sql("SELECT reason FROM lake.rejected_candles_1m ORDER BY ts_open")
                  .out()
                  .lines())
          .containsExactly(
              "reason",
              "ts_open is not the beginning of a minute",
              "\"high >= max(open, close) does not hold\"",
              "volume_base >= 0 does not hold",
              "open is not a finite number",
              "close is missing");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void gapsAreFoundAndFilled(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String instrument = "--market-id 2 --symbol BTCUSDT ";
    CommandLineRun.of(
        "sql",
        "--catalog",
        catalog.file().toString(),
        "-e",
        "CREATE TABLE lake.futures AS SELECT 2 AS market_id, symbol, ts_open, open, high, low, close,"
            + " volume_base FROM lake.week");
    for (String part :
        List.of(
            "--start 2024-01-01T12:00:00Z --end 2024-01-01T12:10:00Z",
            "--start 2024-01-01T14:15:00+02:00 --end 2024-01-02T00:00:00Z",
            "--start 2024-01-01T12:05:00Z --end 2024-01-01T12:20:00Z --skip-existing")) {
      CommandLineRun run = backfill(catalog, instrument + part, files(catalog, "futures"));
      assertThat(run.exitCode()).as(run.err()).isZero();
      if (part.contains("skip")) {
        assertThat(run.err()).contains("rows_written=5,").contains("rows_skipped_existing=10,");
      }
    }
    String[] window = {
      "market_id=2", "symbol=btcusdt", "start=2024-01-01T11:58:00Z", "end=2024-01-02T00:02:00Z"
    };
    Path list = directory.resolve(shipped + "-gaps.csv");
    Files.writeString(list, script(catalog, "gaps_1m.sql", window));
    assertThat(Files.readString(list))
        .isEqualToNormalizingNewlines(
            """
            market_id,symbol,start,end,missing
            2,BTCUSDT,2024-01-01 11:58:00,2024-01-01 12:00:00,2
            2,BTCUSDT,2024-01-02 00:00:00,2024-01-02 00:02:00,2
            """);
    assertThat(script(catalog, "quality_1m.sql", window))
        .isEqualToNormalizingNewlines(
            """
            day,expected,minutes,missing,duplicates,ohlc_violations,misaligned,zero_volume,outliers,completeness
            2024-01-01,722,720,2,0,0,0,1,0,0.997229916897507
            2024-01-02,2,0,2,0,0,0,0,0,0.0
            """);
    // All closes are 100, highs 110, lows 90.
    String[] strict = Arrays.copyOf(window, window.length + 1);
    strict[window.length] = "outlier_percent=9";
    assertThat(script(catalog, "quality_1m.sql", strict))
        .contains("2024-01-01,722,720,2,0,0,0,1,719,");
    CommandLineRun filled = backfill(catalog, "--gaps " + list, files(catalog, "futures"));
    assertThat(filled.exitCode()).as(filled.err()).isZero();
    assertThat(filled.err()).contains("rows_written=0,").contains("rows_written=2,");
    assertThat(script(catalog, "gaps_1m.sql", window)).hasLineCount(2).contains("11:58:00");
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void resumeMakesTheRawRowsThoseOfTheFiles(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String job = "--market-id 1 --symbol BTCUSDT --batch-size None " + RANGE;
    for (int times = 0; times < 2; times++) {
      assertThat(backfill(catalog, job, files(catalog, "week")).exitCode()).isZero();
    }
    assertThat(one(catalog, raw("COUNT(*)"))).as("a repeated job appends").isEqualTo("20000");
    CommandLineRun healed = backfill(catalog, job + " --resume", files(catalog, "week"));
    assertThat(healed.err()).contains("rows_removed=20000,").contains("rows_written=10000,");
    assertWhole(catalog);
    // One row lost, another one with another value.
    execute(
        catalog, "DELETE FROM raw_binance_klines_1m WHERE symbol = 'BTCUSDT' AND volume = 5000");
    CommandLineRun lost = backfill(catalog, job + " --resume", files(catalog, "week"));
    assertThat(lost.err()).contains("days_done_before=7,").contains("rows_removed=1439,");
    assertWhole(catalog);
    if (shipped == ShippedCatalog.CLICKHOUSE) {
      execute(
          catalog, "DELETE FROM canonical_candles_1m WHERE symbol = 'BTCUSDT' AND volume_base = 9");
      CommandLineRun unseen = backfill(catalog, job + " --resume", files(catalog, "week"));
      assertThat(unseen.err()).contains("days_done_before=7,").contains("rows_removed=720,");
      assertWhole(catalog);
    }
    CommandLineRun nothing = backfill(catalog, job + " --resume", files(catalog, "week"));
    assertThat(nothing.err()).contains("days_done_before=8,").contains("rows_written=0,");
  }

  /** Another job has the rest of the day: its rows stay, and only the own missing ones come. */
  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void resumeOfAPartialDayTouchesNoOtherRows(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String morning =
        "--market-id 1 --symbol PARTUSDT --start 2024-01-02T00:00:00Z --end 2024-01-02T06:30:00Z";
    String job =
        "--market-id 1 --symbol PARTUSDT --batch-size 700"
            + " --start 2024-01-02T06:30:00Z --end 2024-01-03T18:00:00Z --resume";
    for (String part : List.of(morning, job)) {
      CommandLineRun run = backfill(catalog, part, files(catalog, "part"));
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    // Of the first day, which begins at half past six, an hour and a half is gone.
    execute(
        catalog,
        "DELETE FROM raw_binance_klines_1m WHERE symbol = 'PARTUSDT' AND open_time >="
            + " '2024-01-02 10:00:00' AND open_time < '2024-01-02 11:30:00'");
    if (shipped == ShippedCatalog.CLICKHOUSE) {
      forgetInserts(catalog);
    }
    CommandLineRun resumed = backfill(catalog, job, files(catalog, "part"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains("days_done_before=1,")
        .contains("rows_removed=960,")
        .contains("rows_written=1050,");
    assertThat(
            one(
                catalog,
                "SELECT CAST(COUNT(*) AS VARCHAR) || ' ' || CAST(COUNT(DISTINCT open_time) AS"
                    + " VARCHAR) || ' ' || CAST(COUNT(DISTINCT SUBSTRING(CAST(ingest_id AS VARCHAR)"
                    + " FROM 1 FOR 28)) AS VARCHAR) FROM %s.raw_binance_klines_1m WHERE symbol ="
                    + " 'PARTUSDT'"))
        .isEqualTo("2520 2520 2");
    // 2024-01-02 begins with the file's minute 720.
    assertThat(canonical(catalog, "PARTUSDT")).isEqualTo("2520/" + (720L + 3239) * 2520 / 2);
    CommandLineRun nothing = backfill(catalog, job, files(catalog, "part"));
    assertThat(nothing.err()).contains("days_done_before=2,").contains("rows_written=0,");
  }

  /**
   * A live feed inserts the same minutes of the same instrument all the time, before, while and
   * after a backfill is killed and resumed.
   */
  @Test
  void liveWriterOfTheSameCandlesLosesNothing() throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(ShippedCatalog.CLICKHOUSE);
    String job = "--market-id 1 --symbol BOTHUSDT --batch-size 500 --resume " + RANGE;
    String ofTheJob =
        "SELECT COUNT(*) FROM %s.raw_binance_klines_1m WHERE symbol = 'BOTHUSDT' AND source = 'file'";
    AtomicBoolean feeding = new AtomicBoolean(true);
    CompletableFuture<Integer> feed =
        CompletableFuture.supplyAsync(
            () -> {
              int sent = 0;
              try {
                while (feeding.get()) {
                  insertLive(catalog, "BOTHUSDT", sent * 37 % (MINUTES + 100), -1 - sent);
                  sent++;
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
              return sent;
            });
    int sent;
    try {
      Process process = start(catalog, job, files(catalog, "beside"));
      try {
        while (process.isAlive() && Long.parseLong(one(catalog, ofTheJob)) < MINUTES / 3) {
          Thread.onSpinWait();
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      forgetInserts(catalog);
      CommandLineRun resumed = backfill(catalog, job, files(catalog, "beside"));
      assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    } finally {
      feeding.set(false);
      sent = feed.get(60, TimeUnit.SECONDS);
    }
    assertThat(one(catalog, ofTheJob)).isEqualTo(Integer.toString(MINUTES));
    assertThat(
            one(
                catalog,
                "SELECT COUNT(*) FROM (SELECT ts_open, open, volume_base FROM lake.beside EXCEPT"
                    + " SELECT open_time, open, volume FROM %s.raw_binance_klines_1m"
                    + " WHERE symbol = 'BOTHUSDT') AS d"))
        .isEqualTo("0");
    assertThat(
            one(
                catalog,
                "SELECT CAST(COUNT(*) AS VARCHAR) || '/' || CAST(COUNT(DISTINCT volume) AS VARCHAR)"
                    + " FROM %s.raw_binance_klines_1m WHERE symbol = 'BOTHUSDT' AND source = 'ws'"))
        .isEqualTo(sent + "/" + sent);
    // Of every minute there is one candle, and it is the raw row that was ingested last.
    String raw = "FROM %1$s.raw_binance_klines_1m WHERE symbol = ''BOTHUSDT''";
    assertThat(
            one(
                catalog,
                "SELECT CAST(n AS VARCHAR) || '/' || CAST(other AS VARCHAR) FROM TABLE(native_query("
                    + "'%1$s', 'SELECT toInt64(count()) - (SELECT toInt64(uniqExact(open_time)) "
                    + raw
                    + ") AS n, toInt64(countIf((ts_open, volume_base, ingested_at) NOT IN (SELECT"
                    + " open_time, volume, ingested_at "
                    + raw
                    + " AND (open_time, ingested_at) IN (SELECT open_time, max(ingested_at) "
                    + raw
                    + " GROUP BY open_time)))) AS other FROM %1$s.canonical_candles_1m FINAL"
                    + " WHERE symbol = ''BOTHUSDT'''))"))
        .isEqualTo("0/0");
  }

  /** Makes the server forget the tokens of all inserts, as a thousand later ones would. */
  private static void forgetInserts(ShippedCatalog.Opened catalog) throws SQLException {
    for (String table : List.of("raw_binance_klines_1m", "canonical_candles_1m")) {
      for (int remembered : new int[] {0, 1000}) {
        execute(
            catalog,
            "ALTER TABLE "
                + table
                + " MODIFY SETTING non_replicated_deduplication_window = "
                + remembered);
      }
    }
  }

  /** Killed where chance has it, again and again, while another writer inserts; then resumed. */
  @Test
  void killedBackfillLeavesNothingHalf() throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(ShippedCatalog.CLICKHOUSE);
    execute(catalog, "TRUNCATE TABLE raw_binance_klines_1m");
    execute(catalog, "TRUNCATE TABLE canonical_candles_1m");
    String job = "--market-id 1 --symbol BTCUSDT --batch-size 500 --resume " + RANGE;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int kills = 0;
    int beside = 0;
    for (int i = 0; i < TestJvm.KILLS; i++) {
      long there = Long.parseLong(one(catalog, raw("COUNT(*)")));
      if (there == MINUTES) {
        assertWhole(catalog);
        execute(catalog, "TRUNCATE TABLE raw_binance_klines_1m");
        execute(catalog, "TRUNCATE TABLE canonical_candles_1m");
        there = 0;
        beside = 0;
      }
      // Somewhere in the days that are missing: in the middle of a batch, or between two.
      long wanted = there + random.nextInt((int) (MINUTES - there));
      Process process = start(catalog, job, files(catalog, "week"));
      try {
        do {
          insertLive(catalog, "LIVE", 720, beside++);
        } while (process.isAlive() && Long.parseLong(one(catalog, raw("COUNT(*)"))) <= wanted);
        process.waitFor(random.nextInt(50), TimeUnit.MILLISECONDS);
      } finally {
        process.destroyForcibly();
      }
      kills += process.waitFor() == 0 ? 0 : 1;
      forgetInserts(catalog);
    }
    assertThat(kills).as("seed " + seed).isPositive();
    CommandLineRun last = backfill(catalog, job, files(catalog, "week"));
    assertThat(last.exitCode()).as("seed " + seed + last.err()).isZero();
    assertWhole(catalog);
    assertThat(one(catalog, "SELECT COUNT(*) FROM %s.raw_binance_klines_1m WHERE symbol = 'LIVE'"))
        .isEqualTo(Integer.toString(beside));
  }

  /** A candle as a live feed has it, so many minutes behind the first of the files. */
  private static void insertLive(
      ShippedCatalog.Opened catalog, String symbol, int minute, int volume) throws SQLException {
    execute(
        catalog,
        "INSERT INTO raw_binance_klines_1m (market_id, symbol, instrument_key, open_time, open, high,"
            + " low, close, volume, close_time, source) SELECT 1, '"
            + symbol
            + "', 'k', toDateTime64('2024-01-01 12:00:00', 3, 'UTC') + toIntervalMinute("
            + minute
            + ") AS opened, 1, 1, 1, 1, "
            + volume
            + ", opened + toIntervalMinute(1), 'ws'");
  }

  private static Process start(ShippedCatalog.Opened catalog, String options, String parquet)
      throws Exception {
    return TestJvm.of(Main.class, List.of(arguments(catalog, options, parquet)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Raw rows are those of the files, and each minute has one canonical candle. */
  private static void assertWhole(ShippedCatalog.Opened catalog) throws SQLException {
    assertThat(one(catalog, raw("COUNT(*)"))).isEqualTo("10000");
    assertThat(one(catalog, raw("COUNT(DISTINCT open_time)"))).isEqualTo("10000");
    assertThat(
            one(
                catalog,
                "SELECT COUNT(*) FROM (SELECT ts_open, open, volume_base FROM lake.week EXCEPT"
                    + " SELECT open_time, open, volume FROM %s.raw_binance_klines_1m"
                    + " WHERE symbol = 'BTCUSDT') AS d"))
        .isEqualTo("0");
    assertThat(canonical(catalog, "BTCUSDT")).isEqualTo("10000/49995000");
  }

  /** Candles of a symbol of market 1 in the canonical table, and the sum of their volumes. */
  private static String canonical(ShippedCatalog.Opened catalog, String symbol)
      throws SQLException {
    boolean duckDb = catalog.file().endsWith("duckdb.yaml");
    return one(
        catalog,
        "SELECT CAST(n AS VARCHAR) || '/' || CAST(v AS VARCHAR) FROM TABLE(native_query("
            + "'%1$s', 'SELECT count(*) AS n, CAST(sum(volume_base) AS BIGINT) AS v FROM"
            + " %1$s.canonical_candles_1m "
            + (duckDb ? "" : "FINAL ")
            + "WHERE market_id = 1 AND symbol = ''"
            + symbol
            + "'''))");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--market-id 5 --symbol X --start 2024-01-01T00:00:00Z --end 2024-01-02T00:00:00Z"
            + "|market_id must be in 1..4, but was 5",
        "--market-id 1 --symbol X --start 2024-01-01T00:00:00 --end 2024-01-02T00:00:00Z"
            + "|start: timestamp must be timezone-aware UTC (naive datetime is forbidden)",
        "--market-id 1 --symbol X --start 2024-01-02T00:00:00Z --end 2024-01-02T00:00:00Z"
            + "|start must be < end",
        "--market-id 1 --symbol X --start soon --end 2024-01-02T00:00:00Z"
            + "|start must be a time such as 2024-01-01T00:00:00Z, but was 'soon'",
        "--market-id 1 --symbol X --start 2024-01-01T00:00:00Z --end 2024-01-02T00:00:00Z"
            + " --batch-size 0|batch_size must be a positive integer or None, but was '0'",
        "--market-id 1 --symbol X --start 2024-01-01T00:00:00Z --end 2024-01-02T00:00:00Z --resume"
            + " --skip-existing|--resume and --skip-existing exclude each other",
        "--market-id 1 --start 2024-01-01T00:00:00Z --end 2024-01-02T00:00:00Z"
            + "|--market-id, --symbol, --start and --end are required",
        "--market-id 1 --symbol X --start 2024-01-01T00:00:00Z --end 2024-01-02T00:00:00Z --schema a;b"
            + "|--schema must be a name such as market_data"
      })
  void wrongArgumentsAreNamedBeforeAnythingOpens(String options, String message) {
    List<String> arguments =
        new ArrayList<>(List.of("backfill-1m", "--catalog", "nowhere.yaml", "--parquet", "x"));
    arguments.addAll(List.of(options.split(" ")));
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(" Invalid arguments: " + message).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "version: 1|missing required key: market_data",
        "[1]|must be a mapping",
        "{version: 1, market_data: {markets: 3}}|expected list at key 'market_data.markets', got number",
        "{version: 1, market_data: {markets: []}}|market_id not found in config: 1",
        "{version: 1, market_data: {markets: [{market_id: x}]}}|expected int at key 'market_id'",
        "{version: 1, market_data: {markets: [{market_id: 1, exchange: ''}]}}"
            + "|key 'exchange' must be non-empty",
        "{version: 1, market_data: {markets: [{market_id: 1, exchange: bybit, market_type: spot,"
            + " market_code: c}]}}|market_id 1 is binance:spot, but"
      })
  void wrongConfigIsNamed(String yaml, String message) throws Exception {
    Path file = Files.writeString(directory.resolve("market_data.yaml"), yaml);
    for (String config : List.of(file.toString(), file + ".absent")) {
      List<String> arguments =
          new ArrayList<>(List.of("backfill-1m", "--parquet", "x", "--config", config));
      arguments.addAll(List.of(("--market-id 1 --symbol X " + RANGE).split(" ")));
      CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err())
          .contains(config.endsWith("absent") ? "market_data config not found: " + config : message)
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void whatTheFilesLackIsNamed(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String job = "--market-id 1 --symbol BTCUSDT " + RANGE;
    CommandLineRun absent = backfill(catalog, job, directory + "/none.parquet");
    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err())
        .contains("Backfill failed: error [58P01]: There is no Parquet file or directory")
        .hasLineCount(1);
    catalog.sql("CREATE TABLE lake.nameless AS SELECT 1 AS market_id, 'X' AS name");
    CommandLineRun nameless = backfill(catalog, job, files(catalog, "nameless"));
    assertThat(nameless.exitCode()).isEqualTo(1);
    assertThat(nameless.err()).contains("has no column 'symbol'").hasLineCount(1);
    CommandLineRun unknown = backfill(catalog, job + " --schema nowhere", files(catalog, "week"));
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("error [42S02]").contains("ddl apply").hasLineCount(1);
    CommandLineRun nobody =
        backfill(catalog, "--market-id 4 --symbol NOBODY " + RANGE, files(catalog, "week"));
    assertThat(nobody.exitCode()).isZero();
    assertThat(nobody.err()).contains(" WARNING ").contains("no candles of 4:NOBODY");
  }

  private static String raw(String what) {
    return "SELECT "
        + what
        + " FROM %s.raw_binance_klines_1m WHERE symbol = 'BTCUSDT' AND market_id = 1";
  }

  private static String files(ShippedCatalog.Opened catalog, String table) {
    return catalog.file().resolveSibling("lake").resolve(table).toString();
  }

  private static CommandLineRun backfill(
      ShippedCatalog.Opened catalog, String options, String parquet) {
    return CommandLineRun.of(arguments(catalog, options, parquet));
  }

  private static String[] arguments(ShippedCatalog.Opened catalog, String options, String parquet) {
    List<String> arguments =
        new ArrayList<>(List.of("backfill-1m", "--catalog", catalog.file().toString()));
    if (!options.contains("--schema")) {
      arguments.addAll(List.of("--schema", catalog.database()));
    }
    arguments.addAll(List.of("--parquet", parquet));
    arguments.addAll(List.of(options.split(" ")));
    return arguments.toArray(String[]::new);
  }

  private static String script(ShippedCatalog.Opened catalog, String script, String... parameters) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                ShippedCatalog.HOME.resolve("sql-scripts").resolve(script).toString(),
                "--catalog",
                catalog.file().toString(),
                "--format",
                "csv",
                "--param",
                "source=" + catalog.database() + ".canonical_candles_1m"));
    for (String parameter : parameters) {
      arguments.addAll(List.of("--param", parameter));
    }
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static Connection connection(ShippedCatalog.Opened catalog) throws SQLException {
    return DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file()));
  }

  private static String one(ShippedCatalog.Opened catalog, String sql) throws SQLException {
    try (Connection connection = connection(catalog);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql.formatted(catalog.database()))) {
      result.next();
      return result.getString(1);
    }
  }

  private static void execute(ShippedCatalog.Opened catalog, String nativeSql) throws SQLException {
    try (Connection connection = connection(catalog);
        Statement statement = connection.createStatement()) {
      statement.execute(DdlCommand.call(catalog.database(), nativeSql));
    }
  }
}
