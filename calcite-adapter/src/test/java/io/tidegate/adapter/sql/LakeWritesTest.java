package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the lake's directory, through JDBC. */
class LakeWritesTest {
  /** Endless for a test, and cancelled in the middle. */
  private static final String LONG =
      "TABLE(native_query('warehouse', 'SELECT range AS n, md5(CAST(range AS VARCHAR)) AS s"
          + " FROM range(20000000000)'))";

  @TempDir Path directory;
  private TestCatalog catalog;

  @BeforeEach
  void open() throws SQLException, IOException {
    catalog = TestCatalog.duckDb(directory);
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SORTED BY (g, n)", "PARTITIONED BY (g) SORTED BY (s)"})
  void sameStatementGivesTheSameBytes(String layout) throws Exception {
    execute(
        "CREATE TABLE warehouse.source AS SELECT * FROM TABLE(native_query('warehouse', 'SELECT"
            + " range AS n, CAST(range % 3 AS INTEGER) AS g, md5(CAST(range AS VARCHAR)) AS s"
            + " FROM range(300000)'))");
    for (String table : List.of("a", "b")) {
      execute("CREATE TABLE lake." + table + " (n BIGINT, g INTEGER, s VARCHAR) " + layout);
      assertThat(update("INSERT INTO lake." + table + " SELECT n, g, s FROM warehouse.source"))
          .isEqualTo(300_000);
    }
    List<String> hashes = hashes("a");
    assertThat(hashes).isNotEmpty().isEqualTo(hashes("b"));
  }

  @Test
  void rowsThatAlternateBetweenPartitionsKeepTheirValuesAndTheirOrder() throws Exception {
    execute(
        """
        CREATE TABLE warehouse.source AS SELECT * FROM TABLE(native_query('warehouse', '
          SELECT range AS n, nullif(range % 7, 3) AS g, range % 2 = 0 AS flag,
            CAST(range % 100 AS TINYINT) AS tiny,
            CAST(nullif(range % 5, 0) AS SMALLINT) AS small,
            CAST(range AS DOUBLE) / 8 AS price,
            DATE ''1969-12-01'' + CAST(range % 90 AS INTEGER) AS d,
            TIMESTAMP ''1969-12-31 23:59:59.999999'' + to_microseconds(range) AS ts,
            CASE WHEN range % 11 = 0 THEN NULL WHEN range % 11 = 1 THEN '''' ELSE ''é'' || range END
              AS s,
            CAST(md5(CAST(range AS VARCHAR)) AS BLOB) AS bytes
          FROM range(300000)'))""");
    execute(
        "CREATE TABLE lake.t (n BIGINT, g BIGINT, flag BOOLEAN, tiny TINYINT, small SMALLINT,"
            + " price DOUBLE, d DATE, ts TIMESTAMP(6), s VARCHAR, bytes VARBINARY)"
            + " PARTITIONED BY (g) SORTED BY (n)");
    assertThat(update("INSERT INTO lake.t SELECT * FROM warehouse.source")).isEqualTo(300_000);
    assertThat(parquet("t")).hasSize(7);
    assertThat(one("SELECT count(*) FROM lake.t WHERE n + 1 > 0")).isEqualTo("300000");
    String surplus = "SELECT count(*) FROM (SELECT * FROM %s EXCEPT SELECT * FROM %s)";
    assertThat(one(surplus.formatted("lake.t", "warehouse.source"))).isEqualTo("0");
    assertThat(one(surplus.formatted("warehouse.source", "lake.t"))).isEqualTo("0");
    assertThat(
            one(
                "SELECT c FROM TABLE(native_query('warehouse', 'SELECT count(*) AS c FROM (SELECT"
                    + " n, lag(n) OVER (PARTITION BY filename ORDER BY file_row_number) AS before"
                    + " FROM read_parquet(''"
                    + directory
                    + "/**/*.parquet'', filename = true, file_row_number = true)) WHERE before >="
                    + " n'))"))
        .isEqualTo("0");
  }

  @Test
  void textsThatRepeatKeepTheirValues() throws Exception {
    execute(
        """
        CREATE TABLE warehouse.source AS SELECT * FROM TABLE(native_query('warehouse', '
          SELECT range AS n,
            [NULL, '''', ''é'', ''ab'', ''ba'', ''ETHUSDT''][range // 50000 + 1] AS mint,
            ''one'' AS same, '''' AS nothing, NULL::VARCHAR AS missing,
            CASE WHEN range % 50000 < 49999 THEN ''ab'' ELSE ''ac'' END AS nearly
          FROM range(300000)'))""");
    execute(
        "CREATE TABLE lake.t (n BIGINT, mint VARCHAR, same VARCHAR, nothing VARCHAR, missing VARCHAR,"
            + " nearly VARCHAR) PARTITIONED BY (mint_bucket(mint)) SORTED BY (mint)");
    assertThat(update("INSERT INTO lake.t SELECT * FROM warehouse.source")).isEqualTo(300_000);
    // The empty text and 'ab' share a bucket.
    assertThat(parquet("t").stream().map(file -> file.getParent().getFileName().toString()))
        .containsExactlyInAnyOrder(
            "mint_bucket=__HIVE_DEFAULT_PARTITION__",
            "mint_bucket=da",
            "mint_bucket=bf",
            "mint_bucket=6c",
            "mint_bucket=3b");
    String surplus = "SELECT count(*) FROM (SELECT * FROM %s EXCEPT SELECT * FROM %s)";
    assertThat(one(surplus.formatted("lake.t", "warehouse.source"))).isEqualTo("0");
    assertThat(one(surplus.formatted("warehouse.source", "lake.t"))).isEqualTo("0");
  }

  @Test
  void refusedInsertLeavesNothing() throws Exception {
    execute("CREATE TABLE lake.t (k INTEGER NOT NULL, d DECIMAL(18,8)) SORTED BY (k)");
    assertThatThrownBy(() -> update("INSERT INTO lake.t (k) VALUES (1), (NULL)"))
        .hasMessageContaining("'k'");
    assertThatThrownBy(
            () ->
                update(
                    "INSERT INTO lake.t (k) SELECT CAST(n AS INTEGER) FROM"
                        + " TABLE(native_query('warehouse', 'SELECT CASE WHEN range < 299999 THEN"
                        + " range END AS n FROM range(300000)'))"))
        .hasMessageContaining("Cannot insert NULL into lake.t: column 'k' is NOT NULL");
    assertThatThrownBy(() -> update("INSERT INTO lake.t SELECT 1, 'text'"))
        .hasMessageContaining(
            "Cannot insert into lake.t: column 'd' is DECIMAL(18, 8) but the query gives CHAR(4)");
    assertThatThrownBy(() -> update("INSERT INTO lake.t VALUES (1)"))
        .hasMessageContaining(
            "Number of INSERT target columns (2) does not equal number of source items (1)");
    assertThat(parquet("t")).isEmpty();
    assertThat(staging()).isEmpty();
    assertThat(one("SELECT count(*) FROM lake.t")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PARTITIONED BY (FLOOR(d TO MONTH))"})
  void sourceThatFailsLateLeavesNothing(String layout) throws Exception {
    execute("CREATE TABLE lake.t (n BIGINT, d DATE) " + layout);
    assertThatThrownBy(
            () ->
                update(
                    "INSERT INTO lake.t SELECT n, d FROM TABLE(native_query('warehouse', 'SELECT"
                        + " CASE WHEN range = 2900000 THEN error(''torn'') ELSE range END AS n,"
                        + " DATE ''2024-01-01'' + CAST(range % 200 AS INTEGER) AS d"
                        + " FROM range(3000000)'))"))
        .hasMessageContaining("torn");
    assertThat(parquet("t")).isEmpty();
    assertThat(staging()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PARTITIONED BY (mint_bucket(s))"})
  void cancelledInsertLeavesNothing(String layout) throws Exception {
    execute("CREATE TABLE lake.t (n BIGINT, s VARCHAR) " + layout);
    SQLException failure = cancelled("INSERT INTO lake.t SELECT n, s FROM " + LONG);
    assertThat(sqlState(failure)).isEqualTo("57014");
    assertThat(parquet("t")).isEmpty();
    assertThat(staging()).isEmpty();
    assertThat(one("SELECT count(*) FROM lake.t")).isEqualTo("0");
  }

  @Test
  void cancelledInsertIntoADuckDbFileLeavesNothing() throws Exception {
    execute("CREATE TABLE warehouse.t (n BIGINT, s VARCHAR)");
    SQLException failure = cancelled("INSERT INTO warehouse.t SELECT n, s FROM " + LONG);
    assertThat(sqlState(failure)).isEqualTo("57014");
    assertThat(one("SELECT count(*) FROM warehouse.t")).isEqualTo("0");
  }

  @Test
  void cancelledQueryStops() throws Exception {
    SQLException failure = cancelled("SELECT max(s) FROM " + LONG);
    assertThat(sqlState(failure)).isEqualTo("57014");
    assertThat(one("SELECT 1")).isEqualTo("1");
  }

  @Test
  void fileThatIsMissingOrTruncatedIsAnErrorWithItsName() throws Exception {
    execute("CREATE TABLE lake.t AS SELECT * FROM (VALUES (1), (2)) AS v(n)");
    Path file = parquet("t").get(0);
    String outside = "TABLE(read_parquet('" + directory + "/none.parquet'))";
    assertThatThrownBy(() -> one("SELECT * FROM " + outside)).hasMessageContaining("none.parquet");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> one("SELECT count(n) FROM lake.t"))
        .hasMessageContaining(file.getFileName().toString());
    Files.delete(file);
    assertThatThrownBy(() -> one("SELECT count(n) FROM lake.t"))
        .hasMessageContaining(file.getFileName().toString());
  }

  @Test
  void filesOutsideTheLakeAreRead() throws Exception {
    execute("CREATE TABLE lake.t AS SELECT * FROM (VALUES (1, 'a'), (2, '')) AS v(n, s)");
    assertThat(
            one(
                "SELECT count(*) FROM TABLE(read_parquet('"
                    + directory
                    + "/lake/t/**/*.parquet'))"))
        .isEqualTo("2");
    Path csv = directory.resolve("it's.csv");
    Files.writeString(csv, "n,s\n1,\"x,y\"\n2,\"\"\n3,\n");
    String file = csv.toString().replace("'", "''");
    assertThat(one("SELECT count(*) || ' ' || count(s) FROM TABLE(read_csv('" + file + "'))"))
        .isEqualTo("3 2");
    assertThatThrownBy(() -> one("SELECT nothing FROM TABLE(read_csv('" + file + "'))"))
        .hasMessageContaining("Column 'nothing' not found");
  }

  @Test
  void unfinishedResultGivesItsMemoryBack() throws Exception {
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n, s FROM " + LONG)) {
      assertThat(rows.next()).isTrue();
    }
    assertThat(one("SELECT 1")).isEqualTo("1");
  }

  @Test
  void secondProcessOnTheDuckDbFileIsToldToUseAServer() throws Exception {
    execute("CREATE TABLE warehouse.t (n BIGINT)");
    Process second =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LakeWritesTest.class.getName(),
                catalog.url())
            .redirectErrorStream(true)
            .start();
    String said = new String(second.getInputStream().readAllBytes());
    assertThat(second.waitFor()).isNotZero();
    assertThat(said).contains("warehouse.duckdb").contains("--url");
  }

  /** The second process: opens the catalog and says why it could not. */
  public static void main(String[] arguments) throws SQLException {
    java.sql.DriverManager.getConnection(arguments[0]).close();
  }

  /** Runs a statement, cancels it from here once it is at work, and gives what it failed with. */
  private SQLException cancelled(String sql) throws Exception {
    AtomicReference<SQLException> failure = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement()) {
      Thread worker =
          new Thread(
              () -> {
                started.countDown();
                try {
                  if (statement.execute(sql)) {
                    statement.getResultSet().next();
                  }
                } catch (SQLException e) {
                  failure.set(e);
                }
              });
      worker.start();
      started.await();
      while (worker.isAlive()) {
        worker.join(500);
        statement.cancel();
      }
    }
    assertThat((Throwable) failure.get()).as("failure of the cancelled statement").isNotNull();
    return failure.get();
  }

  private static String sqlState(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "none";
  }

  private List<Path> parquet(String table) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("lake").resolve(table))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private List<Path> staging() throws IOException {
    Path staging = directory.resolve("lake/.staging");
    if (!Files.exists(staging)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(staging)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  /** Partition, name and content of each file; a run's id is its own. */
  private List<String> hashes(String table) throws Exception {
    List<String> hashes = new java.util.ArrayList<>();
    for (Path file : parquet(table)) {
      Path inRun = directory.resolve("lake").resolve(table).relativize(file);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      hashes.add(inRun.subpath(1, inRun.getNameCount()) + " " + HexFormat.of().formatHex(digest));
    }
    return hashes;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private long update(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  private String one(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
