package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs between a hot table and the lake, whose columns are called differently. */
class CandlesCommandTest {
  @TempDir private static Path directory;

  private static final Map<ShippedCatalog, ShippedCatalog.Opened> CATALOGS =
      new EnumMap<>(ShippedCatalog.class);

  /** The hot table has texts as intervals and a candle twice; the lake lacks one, one differs. */
  @BeforeAll
  static void fillTheTables() throws Exception {
    for (ShippedCatalog shipped : List.of(ShippedCatalog.DUCKDB, ShippedCatalog.CLICKHOUSE)) {
      Path own = Files.createDirectories(directory.resolve(shipped.name()));
      ShippedCatalog.Opened catalog = shipped.in(own, CandlesCommandTest.class);
      CATALOGS.put(shipped, catalog);
      CommandLineRun run =
          catalog.sql(
              """
              CREATE TABLE %1$s.ohlcv_candles (token_address VARCHAR NOT NULL, chain VARCHAR NOT NULL,
                "timestamp" TIMESTAMP(0) NOT NULL, "interval" VARCHAR NOT NULL, open DOUBLE NOT NULL,
                high DOUBLE NOT NULL, low DOUBLE NOT NULL, close DOUBLE NOT NULL,
                volume DOUBLE NOT NULL) SORTED BY (token_address, chain, "timestamp");
              INSERT INTO %1$s.ohlcv_candles VALUES
                ('A', 'sol', TIMESTAMP '2024-01-01 00:00:00', '1m', 1, 2, 1, 2, 10),
                ('A', 'sol', TIMESTAMP '2024-01-01 00:01:00', '1m', 2, 3, 2, 3, 20),
                ('A', 'sol', TIMESTAMP '2024-01-01 00:01:00', '1m', 2, 3, 2, 3, 19),
                ('A', 'sol', TIMESTAMP '2024-01-02 00:00:00', '1m', 3, 4, 3, 4, 30),
                ('A', 'sol', TIMESTAMP '2024-01-01 00:00:00', '5m', 1, 4, 1, 4, 60),
                ('a', 'sol', TIMESTAMP '2024-01-01 00:00:00', '1m', 9, 9, 9, 9, 9);
              CREATE TABLE lake.cold_1m (mint VARCHAR, ts TIMESTAMP, open DOUBLE, high DOUBLE,
                low DOUBLE, close DOUBLE, volume DOUBLE) SORTED BY (mint, ts);
              INSERT INTO lake.cold_1m VALUES
                ('A', TIMESTAMP '2024-01-01 00:00:00', 1, 2, 1, 2, 10),
                ('A', TIMESTAMP '2024-01-01 00:01:00', 2, 3, 2, 3.5, 21),
                ('A', TIMESTAMP '2024-01-02 00:00:00', 3, 4, 3, 4, 30),
                ('A', TIMESTAMP '2024-01-02 00:01:00', 4, 5, 4, 5, 40)"""
                  .formatted(catalog.database()));
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
  }

  @AfterAll
  static void close() throws Exception {
    for (ShippedCatalog.Opened catalog : CATALOGS.values()) {
      catalog.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void compareNamesWhatDiffers(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String hot = catalog.database() + ".ohlcv_candles";
    CommandLineRun run =
        candles(
            catalog,
            "compare",
            "--left",
            hot,
            "--right",
            "lake.cold_1m",
            "--mint",
            "A",
            "--tf",
            "1m");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            "{\"equal\":false,\"left\":{\"table\":\""
                + hot
                + "\",\"rows\":3,\"duplicates\":1,\"first_ts\":\"2024-01-01 00:00:00\","
                + "\"last_ts\":\"2024-01-02 00:00:00\"},\"right\":{\"table\":\"lake.cold_1m\","
                + "\"rows\":4,\"duplicates\":0,\"first_ts\":\"2024-01-01 00:00:00\","
                + "\"last_ts\":\"2024-01-02 00:01:00\"},\"only_left\":0,\"only_right\":1,"
                + "\"differing\":1,\"differences\":[{\"mint\":\"A\",\"ts\":\"2024-01-01 00:01:00\","
                + "\"interval_s\":60,\"kind\":\"differs\",\"close\":[3.0,3.5],\"volume\":[20.0,21.0]},"
                + "{\"mint\":\"A\",\"ts\":\"2024-01-02 00:01:00\",\"interval_s\":60,"
                + "\"kind\":\"only_right\"}]}\n");
    CommandLineRun equal =
        candles(
            catalog,
            "compare",
            "--left",
            hot,
            "--right",
            "lake.cold_1m",
            "--mint",
            "A",
            "--tf",
            "60",
            "--end",
            "2024-01-01T00:01:00Z");
    assertThat(equal.exitCode()).as(equal.out() + equal.err()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void syncInsertsReplacesAndThenChangesNothing(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String hot = catalog.database() + ".ohlcv_candles";
    String copy = catalog.database() + ".copy_of_hot";
    String[] toCopy = {"sync", "--from", hot, "--to", copy, "--mint", "A"};
    assertThat(candles(catalog, toCopy).out())
        .isEqualToNormalizingNewlines(
            "{\"fetched\":4,\"inserted\":4,\"updated\":0,\"unchanged\":0}\n");
    String[] fromLake = {"sync", "--from", "lake.cold_1m", "--to", copy};
    CommandLineRun changed = candles(catalog, fromLake);
    assertThat(changed.err()).isEmpty();
    assertThat(changed.out())
        .isEqualToNormalizingNewlines(
            "{\"fetched\":4,\"inserted\":1,\"updated\":1,\"unchanged\":2}\n");
    assertThat(candles(catalog, fromLake).out())
        .isEqualToNormalizingNewlines(
            "{\"fetched\":4,\"inserted\":0,\"updated\":0,\"unchanged\":4}\n");
    assertThat(catalog.sql("SELECT COUNT(*) AS n, SUM(volume) AS v FROM " + copy).out())
        .isEqualToNormalizingNewlines("n,v\n5,161.0\n");
    assertThat(
            candles(catalog, "compare", "--left", copy, "--right", "lake.cold_1m", "--tf", "1m")
                .exitCode())
        .isZero();
    // The other way: new candles as one run, but nothing that is there is changed.
    assertThat(candles(catalog, "sync", "--from", copy, "--to", "lake.copy_of_copy").out())
        .isEqualToNormalizingNewlines(
            "{\"fetched\":5,\"inserted\":5,\"updated\":0,\"unchanged\":0}\n");
    CommandLineRun refused =
        candles(catalog, "sync", "--from", hot, "--to", "lake.copy_of_copy", "--mint", "A");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("error [0A000]: lake.copy_of_copy has 1 candles with other values")
        .hasLineCount(1);
    CommandLineRun none = candles(catalog, "sync", "--from", hot, "--to", copy, "--mint", "nobody");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).startsWith("error [02000]: No candles found in " + hot);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void queryTakesEachDayFromWhereItIsMostComplete(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String hot = catalog.database() + ".ohlcv_candles";
    String[] both = {
      "query",
      "--table",
      hot,
      "--table",
      "lake.cold_1m",
      "--mint",
      "A",
      "--tf",
      "1m",
      "--format",
      "csv",
      "--cols",
      "ts,close,volume"
    };
    assertThat(candles(catalog, both).out())
        .isEqualToNormalizingNewlines(
            """
            ts,close,volume
            2024-01-01 00:00:00,2.0,10.0
            2024-01-01 00:01:00,3.0,20.0
            2024-01-02 00:00:00,4.0,30.0
            2024-01-02 00:01:00,5.0,40.0
            """);
    assertThat(
            candles(
                    catalog,
                    "query",
                    "--table",
                    hot,
                    "--mint",
                    "A",
                    "--n",
                    "1",
                    "--counts",
                    "--format",
                    "csv")
                .out())
        .isEqualToNormalizingNewlines(
            """
            mint,interval_s,candles,first_ts,last_ts
            A,60,1,2024-01-02 00:00:00,2024-01-02 00:00:00
            A,300,1,2024-01-01 00:00:00,2024-01-01 00:00:00
            """);
    CommandLineRun joined =
        candles(
            catalog,
            "query",
            "--table",
            hot,
            "--tf",
            "1m",
            "--format",
            "csv",
            "--query",
            "SELECT COUNT(*) AS n FROM candles AS c JOIN lake.cold_1m AS l ON l.mint = c.mint AND"
                + " l.ts = c.ts");
    assertThat(joined.out()).as(joined.err()).isEqualToNormalizingNewlines("n\n3\n");
    CommandLineRun few =
        candles(catalog, "query", "--table", hot, "--mint", "A", "--tf", "1m", "--min", "4");
    assertThat(few.exitCode()).isEqualTo(1);
    assertThat(few.err())
        .startsWith("error [02000]: Not enough candles (got 3, need >= 4) from " + hot);
  }

  @ParameterizedTest
  @EnumSource(names = {"DUCKDB", "CLICKHOUSE"})
  void exportIsOneRunOfTheNewestCandlesOfEachInterval(ShippedCatalog shipped) throws Exception {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    String hot = catalog.database() + ".ohlcv_candles";
    CommandLineRun run =
        candles(
            catalog,
            "export",
            "--table",
            hot,
            "--target",
            "lake.newest",
            "--mint",
            "A",
            "--n",
            "2");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("fewer_than_wanted");
    assertThat(catalog.sql("SELECT interval_s, ts, volume FROM lake.newest ORDER BY 1, 2").out())
        .isEqualToNormalizingNewlines(
            """
            interval_s,ts,volume
            60,2024-01-01 00:01:00,20.0
            60,2024-01-02 00:00:00,30.0
            300,2024-01-01 00:00:00,60.0
            """);
    // Each interval is a directory that others find by its name.
    Path table = catalog.file().resolveSibling("lake").resolve("newest");
    try (Stream<Path> files = Files.walk(table)) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
          .extracting(file -> table.relativize(file).toString().replaceFirst("run_id=[^/]*", "*"))
          .containsExactlyInAnyOrder("*/tf=1m/part-0000.parquet", "*/tf=5m/part-0000.parquet");
    }
    CommandLineRun one =
        candles(
            catalog,
            "query",
            "--table",
            "lake.newest",
            "--tf",
            "5m",
            "--format",
            "csv",
            "--cols",
            "ts,close");
    assertThat(one.out()).isEqualToNormalizingNewlines("ts,close\n2024-01-01 00:00:00,4.0\n");
    // What is brought into it later lies there too.
    CommandLineRun later =
        candles(catalog, "sync", "--from", hot, "--to", "lake.newest", "--tf", "1m", "--mint", "a");
    assertThat(later.exitCode()).as(later.err()).isZero();
    assertThat(
            catalog
                .sql(
                    "SELECT mint, tf, COUNT(*) AS n FROM lake.newest GROUP BY mint, tf ORDER BY mint, tf")
                .out())
        .isEqualToNormalizingNewlines("mint,tf,n\nA,1m,2\nA,5m,1\na,1m,1\n");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB")
  void wrongArgumentsAreNamed(ShippedCatalog shipped) {
    ShippedCatalog.Opened catalog = CATALOGS.get(shipped);
    Map<String, String> wrong =
        Map.of(
            "--n 0", "--n must be 1 or more, but was 0",
            "--n 5 --min 6", "--min (6) cannot be greater than --n (5)",
            "--tf 1week", "an interval is a number of seconds or such as 15s",
            "--view a;b", "--view must be a name",
            "--start soon", "a time is such as 2024-01-01T00:00:00Z, but was 'soon'");
    wrong.forEach(
        (options, message) -> {
          List<String> arguments = new ArrayList<>(List.of("query", "--table", "lake.cold_1m"));
          arguments.addAll(List.of(options.split(" ")));
          CommandLineRun run = candles(catalog, arguments.toArray(String[]::new));
          assertThat(run.exitCode()).as(options).isEqualTo(2);
          assertThat(run.err()).contains(message);
        });
    catalog.sql(
        "CREATE TABLE lake.plain AS SELECT mint, ts, open, high, low, close, volume FROM lake.cold_1m");
    CommandLineRun unknown = candles(catalog, "query", "--table", "lake.plain");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("say which interval it has: lake.plain@1m");
    assertThat(candles(catalog, "query", "--table", "lake.plain@1m").exitCode()).isZero();
  }

  private static CommandLineRun candles(ShippedCatalog.Opened catalog, String... arguments) {
    List<String> all = new ArrayList<>(List.of("candles"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--catalog", catalog.file().toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }
}
