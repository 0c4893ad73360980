package io.tidegate.adapter.sql;

import static io.tidegate.adapter.sql.TestSql.explain;
import static io.tidegate.adapter.sql.TestSql.rows;
import static io.tidegate.adapter.sql.TestSql.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.clickhouse.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exports that ClickHouse writes itself into a lake that two shards see. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LakeWrittenByClickHouseTest {
  private static final int LAST = Integer.MAX_VALUE;

  private static final String COLUMNS =
      "symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NOT NULL, up BOOLEAN, tiny TINYINT, small SMALLINT,"
          + " n INTEGER, big BIGINT, r REAL, qty DOUBLE, price DECIMAL(18, 8), cents DECIMAL(9, 2),"
          + " huge DECIMAL(38, 10), note VARCHAR, day_ DATE, seen TIMESTAMP(6), kind VARCHAR NOT NULL, id VARCHAR,"
          + " many DECIMAL(20, 0)";

  @TempDir static Path directory;
  private static TestCluster cluster;

  /** Knows nothing of ClickHouse's view of the lake: DuckDB writes, the reference. */
  private static Connection local;

  private static Connection server;

  @BeforeAll
  static void open() throws Exception {
    cluster = TestCluster.start(directory);
    cluster.createDatabase("market");
    cluster.execute(
        0,
        "CREATE TABLE market.all_types (symbol String, ts DateTime64(6, 'UTC'), up Nullable(Bool),"
            + " tiny Nullable(Int8), small Nullable(Int16), n Nullable(Int32), big Nullable(Int64),"
            + " r Nullable(Float32), qty Nullable(Float64), price Nullable(Decimal(18, 8)),"
            + " cents Nullable(Decimal(9, 2)), huge Nullable(Decimal(38, 10)),"
            + " note Nullable(String), day_ Nullable(Date32), seen Nullable(DateTime64(3, 'UTC')),"
            + " kind LowCardinality(String) DEFAULT 'k', id Nullable(UUID) DEFAULT"
            + " '61f0c404-5cb3-11e7-907b-a6006ad3dba0', many Nullable(UInt64) DEFAULT"
            + " 18446744073709551615)"
            + " ENGINE = MergeTree ORDER BY (symbol, ts)");
    cluster.execute(
        0,
        "INSERT INTO market.all_types (* EXCEPT (kind, id, many)) VALUES"
            + " ('it''s \\\\ \u20ac \ud83d\ude00', '1969-12-31 23:59:59.999999', true, -128, -32768,"
            + " -2147483648, -9223372036854775808, -inf, -0.0, -9999999999.99999999, -9999999.99,"
            + " -9999999999999999999999999999.9999999999, '', '1900-01-01',"
            + " '1900-01-01 00:00:00.001'),"
            + " ('b', '2299-12-31 23:59:59.123456', false, 127, 32767, 2147483647,"
            + " 9223372036854775807, nan, nan, 9999999999.99999999, 9999999.99,"
            + " 9999999999999999999999999999.9999999999, 'x\\0y', '2299-12-31',"
            + " '2299-12-31 23:59:59.999'),"
            + " ('b', '2024-01-01 00:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
            + " NULL, NULL, NULL, NULL),"
            + " ('', '2024-01-01 00:00:00.000001', true, 0, 0, 0, 0, 0, 1e300, 0, 0, 0, '"
            + "\u00e9".repeat(3000)
            + "', '1960-02-29', '1960-02-29 12:00:00.5')");
    for (int shard = 0; shard < 2; shard++) {
      cluster.execute(
          shard,
          "CREATE TABLE market.part_of_ticks (symbol String, ts DateTime64(6, 'UTC'), n Int64)"
              + " ENGINE = MergeTree ORDER BY (symbol, ts)");
      cluster.execute(
          shard,
          "INSERT INTO market.part_of_ticks SELECT toString((number * 7919) % 13), toDateTime64("
              + "'2024-01-01 00:00:00', 6, 'UTC') + toIntervalMicrosecond(number * 7919 % 100003),"
              + " number * 2 + "
              + shard
              + " FROM numbers(200000)");
      cluster.execute(
          shard,
          "CREATE TABLE market.all_ticks AS market.part_of_ticks ENGINE = Distributed('"
              + TestCluster.NAME
              + "', 'market', 'part_of_ticks', n)");
    }
    cluster.execute(
        0, "CREATE TABLE market.bytes (a Int32, s String) ENGINE = MergeTree ORDER BY a");
    cluster.execute(0, "INSERT INTO market.bytes SELECT number, 'good' FROM numbers(300000)");
    cluster.execute(0, "INSERT INTO market.bytes SELECT 999999, unhex('61FF62')");
    // What a session knows of ClickHouse's tables is up to two seconds old: these come last.
    local = connect("local", 0, "");
    server = connect("server", 0, writes());
  }

  @AfterAll
  static void close() throws Exception {
    for (Connection connection : new Connection[] {local, server}) {
      if (connection != null) {
        connection.close();
      }
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String writes() {
    return "  clickhouse-reads: {path: " + directory + "/lake, writes: true}\n";
  }

  private static Connection connect(String name, int shard, String reads)
      throws SQLException, IOException {
    return TestSql.connect(directory, name, cluster.shard(shard), reads);
  }

  private static List<Path> below(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Path> staged() throws IOException {
    Path staging = directory.resolve("lake/.staging");
    return Files.exists(staging)
        ? below(staging).stream().filter(file -> file.toString().endsWith(".parquet")).toList()
        : List.of();
  }

  private static void assertVerified(String table) throws SQLException {
    assertThat(rows(local, "CALL lake.verify(table_name => '" + table + "')"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.split("\\|")).doesNotContain("false"));
  }

  @Test
  void everyValueIsAsDuckDbWritesIt() throws Exception {
    update(local, "CREATE TABLE lake.by_duckdb (" + COLUMNS + ") SORTED BY (symbol, ts)");
    update(local, "CREATE TABLE lake.by_clickhouse (" + COLUMNS + ") SORTED BY (symbol, ts)");
    String select = " SELECT * FROM market.all_types";
    assertThat(explain(local, "INSERT INTO lake.by_clickhouse" + select))
        .contains("arrow_0 <- ClickHouse");
    assertThat(explain(server, "INSERT INTO lake.by_clickhouse" + select))
        .startsWith("Lake: a run of lake.by_clickhouse, written by ClickHouse")
        .contains("ClickHouse: INSERT INTO FUNCTION file('" + directory + "/lake/... .parquet'")
        .doesNotContain("arrow_0")
        .doesNotContain("DuckDB");
    assertThat(update(local, "INSERT INTO lake.by_duckdb" + select)).isEqualTo(4);
    assertThat(update(server, "INSERT INTO lake.by_clickhouse" + select)).isEqualTo(4);
    // In the order of the file: it is one.
    List<String> written = rows(local, "SELECT * FROM lake.by_clickhouse");
    assertThat(written).isEqualTo(rows(local, "SELECT * FROM lake.by_duckdb")).hasSize(4);
    assertThat(written.toString())
        .contains("1969-12-31 23:59:59.999999", "2299-12-31 23:59:59.999");
    assertVerified("by_clickhouse");
  }

  @Test
  void runsOfBothWritersAreOneTable() throws Exception {
    update(local, "CREATE TABLE lake.two_writers (" + COLUMNS + ") SORTED BY (symbol, ts)");
    String insert = "INSERT INTO lake.two_writers SELECT * FROM market.all_types";
    update(server, insert);
    update(local, insert);
    String twice =
        "SELECT symbol, ts, qty, seen, COUNT(*) FROM lake.two_writers GROUP BY symbol, ts, qty,"
            + " seen ORDER BY symbol, ts";
    List<String> before = rows(local, twice);
    assertThat(before).hasSize(4).allSatisfy(row -> assertThat(row).endsWith("|2"));
    // NaN is the greatest of all, and no bound may hide it; nor may a bound hide the smaller zero.
    for (Connection connection : List.of(local, server)) {
      assertThat(rows(connection, "SELECT COUNT(*) FROM lake.two_writers WHERE qty > 2e300"))
          .containsExactly("2");
      assertThat(rows(connection, "SELECT COUNT(*) FROM lake.two_writers WHERE qty = 0"))
          .containsExactly("2");
      assertThat(rows(connection, "SELECT MAX(qty), MAX(r), MIN(qty) FROM lake.two_writers"))
          .containsExactly("NaN|NaN|-0.0");
      assertThat(
              rows(
                  connection,
                  "SELECT MIN(ts), MAX(ts), MIN(price), MAX(huge), MIN(cents), MIN(day_), MAX(note),"
                      + " COUNT(ts), COUNT(seen) FROM lake.two_writers"))
          .containsExactly(
              "1969-12-31 23:59:59.999999|2299-12-31 23:59:59.123456|-9999999999.99999999|"
                  + "9999999999999999999999999999.9999999999|-9999999.99|1900-01-01|"
                  + "\u00e9".repeat(3000)
                  + "|8|6");
      assertThat(
              rows(
                  connection,
                  "SELECT COUNT(*) FROM lake.two_writers WHERE ts = TIMESTAMP '1969-12-31"
                      + " 23:59:59.999999' OR seen > TIMESTAMP '2299-01-01 00:00:00'"))
          .containsExactly("4");
    }
    assertThat(
            explain(
                local,
                "SELECT symbol FROM lake.two_writers WHERE ts > TIMESTAMP '2300-01-01 00:00:00'"))
        .contains("lake.two_writers: 0 of 2 files");
    assertVerified("two_writers");
    assertThat(rows(local, "CALL lake.compact(table_name => 'two_writers')")).hasSize(1);
    assertThat(rows(local, twice)).isEqualTo(before);
    assertVerified("two_writers");
  }

  @Test
  void rowsOfAllShardsComeInOneOrderAndTheSameBytes() throws Exception {
    update(
        local,
        "CREATE TABLE lake.ticks (symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NOT NULL, n BIGINT)"
            + " SORTED BY (symbol, ts)");
    String insert =
        "INSERT INTO lake.ticks WITH (run_id = 'again') SELECT symbol, ts, n FROM market.all_ticks";
    assertThat(explain(server, insert)).contains("written by ClickHouse");
    assertThat(update(server, insert)).isEqualTo(400_000);
    // Equal bytes are nothing new; others under the same id would be an error.
    assertThat(update(server, insert)).isZero();
    assertThat(rows(local, "SELECT COUNT(*), COUNT(DISTINCT n), SUM(n) FROM lake.ticks"))
        .containsExactly("400000|400000|79999800000");
    assertVerified("ticks");
    // What a cluster reads of the lake it writes there too.
    try (Connection sharded =
        connect(
            "sharded",
            0,
            "  clickhouse-reads: {path: "
                + directory
                + "/lake, writes: true, cluster: "
                + TestCluster.NAME
                + "}\n")) {
      String copy =
          "CREATE TABLE lake.copied SORTED BY (n) AS SELECT * FROM lake.ticks WHERE n > 9";
      assertThat(explain(sharded, copy))
          .contains("written by ClickHouse")
          .contains("fileCluster('two_shards', ");
      assertThat(update(sharded, copy)).isEqualTo(399_990);
    }
    assertThat(
            rows(
                local,
                "SELECT COUNT(*) FROM (SELECT * FROM lake.ticks WHERE n > 9 EXCEPT SELECT * FROM"
                    + " lake.copied) AS d"))
        .containsExactly("0");
    assertVerified("copied");
  }

  @Test
  void whatClickHouseDoesNotWriteIsWrittenHere() throws Exception {
    update(local, "CREATE TABLE lake.by_day (symbol VARCHAR NOT NULL) PARTITIONED BY (symbol)");
    String insert = "INSERT INTO lake.by_day SELECT symbol FROM market.all_types";
    assertThat(explain(server, insert))
        .contains("arrow_0 <- ClickHouse")
        .contains("# ClickHouse does not run INSERT INTO lake.by_day, which is partitioned");
    assertThat(update(server, insert)).isEqualTo(4);
    update(local, "CREATE TABLE lake.raw (b VARBINARY, n INTEGER NOT NULL)");
    assertThat(explain(server, "INSERT INTO lake.raw (n) SELECT a FROM market.bytes"))
        .contains("# ClickHouse does not run INSERT INTO lake.raw, whose column 'b' is VARBINARY");
    update(local, "CREATE TABLE lake.strict_ (n INTEGER NOT NULL)");
    String nullable = "INSERT INTO lake.strict_ SELECT n FROM market.all_types";
    assertThat(explain(server, nullable)).contains("'n' is NOT NULL and is given what may be NULL");
    assertThatThrownBy(() -> update(server, nullable)).hasMessageContaining("Cannot insert NULL");
    String values = "INSERT INTO lake.strict_ VALUES (1)";
    assertThat(explain(server, values)).doesNotContain("written by ClickHouse");
    assertThat(
            explain(
                server,
                "INSERT INTO lake.strict_ WITH (target_file_mb = 1) SELECT a FROM market.bytes"))
        .contains("whose files are to have a size (target_file_mb)");
  }

  @Test
  void aNewTableIsMadeWithItsFirstRun() throws Exception {
    String create =
        "CREATE TABLE lake.made SORTED BY (symbol) AS SELECT symbol, COUNT(*) AS c FROM"
            + " market.all_types GROUP BY symbol";
    assertThat(explain(server, create)).contains("written by ClickHouse");
    assertThat(update(server, create)).isEqualTo(3);
    assertThat(rows(local, "SELECT symbol, c FROM lake.made WHERE symbol = 'b'"))
        .containsExactly("b|2");
    assertThat(
            update(
                server, "INSERT INTO lake.made SELECT symbol, 1 FROM market.all_types WHERE n = 5"))
        .isZero();
    assertVerified("made");
  }

  @Test
  void aFailedStatementLeavesNothing() throws Exception {
    update(local, "CREATE TABLE lake.texts (a INTEGER NOT NULL, s VARCHAR NOT NULL) SORTED BY (a)");
    String insert = "INSERT INTO lake.texts SELECT a, s FROM market.bytes";
    assertThat(explain(server, insert)).contains("written by ClickHouse");
    assertThatThrownBy(() -> update(server, insert))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(
            "Cannot insert into lake.texts: column 's' is VARCHAR, a text in UTF-8");
    assertThat(rows(local, "SELECT COUNT(*) FROM lake.texts")).containsExactly("0");
    assertThat(staged()).isEmpty();
    assertThat(update(server, insert + " WHERE a < 999999")).isEqualTo(300_000);
    assertVerified("texts");
  }

  @Test
  void filesThatArriveElsewhereAreAnError() throws Exception {
    update(local, "CREATE TABLE lake.astray (a INTEGER NOT NULL)");
    try (Connection wrong =
        connect(
            "wrong",
            0,
            "  clickhouse-reads: {path: " + directory + "/elsewhere, writes: true}\n")) {
      assertThatThrownBy(() -> update(wrong, "INSERT INTO lake.astray SELECT a FROM market.bytes"))
          .hasMessageContaining("do both see the same storage?");
    }
    assertThat(rows(local, "SELECT COUNT(*) FROM lake.astray")).containsExactly("0");
  }

  /** The text only: there is no object store here to write to. */
  @Test
  void objectStoreIsWrittenByS3() throws Exception {
    update(local, "CREATE TABLE lake.bucket (a INTEGER NOT NULL) WITH (codec = 'snappy')");
    try (Connection bucket =
        connect(
            "bucket",
            0,
            "  clickhouse-reads:\n    s3: https://store.example/bucket/lake\n"
                + "    access-key: writer\n    secret-key: hush\n    writes: true\n    cluster: "
                + TestCluster.NAME
                + "\n")) {
      assertThat(explain(bucket, "INSERT INTO lake.bucket SELECT a FROM market.bytes"))
          .contains(
              "INSERT INTO FUNCTION s3('https://store.example/bucket/lake/... .parquet', 'writer',"
                  + " '[HIDDEN]', 'Parquet', '`a` Int32') SETTINGS"
                  + " output_format_parquet_compression_method = 'snappy'")
          .doesNotContain("hush");
    }
  }

  /** An export that takes hours. */
  private static String endless(String table) throws SQLException {
    update(local, "CREATE TABLE " + table + " (n BIGINT NOT NULL, z SMALLINT NOT NULL)");
    return "INSERT INTO "
        + table
        + " SELECT n, z FROM TABLE(native_query('market', 'SELECT toInt64(number) AS n,"
        + " sleepEachRow(0.001) AS z FROM numbers(10000000) SETTINGS max_block_size = 100,"
        + " function_sleep_max_microseconds_per_block = 0'))";
  }

  /** Runs an insert and stops it when its file is there. */
  private static void stopped(Statement statement, String insert, Callable<?> stop)
      throws Exception {
    CompletableFuture<Long> inserted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return statement.executeLargeUpdate(insert);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    while (staged().isEmpty() && !inserted.isDone()) {
      Thread.onSpinWait();
    }
    assertThat(inserted).isNotDone();
    stop.call();
    assertThatThrownBy(() -> inserted.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(Exception.class);
  }

  private static void assertNothingOf(String table) throws Exception {
    assertThat(staged()).isEmpty();
    assertThat(below(directory.resolve(table.replace('.', '/'))))
        .noneMatch(file -> file.toString().endsWith(".parquet"));
    assertThat(rows(local, "SELECT COUNT(*) FROM " + table)).containsExactly("0");
  }

  @Test
  @Timeout(120)
  void aCancelledExportLeavesNothing() throws Exception {
    String insert = endless("lake.cancelled");
    assertThat(explain(server, insert)).contains("written by ClickHouse");
    try (Statement statement = server.createStatement()) {
      stopped(
          statement,
          insert,
          () -> {
            statement.cancel();
            return null;
          });
    }
    assertNothingOf("lake.cancelled");
  }

  @Test
  @Order(LAST)
  @Timeout(120)
  void aKilledEngineLeavesNothing() throws Exception {
    String insert = endless("lake.killed");
    try (Connection doomed = connect("doomed", 1, writes());
        Statement statement = doomed.createStatement()) {
      assertThat(explain(doomed, insert)).contains("written by ClickHouse");
      stopped(
          statement,
          insert,
          () -> {
            cluster.kill(1);
            return null;
          });
    }
    assertNothingOf("lake.killed");
  }
}
