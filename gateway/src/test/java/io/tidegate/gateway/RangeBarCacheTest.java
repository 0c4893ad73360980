package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.TestJvm;
import io.tidegate.adapter.clickhouse.ClickHouseClient;
import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The cache of range bars, filled by the scripts: whatever way a bar took, it is the one that
 * {@code range_bars} makes of all ticks. Ticks of ten weeks lie in the lake; each test has a
 * threshold or tables of its own.
 */
class RangeBarCacheTest {
  private static final int TICKS = 20_000;
  private static final String COLUMNS =
      "symbol, open_time, close_time, open, high, low, close, volume, turnover, buy_volume,"
          + " sell_volume, buy_turnover, sell_turnover, first_trade_id, last_trade_id,"
          + " first_agg_trade_id, last_agg_trade_id, individual_trade_count, agg_record_count,"
          + " buy_trade_count, sell_trade_count, vwap, duration_us, ofi, vwap_close_deviation,"
          + " price_impact, kyle_lambda_proxy, trade_intensity, volume_per_trade,"
          + " aggression_ratio, aggregation_density, turnover_imbalance";
  private static final String ORDER = " ORDER BY close_time, last_agg_trade_id";

  @TempDir private static Path directory;

  private static final Map<ShippedCatalog, ShippedCatalog.Opened> CATALOGS =
      new EnumMap<>(ShippedCatalog.class);

  /** Held so that the engine starts once and not for each command. */
  private static Connection engine;

  @BeforeAll
  static void loadTicks() throws Exception {
    Path file =
        WalkOfTicks.write(
            directory.resolve("W-aggTrades-2024.csv"), WalkOfTicks.lines(TICKS, 800_000));
    for (ShippedCatalog shipped : ShippedCatalog.values()) {
      Path own = Files.createDirectories(directory.resolve(shipped.name()));
      ShippedCatalog.Opened catalog = shipped.in(own, RangeBarCacheTest.class);
      CATALOGS.put(shipped, catalog);
      if (shipped == ShippedCatalog.EMBEDDED) {
        engine = DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file()));
      }
      ok(script(catalog, "load_agg_trades.sql", "files=" + file, "symbol=W"));
    }
  }

  @AfterAll
  static void awaitTheEngine() throws Exception {
    if (engine != null) {
      engine.close();
    }
    for (ShippedCatalog.Opened catalog : CATALOGS.values()) {
      catalog.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cachedBarsAreTheComputedOnesInTheSameTypes(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    CommandLineRun run = precompute(catalog, 100);
    assertThat(rows(run, "CALL")).isGreaterThan(300);
    String cached = cached(catalog, "range_bars", 100, "none", "TRUE");
    assertThat(cached).isEqualTo(computed(catalog, 100, "TRUE"));
    assertThat(rows(precompute(catalog, 100), "CALL")).isZero();
    try (Connection connection =
        DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file()))) {
      assertThat(types(connection, "SELECT " + COLUMNS + " FROM " + bars(catalog)))
          .isEqualTo(
              types(connection, "SELECT " + COLUMNS + " FROM " + rangeBars("lake.ticks", 100)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void barsBetweenDaysAreTheSameFromAnEmptyAHalfAndAFullCache(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String[] days = {"symbol=W", "threshold=120", "first_day=2024-01-20", "last_day=2024-02-10"};
    CommandLineRun cold = ok(script(catalog, "bars_between.sql", with(days, "target=lake.cold")));
    assertThat(rows(cold, "CALL")).isPositive();
    CommandLineRun warm = ok(script(catalog, "bars_between.sql", with(days, "target=lake.warm")));
    assertThat(rows(warm, "CALL")).isZero();
    precompute(catalog, 120);
    ok(script(catalog, "bars_between.sql", with(days, "target=lake.filled")));
    String expected =
        computed(
            catalog,
            120,
            "close_time >= TIMESTAMP '2024-01-20 00:00:00'"
                + " AND close_time < TIMESTAMP '2024-02-11 00:00:00'");
    assertThat(expected.lines().count()).isGreaterThan(50);
    for (String table : List.of("lake.cold", "lake.warm", "lake.filled")) {
      assertThat(select(catalog, table, "TRUE")).as(table).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lastBarsAreExactlyAsManyOrItIsSaidHowManyThereAre(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String[] wanted = {
      "symbol=W", "threshold=140", "bars_wanted=25", "before=2024-02-01T12:00:00Z"
    };
    CommandLineRun run = ok(script(catalog, "last_bars.sql", with(wanted, "target=lake.recent")));
    assertThat(rows(run, "CREATE TABLE")).isEqualTo(25);
    List<String> before =
        computed(catalog, 140, "close_time < TIMESTAMP '2024-02-01 12:00:00'").lines().toList();
    List<String> expected = new ArrayList<>(before.subList(0, 1));
    expected.addAll(before.subList(before.size() - 25, before.size()));
    assertThat(select(catalog, "lake.recent", "TRUE").lines()).containsExactlyElementsOf(expected);

    wanted[2] = "bars_wanted=100000";
    String[] more = with(wanted, "target=lake.recent2");
    CommandLineRun fewer =
        CommandLineRun.of(arguments(catalog, "last_bars.sql", "text", more).toArray(String[]::new));
    assertThat(fewer.exitCode()).as(fewer.err()).isZero();
    assertThat(fewer.out())
        .contains(
            "only "
                + (before.size() - 1)
                + " of the 100000 bars wanted exist before 2024-02-01 12:00:00");
  }

  @ParameterizedTest
  @EnumSource
  void seriesBeginsAnewWhereItsModeSays(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    ok(
        script(
            catalog,
            "precompute_range_bars.sql",
            "symbol=W",
            "threshold=160",
            "ouroboros_mode=month"));
    StringBuilder months = new StringBuilder();
    for (String month : List.of("2024-01", "2024-02", "2024-03")) {
      String ticks =
          "SELECT * FROM lake.ticks WHERE FLOOR(ts TO MONTH) = TIMESTAMP '"
              + month
              + "-01 00:00:00'";
      String text = select(catalog, rangeBars(ticks, 160), "TRUE");
      months.append(months.isEmpty() ? text : text.substring(text.indexOf('\n') + 1));
    }
    assertThat(cached(catalog, "range_bars", 160, "month", "TRUE"))
        .isEqualTo(months.toString())
        .isNotEqualTo(computed(catalog, 160, "TRUE"));
  }

  @ParameterizedTest
  @EnumSource
  void jobThatEndedBeforeItsCheckpointLeavesNeitherGapNorDouble(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    precompute(catalog, 180);
    // Of the second month the checkpoint is missing and only every third bar is stored, as if
    // chunks had been lost on the way.
    ok(
        catalog.sql(
            """
            CREATE TABLE %1$s.torn_checkpoints AS SELECT * FROM %1$s.range_bar_checkpoints
              WHERE threshold_dbps = 180 AND last_ts < TIMESTAMP '2024-02-01 00:00:00';
            CREATE TABLE %1$s.torn AS SELECT * FROM %1$s.range_bars WHERE threshold_dbps = 180
              AND (close_time < TIMESTAMP '2024-02-01 00:00:00'
                   OR close_time < TIMESTAMP '2024-03-01 00:00:00'
                      AND MOD(last_agg_trade_id, 3) = 0)"""
                .formatted(catalog.database())));
    String expected = computed(catalog, 180, "TRUE");
    assertThat(cached(catalog, "torn", 180, "none", "TRUE")).isNotEqualTo(expected);
    ok(
        script(
            catalog,
            "precompute_range_bars.sql",
            "symbol=W",
            "threshold=180",
            "bars=" + catalog.database() + ".torn",
            "checkpoints=" + catalog.database() + ".torn_checkpoints"));
    // No DISTINCT: nothing may be there twice.
    assertThat(select(catalog, catalog.database() + ".torn", "TRUE")).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void barThatDoesNotFollowFromTheTicksStopsTheJob(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    precompute(catalog, 220);
    String database = catalog.database();
    ok(
        catalog.sql(
            """
            CREATE TABLE %1$s.foreign_bars AS SELECT * FROM %1$s.range_bars
              WHERE threshold_dbps = 220;
            INSERT INTO %1$s.foreign_bars (symbol, threshold_dbps, ouroboros_mode, %2$s)
              SELECT symbol, threshold_dbps, ouroboros_mode, %3$s
              FROM %1$s.range_bars WHERE threshold_dbps = 220 ORDER BY close_time LIMIT 1"""
                .formatted(
                    database,
                    COLUMNS.replace("symbol, ", ""),
                    COLUMNS
                        .replace("symbol, ", "")
                        .replace("last_agg_trade_id", "last_agg_trade_id + 1"))));
    String[] job = {
      "symbol=W",
      "threshold=220",
      "bars=" + database + ".foreign_bars",
      "checkpoints=" + database + ".foreign_checkpoints"
    };
    CommandLineRun run = script(catalog, "precompute_range_bars.sql", job);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error [55000]: precompute_range_bars: ")
        .contains("foreign_bars holds ")
        .hasLineCount(1);
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM " + database + ".foreign_checkpoints").out())
        .isEqualToNormalizingNewlines("n\n0\n");
  }

  /** The price jumps by a tenth behind the last bar that closes in January. */
  @ParameterizedTest
  @EnumSource
  void barsThatAreNotValidStopEveryJobUntilTheGapIsAllowed(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    precompute(catalog, 240);
    String database = catalog.database();
    ok(
        catalog.sql(
            """
            CREATE TABLE lake.jumped_%1$s AS
            SELECT symbol, ts, agg_trade_id,
                   CASE WHEN agg_trade_id > last_id THEN price + 5000 ELSE price END AS price,
                   quantity, first_trade_id, last_trade_id, is_buyer_maker
            FROM lake.ticks CROSS JOIN (
              SELECT MAX(last_agg_trade_id) AS last_id FROM %1$s.range_bars
              WHERE threshold_dbps = 240 AND close_time < TIMESTAMP '2024-02-01 00:00:00') AS b"""
                .formatted(database)));
    String[] job = {
      "symbol=W",
      "threshold=240",
      "ticks=lake.jumped_" + database,
      "bars=" + database + ".jumped_bars",
      "checkpoints=" + database + ".jumped_checkpoints"
    };
    for (int attempt = 0; attempt < 2; attempt++) {
      CommandLineRun run = script(catalog, "precompute_range_bars.sql", job);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .startsWith("error [22000]: precompute_range_bars: the bars of W from 2024-01-")
          .contains("jumped_bars are not valid: continuity is 1.0 (valid: = 0)")
          .hasLineCount(1);
    }
    // January's bars are vouched for, February's are not.
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM " + database + ".jumped_checkpoints").out())
        .isEqualToNormalizingNewlines("n\n1\n");
    ok(
        script(
            catalog,
            "precompute_range_bars.sql",
            Stream.concat(Stream.of(job), Stream.of("continuity_tolerance=0.2"))
                .toArray(String[]::new)));
  }

  @ParameterizedTest
  @EnumSource
  void ticksThatTurnUpLateStopTheNextJob(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String name = "late_" + shipped.name().toLowerCase(Locale.ROOT);
    ok(
        catalog.sql(
            """
            CREATE TABLE lake.%1$s AS SELECT * FROM lake.ticks
              WHERE ts < TIMESTAMP '2024-01-10 00:00:00' AND agg_trade_id <> 77"""
                .formatted(name)));
    String[] job = {"symbol=W", "threshold=260", "ticks=lake." + name};
    ok(script(catalog, "precompute_range_bars.sql", job));
    // Behind what was read: more of the same day, in the order of time.
    ok(
        catalog.sql(
            """
            INSERT INTO lake.%1$s SELECT * FROM lake.ticks
              WHERE ts >= TIMESTAMP '2024-01-10 00:00:00' AND ts < TIMESTAMP '2024-01-10 09:00:00'"""
                .formatted(name)));
    ok(script(catalog, "precompute_range_bars.sql", job));
    assertThat(cached(catalog, "range_bars", 260, "none", "TRUE"))
        .isEqualTo(select(catalog, rangeBars("SELECT * FROM lake." + name, 260), "TRUE"));
    // Between what was read.
    ok(
        catalog.sql(
            "INSERT INTO lake.%1$s SELECT * FROM lake.ticks WHERE agg_trade_id = 77"
                .formatted(name)));
    CommandLineRun run = script(catalog, "precompute_range_bars.sql", job);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error [55000]: precompute_range_bars: the bars of W are made of ")
        .contains("lake." + name + " now has ")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void killedJobsAndTheirSuccessorsMakeWhatOneJobMakes(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String[] job = {"symbol=W", "threshold=60", "ouroboros_mode=week"};
    List<String> arguments = arguments(catalog, "precompute_range_bars.sql", "json", job);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int killed = 0;
    try (Connection watch =
        shipped == ShippedCatalog.DUCKDB
            ? null
            : DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file()))) {
      for (int round = 0; round < 5; round++) {
        long before = stored(catalog, watch);
        Process process = start(arguments);
        // Every other time it is killed wherever it is, else once it has stored something.
        boolean stores = round % 2 == 1;
        while (!stores && !process.waitFor(10, TimeUnit.MILLISECONDS)) {
          stores = stored(catalog, watch) != before;
        }
        process.waitFor(random.nextInt(1 + 300 * round), TimeUnit.MILLISECONDS);
        killed += process.destroyForcibly().waitFor() == 0 ? 0 : 1;
      }
    }
    assertThat(killed).as("seed " + seed).isPositive();
    CommandLineRun last = CommandLineRun.of(arguments.toArray(String[]::new));
    assertThat(last.exitCode()).as("after %d kills: %s", killed, last.err()).isZero();
    String whole = catalog.database() + ".uninterrupted";
    ok(
        script(
            catalog,
            "precompute_range_bars.sql",
            with(job, "bars=" + whole, "checkpoints=" + whole + "_checkpoints")));
    // No DISTINCT: nothing may be there twice.
    assertThat(select(catalog, bars(catalog), "threshold_dbps = 60"))
        .isEqualTo(select(catalog, whole, "TRUE"));
  }

  /** Changes with what a job stores: the rows in a server, the log of a DuckDB file. */
  private static long stored(ShippedCatalog.Opened catalog, Connection watch) throws SQLException {
    if (watch == null) {
      return catalog.file().resolveSibling("w.duckdb.wal").toFile().length();
    }
    String rowsOfAllTables =
        "SELECT toInt64(sum(total_rows)) AS n FROM system.tables WHERE database = ''%1$s''";
    try (Statement statement = watch.createStatement();
        var rows =
            statement.executeQuery(
                ("SELECT n FROM TABLE(native_query('%1$s', '" + rowsOfAllTables + "'))")
                    .formatted(catalog.database()))) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private static Process start(List<String> arguments) throws IOException {
    return TestJvm.of(Main.class, arguments)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The tables of catalogs/ddl, and bars of one millisecond that must not replace each other. */
  @Test
  void shippedDdlKeepsEveryBar() throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(ShippedCatalog.CLICKHOUSE);
    String ddl =
        Files.readString(ShippedCatalog.HOME.resolve("catalogs/ddl/range_bars.sql"))
            .replaceAll("(?m)^--.*", "")
            .replaceAll("EXISTS range_bar", "EXISTS " + catalog.database() + ".ddl_range_bar");
    ClickHouseEndpoint server = TestClickHouse.endpoint();
    try (ClickHouseClient client = new ClickHouseClient(server)) {
      for (String statement : ddl.split(";")) {
        if (!statement.isBlank()) {
          client.execute(statement, Map.of(), "ddl-" + statement.hashCode());
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 400; i++) {
      // A bar closes with every second tick, and four ticks lie in each millisecond.
      lines.add(
          "%d,%d,1,%d,%d,%d,true"
              .formatted(i, i % 2 == 0 ? 100 : 101, i, i, 1_704_067_200_000_000L + i * 250L));
    }
    Path file = WalkOfTicks.write(directory.resolve("M-aggTrades-2024.csv"), lines);
    ok(
        script(
            catalog,
            "load_agg_trades.sql",
            "files=" + file,
            "symbol=M",
            "target=lake.millisecond"));
    String[] job = {
      "symbol=M",
      "continuity_tolerance=0.1",
      "ticks=lake.millisecond",
      "bars=" + catalog.database() + ".ddl_range_bars",
      "checkpoints=" + catalog.database() + ".ddl_range_bar_checkpoints"
    };
    ok(script(catalog, "precompute_range_bars.sql", job));
    ok(script(catalog, "precompute_range_bars.sql", job));
    try (ClickHouseClient client = new ClickHouseClient(server)) {
      client.execute(
          "OPTIMIZE TABLE " + catalog.database() + ".ddl_range_bars FINAL", Map.of(), "optimize");
    }
    String stored = select(catalog, catalog.database() + ".ddl_range_bars", "TRUE");
    assertThat(stored.lines()).hasSize(201);
    assertThat(stored)
        .isEqualTo(select(catalog, rangeBars("SELECT * FROM lake.millisecond", 250), "TRUE"));
  }

  @Test
  void wrongArgumentsOfACallAreNamed() {
    ShippedCatalog.Opened catalog = CATALOGS.get(ShippedCatalog.DUCKDB);
    String tables = ", ticks => lake.ticks, bars => lake.a, checkpoints => lake.b)";
    for (String[] wrong :
        new String[][] {
          {"CALL nothing(a => 1)", "There is no procedure 'nothing'"},
          {"CALL precompute_range_bars('W', 250)", "give arguments by name"},
          {"CALL precompute_range_bars(threshold => 250" + tables, "needs symbol, a text"},
          {"CALL precompute_range_bars(symbol => 'W'" + tables, "needs threshold"},
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 0" + tables,
            "threshold must be 1 to 100000 dbps but was 0"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 250, mode => 'x'" + tables,
            "has no argument mode; its arguments are symbol, threshold, ouroboros_mode"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 250, ouroboros_mode => 'day'"
                + tables,
            "ouroboros_mode must be none, year, month or week, but was 'day'"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 2.5" + tables,
            "threshold must be 1 to 100000 dbps but was 2.5"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 250, continuity_tolerance => 2"
                + tables,
            "continuity_tolerance must be 0 to 1, a fraction of the price, but was 2"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 250, last_day => 'x'" + tables,
            "last_day must be DATE '...'"
          },
          {
            "CALL precompute_range_bars(symbol => 'W', threshold => 250)",
            "needs ticks, the name of a table"
          },
        }) {
      CommandLineRun run = catalog.sql(wrong[0]);
      assertThat(run.exitCode()).as(wrong[0]).isEqualTo(1);
      assertThat(run.err()).startsWith("error [42000]: ").contains(wrong[1]).hasLineCount(1);
    }
  }

  private static CommandLineRun precompute(ShippedCatalog.Opened catalog, int threshold) {
    return ok(script(catalog, "precompute_range_bars.sql", "symbol=W", "threshold=" + threshold));
  }

  private static String bars(ShippedCatalog.Opened catalog) {
    return catalog.database() + ".range_bars";
  }

  private static String cached(
      ShippedCatalog.Opened catalog, String table, int threshold, String mode, String where) {
    return select(
        catalog,
        catalog.database() + "." + table,
        "threshold_dbps = " + threshold + " AND ouroboros_mode = '" + mode + "' AND " + where);
  }

  private static String computed(ShippedCatalog.Opened catalog, int threshold, String where) {
    return select(catalog, rangeBars("SELECT * FROM lake.ticks", threshold), where);
  }

  private static String rangeBars(String ticks, int threshold) {
    String query = ticks.contains(" ") ? ticks : "SELECT * FROM " + ticks;
    return "TABLE(range_bars(("
        + query
        + ") PARTITION BY symbol ORDER BY (ts, agg_trade_id), "
        + threshold
        + "))";
  }

  private static String select(ShippedCatalog.Opened catalog, String from, String where) {
    return ok(catalog.sql("SELECT " + COLUMNS + " FROM " + from + " WHERE " + where + ORDER)).out();
  }

  private static List<String> types(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      ResultSetMetaData columns = rows.getMetaData();
      List<String> types = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        types.add(
            columns.getColumnName(i)
                + " "
                + columns.getColumnTypeName(i)
                + " "
                + columns.getPrecision(i)
                + " "
                + columns.getScale(i));
      }
      return types;
    }
  }

  /** The rows of the report's only statement of a kind. */
  private static int rows(CommandLineRun run, String kind) {
    String pattern = ".*\"" + kind + "\".*?\"rows\":(\\d+).*";
    for (String statement : run.out().split("\\{")) {
      if (statement.replace("\n", "").matches(pattern) && !statement.contains("IF NOT EXISTS")) {
        return Integer.parseInt(statement.replace("\n", "").replaceAll(pattern, "$1"));
      }
    }
    throw new AssertionError("no " + kind + " in " + run.out());
  }

  private static CommandLineRun ok(CommandLineRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static String[] with(String[] parameters, String... more) {
    List<String> all = new ArrayList<>(List.of(parameters));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static CommandLineRun script(
      ShippedCatalog.Opened catalog, String script, String... parameters) {
    return CommandLineRun.of(arguments(catalog, script, "json", parameters).toArray(String[]::new));
  }

  private static List<String> arguments(
      ShippedCatalog.Opened catalog, String script, String report, String... parameters) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                ShippedCatalog.HOME.resolve("sql-scripts").resolve(script).toString(),
                "--catalog",
                catalog.file().toString(),
                "--report",
                report));
    List<String> given = new ArrayList<>(List.of(parameters));
    if (!script.startsWith("load_")) {
      for (String table : List.of("bars=", "checkpoints=")) {
        if (given.stream().noneMatch(parameter -> parameter.startsWith(table))) {
          given.add(
              table
                  + catalog.database()
                  + (table.equals("bars=") ? ".range_bars" : ".range_bar_checkpoints"));
        }
      }
    }
    for (String parameter : given) {
      arguments.addAll(List.of("--param", parameter));
    }
    return arguments;
  }
}
