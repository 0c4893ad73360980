package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunReport;
import io.tidegate.functions.MintBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sys.runs}, {@code sys.run_files} and the procedures of the lake, as SQL. */
class LakeRunsTest {
  @TempDir Path directory;
  private LocalCatalog catalog;

  @BeforeEach
  void open() throws SQLException, IOException {
    catalog = new LocalCatalog(directory);
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @Test
  void runsAndTheirFilesAreListed() throws Exception {
    createCandles();
    insertCandles(0, 10, 0);
    insertCandles(10, 30, 0);
    catalog.update("CREATE TABLE lake.\"Bare\" AS SELECT * FROM (VALUES (1), (2)) AS v(n)");
    assertThat(
            rows(
                "SELECT table_name, state, \"rows\", files, superseded_by, damage FROM sys.runs"
                    + " ORDER BY table_name, run_id"))
        .containsExactly(
            "Bare|live|2|1|null|null", "c|live|10|4|null|null", "c|live|20|4|null|null");
    assertThat(
            rows(
                "SELECT r.run_id FROM sys.runs AS r JOIN sys.run_files AS f ON r.run_id = f.run_id"
                    + " GROUP BY r.run_id, r.\"rows\", r.bytes"
                    + " HAVING SUM(f.\"rows\") = r.\"rows\" AND SUM(f.bytes) = r.bytes"))
        .hasSize(3);
    assertThat(
            rows(
                "SELECT COUNT(*) FROM sys.runs WHERE created_at > TIMESTAMP '2020-01-01 00:00:00'"
                    + " AND CHAR_LENGTH(content_sha256) = 64 AND statement LIKE '%INSERT%'"))
        .containsExactly("2");
    assertThat(
            rows(
                "SELECT path, sort_key, min_value, max_value FROM sys.run_files"
                    + " WHERE table_name = 'c' AND \"rows\" = 2 ORDER BY path LIMIT 1"))
        .allMatch(row -> row.matches("day=.*/mint_bucket=../part-0000.parquet\\|mint\\|m.\\|m."));
    Files.writeString(runs("Bare").get(0).resolve("_manifest.json"), "{}");
    assertThat(rows("SELECT run_id FROM sys.runs WHERE state = 'damaged' AND damage IS NOT NULL"))
        .hasSize(1);
  }

  @Test
  void emptyLakeHasNoRuns() throws Exception {
    assertThat(rows("SELECT * FROM sys.runs")).isEmpty();
    assertThat(rows("CALL lake.verify()")).isEmpty();
  }

  @Test
  void soundRunsPassEveryCheck() throws Exception {
    createCandles();
    insertCandles(0, 500, 0);
    catalog.update("INSERT INTO lake.c VALUES (NULL, NULL, NULL)");
    catalog.update("CREATE TABLE lake.nothing (n INTEGER)");
    catalog.update("INSERT INTO lake.nothing SELECT n FROM (VALUES (1)) AS v(n) WHERE n > 1");
    catalog.update(
        "CREATE TABLE lake.h (n INTEGER, flag BOOLEAN, amount DECIMAL(10,2), ts TIMESTAMP)"
            + " PARTITIONED BY (flag, amount, floor_to_interval(ts, 3600)) SORTED BY (ts, n)");
    catalog.update(
        "INSERT INTO lake.h VALUES (1, TRUE, 1.50, TIMESTAMP '1969-12-31 23:59:59.999999'),"
            + " (NULL, TRUE, 1.50, TIMESTAMP '1969-12-31 23:59:59.999999'),"
            + " (2, FALSE, -1, TIMESTAMP '2024-01-01 00:00:00'), (3, NULL, NULL, NULL)");
    List<String> verdicts = verdicts("CALL lake.verify()");
    assertThat(verdicts)
        .hasSize(2 * 9 + 7 + 9)
        .allMatch(
            verdict -> verdict.endsWith(" true") != verdict.equals("coverage not applicable"));
    assertThat(verdicts).contains("order true", "partition true", "sha256 true", "bounds true");
  }

  @Test
  void rowsOutOfOrderAreFoundAlsoFarIntoAFile() throws Exception {
    catalog.update("CREATE TABLE lake.t (a INTEGER, b INTEGER) SORTED BY (a, b)");
    // The hash is right, since the writer itself wrote it so; 200,000 rows are two row groups.
    publish(
        "t",
        Map.of(
            List.of(),
            "SELECT CAST(i // 10 AS INTEGER) AS a, CAST(CASE WHEN i = 150003 THEN -1 WHEN i = 199999"
                + " THEN NULL ELSE i % 10 END AS INTEGER) AS b FROM range(200000) AS r(i)"));
    assertThat(faults("CALL lake.verify(table_name => 'lake.t')"))
        .containsExactly(
            "order part-0000.parquet 1 row is smaller than the one before; the first is row"
                + " 150003");
  }

  @Test
  void nullsBelongLast() throws Exception {
    catalog.update("CREATE TABLE lake.t (a INTEGER, b INTEGER) SORTED BY (a, b)");
    publish("t", Map.of(List.of(), "SELECT * FROM (VALUES (1, NULL::INTEGER), (1, 2)) AS v(a, b)"));
    publish(
        "t", Map.of(List.of(), "SELECT * FROM (VALUES (1, 2), (1, NULL), (NULL, 1)) AS v(a, b)"));
    assertThat(faults("CALL lake.verify(table_name => 't')"))
        .containsExactly(
            "order part-0000.parquet 1 row is smaller than the one before; the first is row 1");
  }

  @Test
  void rowInAnotherBucketIsFoundBetweenTwoThatBelong() throws Exception {
    createCandles();
    // Its neighbours are the file's bounds, so that statistics say nothing.
    List<String> mints = IntStream.range(0, 2000).mapToObj(i -> String.format("k%04d", i)).toList();
    String bucket = MintBucket.of(mints.get(0));
    String last =
        mints.stream().skip(100).filter(m -> MintBucket.of(m).equals(bucket)).findFirst().get();
    publish(
        "c",
        Map.of(
            List.of(Optional.of("2024-01-01"), Optional.of(bucket)),
            "SELECT * FROM (VALUES ('"
                + mints.get(0)
                + "', TIMESTAMP '2024-01-01', 1::DOUBLE), ('k0050', TIMESTAMP '2024-01-01', 1), ('"
                + last
                + "', TIMESTAMP '2024-01-01', 1)) AS v(mint, ts, close)"));
    assertThat(MintBucket.of("k0050")).isNotEqualTo(bucket);
    assertThat(faults("CALL lake.verify()"))
        .containsExactly(
            "partition day=2024-01-01/mint_bucket="
                + bucket
                + "/part-0000.parquet holds a row with mint = 'k0050', which belongs into another"
                + " mint_bucket");
  }

  @Test
  void changedFileAndDamagedManifestAreNamedAndTheOtherRunsAreVerified() throws Exception {
    createCandles();
    insertCandles(0, 10, 0);
    insertCandles(0, 10, 0);
    Path first = runs("c").get(0);
    Path file;
    try (Stream<Path> tree = Files.walk(first)) {
      file = tree.filter(path -> path.toString().endsWith(".parquet")).sorted().findFirst().get();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[10] ^= 4;
    Files.write(file, bytes);
    assertThat(faults("CALL lake.verify(run_id => '" + runId(first) + "')"))
        .anyMatch(fault -> fault.startsWith("sha256 " + first.relativize(file) + " has sha256"));
    assertThat(faults("CALL lake.verify(run_id => '" + runId(runs("c").get(1)) + "')")).isEmpty();
    Files.writeString(first.resolve("_manifest.json"), "{");
    assertThat(verdicts("CALL lake.verify(table_name => 'c')"))
        .contains("manifest false", "manifest true", "order true");
  }

  @Test
  void runsAreComparedByTheSortKey() throws Exception {
    createCandles();
    insertCandles(0, 100, 0);
    insertCandles(5, 110, 0.5);
    insertCandles(0, 100, 0);
    String a = runId(runs("c").get(0));
    String b = runId(runs("c").get(1));
    String c = runId(runs("c").get(2));
    assertThat(diff(a, b))
        .startsWith(
            "left|null|100|run " + a,
            "right|null|105|run " + b,
            "equal|null|0|",
            "only left|null|5|",
            "only right|null|10|",
            "changed|null|95|by mint, ts")
        .hasSize(7)
        .last()
        .asString()
        .startsWith("changed column|close|95|first {'mint': m0, 'ts': '2024-01-01 00:08:00'");
    assertThat(diff(a, c))
        .containsExactly(
            "left|null|100|run " + a,
            "right|null|100|run " + c,
            "equal|null|100|",
            "only left|null|0|",
            "only right|null|0|",
            "changed|null|0|by mint, ts");
  }

  @Test
  void repeatedRowsAndNullsAreCounted() throws Exception {
    catalog.update("CREATE TABLE lake.t (k INTEGER, v DOUBLE, s VARCHAR) SORTED BY (k)");
    catalog.update(
        "INSERT INTO lake.t VALUES (1, 1, 'a'), (1, 1, 'a'), (1, 1, 'a'), (2, NULL, 'b'),"
            + " (NULL, 3, NULL), (4, 4, 'd')");
    catalog.update(
        "INSERT INTO lake.t VALUES (1, 1, 'a'), (1, 2, 'a'), (2, NULL, NULL),"
            + " (NULL, 3, NULL), (NULL, 3, NULL)");
    String a = runId(runs("t").get(0));
    String b = runId(runs("t").get(1));
    assertThat(diff(a, b))
        .containsExactly(
            "left|null|6|run " + a,
            "right|null|5|run " + b,
            "equal|null|2|",
            "only left|null|2|",
            "only right|null|1|",
            "changed|null|2|by k",
            "changed column|v|1|first {'k': 1, 'left': 1.0, 'right': 2.0}",
            "changed column|s|1|first {'k': 2, 'left': b, 'right': NULL}");
  }

  @Test
  void runsOfTwoTablesAreComparedInTheColumnsTheyShare() throws Exception {
    catalog.update(
        "CREATE TABLE lake.a AS SELECT * FROM (VALUES (1, 'x', 1.5), (2, 'y', 2.5)) AS v(k, s, d)");
    catalog.update(
        "CREATE TABLE lake.b AS SELECT k, s, CAST(1 AS INTEGER) AS d, TRUE AS e FROM"
            + " (VALUES (1, 'x'), (2, 'z')) AS v(k, s)");
    assertThat(diff(runId(runs("a").get(0)), runId(runs("b").get(0))))
        .contains(
            "schema|d|0|left DECIMAL(2, 1), right INTEGER",
            "schema|e|0|only right, BOOLEAN",
            "equal|null|1|",
            "only left|null|1|",
            "only right|null|1|",
            "changed|null|0|no sort key to tell by");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''",
        "SORTED BY (mint, ts)",
        "PARTITIONED BY (FLOOR(ts TO DAY) AS \"day\", mint_bucket(mint)) SORTED BY (mint, ts)"
      })
  void compactionKeepsEveryRow(String layout) throws Exception {
    catalog.update("CREATE TABLE lake.c (mint VARCHAR, ts TIMESTAMP, close DOUBLE) " + layout);
    for (int i = 0; i < 5; i++) {
      insertCandles(i * 100, i * 100 + 150, i);
    }
    catalog.update("INSERT INTO lake.c VALUES (NULL, NULL, NULL), ('', NULL, -0.0)");
    String all = "SELECT mint, ts, close FROM lake.c ORDER BY mint, ts, close";
    List<String> before = rows(all);
    assertThat(before).hasSize(752);
    List<String> done = rows("CALL lake.compact(table_name => 'c')");
    assertThat(done).singleElement().asString().startsWith("c|").contains("|6|752|");
    assertThat(rows(all)).isEqualTo(before);
    assertThat(runs("c")).hasSize(1);
    assertThat(faults("CALL lake.verify(table_name => 'c')")).isEmpty();
    assertThat(rows("SELECT statement FROM sys.runs"))
        .containsExactly("CALL lake.compact(table_name => 'c')");
    // One run alone is as compact as can be.
    assertThat(rows("CALL lake.compact(table_name => 'lake.c')")).isEmpty();
  }

  @Test
  void onlySmallRunsAreTaken() throws Exception {
    createCandles();
    insertCandles(0, 5000, 0);
    for (int i = 0; i < 3; i++) {
      insertCandles(i, i + 2, i);
    }
    Path large = runs("c").get(0);
    assertThat(rows("CALL lake.compact(table_name => 'c', smaller_than_bytes => 5000)"))
        .singleElement()
        .asString()
        .contains("|3|6|");
    assertThat(runs("c")).hasSize(2).contains(large);
    assertThat(rows("SELECT COUNT(*) FROM lake.c")).containsExactly("5006");
  }

  @Test
  void readersAreUndisturbed() throws Exception {
    catalog.update("CREATE TABLE lake.n (n BIGINT)");
    for (int i = 0; i < 3; i++) {
      catalog.update(
          "INSERT INTO lake.n SELECT n FROM TABLE(native_query('market_data', 'SELECT range AS n"
              + " FROM range(400000)'))");
    }
    try (Connection other =
            DriverManager.getConnection(
                TidegateDriver.PREFIX + "catalog=" + directory.resolve("catalog.yaml"));
        Statement statement = other.createStatement();
        ResultSet reader = statement.executeQuery("SELECT n FROM lake.n")) {
      assertThat(reader.next()).isTrue();
      rows("CALL lake.compact(table_name => 'n')");
      assertThat(rows("SELECT state, COUNT(*) FROM sys.runs GROUP BY state ORDER BY state"))
          .containsExactly("live|1", "superseded|3");
      assertThat(rows("SELECT COUNT(*) FROM sys.runs WHERE superseded_by IS NOT NULL"))
          .containsExactly("3");
      assertThat(rows("SELECT COUNT(*) FROM lake.n")).containsExactly("1200000");
      assertThat(rows("CALL lake.prune(table_name => 'n', keep => 0)"))
          .singleElement()
          .asString()
          .endsWith("|in use");
      long read = 1;
      while (reader.next()) {
        read++;
      }
      assertThat(read).isEqualTo(1_200_000);
    }
    assertThat(runs("n")).hasSize(1);
  }

  @Test
  void rowsThatComeDuringACompactionStay() throws Exception {
    createCandles();
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (Connection other =
        DriverManager.getConnection(
            TidegateDriver.PREFIX + "catalog=" + directory.resolve("catalog.yaml"))) {
      Thread writer =
          new Thread(
              () -> {
                try (Statement statement = other.createStatement()) {
                  for (int i = 0; i < 20; i++) {
                    statement.executeUpdate("INSERT INTO lake.c VALUES ('m', NULL, " + i + ")");
                  }
                } catch (SQLException e) {
                  failure.set(e);
                }
              });
      writer.start();
      while (writer.isAlive()) {
        rows("CALL lake.compact(table_name => 'c')");
        rows("SELECT COUNT(*) FROM lake.c");
      }
    }
    assertThat(failure.get()).isNull();
    rows("CALL lake.compact(table_name => 'c')");
    assertThat(rows("SELECT COUNT(*), SUM(close) FROM lake.c")).containsExactly("20|190.0");
    assertThat(runs("c")).hasSize(1);
  }

  @Test
  void compactionOfADamagedRunFailsAndLeavesWhatWasThere() throws Exception {
    catalog.update("CREATE TABLE lake.n AS SELECT * FROM (VALUES (1), (2)) AS v(n)");
    catalog.update("INSERT INTO lake.n VALUES (3)");
    Path file = runs("n").get(0).resolve("part-0000.parquet");
    byte[] bytes = Files.readAllBytes(file);
    // DuckDB reads it still; only the hash tells.
    bytes[bytes.length - 20] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> rows("CALL lake.compact(table_name => 'n')"))
        .hasMessageContaining("run " + runId(file.getParent()) + ", file part-0000.parquet")
        .hasMessageContaining("was sealed with");
    assertThat(runs("n")).hasSize(2);
    try (Stream<Path> staged = Files.list(directory.resolve("lake/.staging"))) {
      assertThat(staged).isEmpty();
    }
  }

  @Test
  void pruningRemovesRowsAndSaysWhich() throws Exception {
    catalog.update("CREATE TABLE lake.n AS SELECT * FROM (VALUES (1), (2)) AS v(n)");
    catalog.update("INSERT INTO lake.n VALUES (3)");
    assertThat(rows("CALL lake.prune(table_name => 'n', older_than => '1d')")).isEmpty();
    assertThat(rows("CALL lake.prune(table_name => 'n', keep => 1, dry_run => TRUE)"))
        .singleElement()
        .asString()
        .endsWith("|to remove");
    assertThat(rows("SELECT COUNT(*) FROM lake.n")).containsExactly("3");
    assertThat(rows("CALL lake.prune(table_name => 'n', keep => 1)"))
        .singleElement()
        .asString()
        .endsWith("|removed");
    assertThat(rows("SELECT n FROM lake.n")).containsExactly("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "CALL lake.verify(run_id => '../c'); 22023; '../c' cannot be a run id",
        "CALL lake.verify(run_id => 'a/b'); 22023; 'a/b' cannot be a run id",
        "CALL lake.verify(run_id => 'none'); 42704; There is no run 'none' in the lake",
        "CALL lake.verify(run_id => 'none', table_name => 'c'); 42704; no run none in lake table c",
        "CALL lake.verify(table_name => '../lake/c'); 42S02; There is no lake table '../lake/c'",
        "CALL lake.verify('c'); 42000; give arguments by name",
        "CALL lake.verify(tabel => 'c'); 42000; has no argument tabel",
        "CALL lake.verify(run_id => 1); 42000; run_id",
        "CALL lake.diff(run_id => 'a'); 42000; needs other_run_id",
        "CALL lake.diff(run_id => 'a', other_run_id => '..'); 42704; There is no run 'a'",
        "CALL lake.prune(table_name => 'c'); 42000; needs keep, a number of runs, or older_than",
        "CALL lake.prune(table_name => 'c', keep => -1); 42000; keep must be",
        "CALL lake.prune(table_name => 'c', keep => 1.5); 42000; keep must be a whole number",
        "CALL lake.prune(table_name => 'c', older_than => 'x'); 42000; older_than",
        "CALL lake.prune(table_name => 'c', keep => 1, dry_run => 1); 42000; dry_run must be TRUE",
        "CALL lake.prune(table_name => 'no', keep => 1); 42S02; There is no lake table 'no'",
        "CALL lake.compact(table_name => 'no'); 42S02; There is no lake table 'no'",
        "CALL lake.compact(); 42000; needs table_name",
        "CALL lake.repair(table_name => 'c'); 42000; There is no procedure 'lake.repair'"
      })
  void badCallsAreRefusedByName(String call, String state, String message) throws Exception {
    createCandles();
    assertThatThrownBy(() -> rows(call))
        .hasMessageContaining(message)
        .satisfies(failure -> assertThat(state((SQLException) failure)).isEqualTo(state));
  }

  private static String state(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "none";
  }

  private void createCandles() throws SQLException {
    catalog.update(
        "CREATE TABLE lake.c (mint VARCHAR, ts TIMESTAMP, close DOUBLE)"
            + " PARTITIONED BY (FLOOR(ts TO DAY) AS \"day\", mint_bucket(mint))"
            + " SORTED BY (mint, ts)");
  }

  /** One candle a minute, in turn of four mints. */
  private void insertCandles(int from, int to, double close) throws SQLException {
    catalog.update(
        "INSERT INTO lake.c SELECT 'm' || CAST(MOD(n, 4) AS VARCHAR), TIMESTAMPADD(MINUTE, CAST(n"
            + " AS INTEGER), TIMESTAMP '2024-01-01 00:00:00'), n + "
            + close
            + " FROM TABLE(native_query('market_data', 'SELECT range AS n FROM range("
            + from
            + ", "
            + to
            + ")'))");
  }

  /** A run whose files are what the queries give, as another writer could have made it. */
  private void publish(String table, Map<List<Optional<String>>, String> files)
      throws SQLException {
    Lake lake = Lake.open(directory.resolve("lake"));
    try (RunDirectory run = lake.table(table).orElseThrow().stage();
        Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      long rows = 0;
      for (Map.Entry<List<Optional<String>>, String> file : files.entrySet()) {
        rows +=
            statement.executeUpdate(
                "COPY ("
                    + file.getValue()
                    + ") TO '"
                    + run.file(file.getKey(), 0)
                    + "' (FORMAT parquet, COMPRESSION zstd)");
      }
      run.seal(RunReport.of(rows, "by hand", Map.of(), Map.of()));
      run.publish();
    }
  }

  private List<Path> runs(String table) throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("lake").resolve(table))) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static String runId(Path run) {
    return run.getFileName().toString().substring("run_id=".length());
  }

  private List<String> diff(String left, String right) throws SQLException {
    return rows("CALL lake.diff(run_id => '" + left + "', other_run_id => '" + right + "')");
  }

  private List<String> rows(String sql) throws SQLException {
    return catalog.rows(sql);
  }

  private List<String> verdicts(String call) throws SQLException {
    List<String> verdicts = new ArrayList<>();
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery(call)) {
      while (rows.next()) {
        Object passed = rows.getObject("passed");
        verdicts.add(rows.getString("check") + " " + (passed == null ? "not applicable" : passed));
      }
    }
    return verdicts;
  }

  private List<String> faults(String call) throws SQLException {
    List<String> faults = new ArrayList<>();
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery(call)) {
      while (rows.next()) {
        if (!rows.getBoolean("passed") && !rows.wasNull()) {
          faults.add(
              rows.getString("check")
                  + " "
                  + rows.getString("file")
                  + " "
                  + rows.getString("detail"));
        }
      }
    }
    return faults;
  }
}
