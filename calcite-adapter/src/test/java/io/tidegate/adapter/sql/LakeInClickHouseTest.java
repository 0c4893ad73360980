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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake on storage that two ClickHouse servers, the shards of one cluster, see too. */
class LakeInClickHouseTest {
  @TempDir static Path directory;
  private static TestCluster cluster;
  private static Connection local;
  private static Connection server;
  private static Connection sharded;

  @BeforeAll
  static void open() throws Exception {
    cluster = TestCluster.start(directory);
    cluster.createDatabase("market");
    local = connect("local", "");
    update(
        local,
        "CREATE TABLE lake.ticks (symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NOT NULL, price"
            + " DECIMAL(18, 8), qty DOUBLE, day_ DATE, up BOOLEAN, n INTEGER, big BIGINT)"
            + " PARTITIONED BY (FLOOR(ts TO DAY)) SORTED BY (symbol, ts)");
    update(
        local,
        "INSERT INTO lake.ticks VALUES"
            + " ('it''s \\ \u20ac', TIMESTAMP '2024-01-01 00:00:00.123456', 1.00000001, 0.1, DATE"
            + " '1960-02-29', TRUE, -1, 9223372036854775807),"
            + " ('b', TIMESTAMP '2024-01-02 00:00:00', NULL, NULL, NULL, NULL, NULL, NULL),"
            + " ('c', TIMESTAMP '1969-12-31 23:59:59.999999', -9999999999.99999999, 1e300, DATE"
            + " '2024-01-01', FALSE, 2147483647, -9223372036854775808)");
    update(local, "INSERT INTO lake.ticks SELECT 'd', ts, 2, 2, day_, up, 5, 6 FROM lake.ticks");
    update(
        local,
        "CREATE TABLE market.names (symbol VARCHAR NOT NULL, name VARCHAR) SORTED BY (symbol)");
    update(local, "INSERT INTO market.names VALUES ('b', 'Bee'), ('d', 'Dee')");
    update(
        local,
        "CREATE TABLE market.ticks (symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NOT NULL, price"
            + " DECIMAL(18, 8), qty DOUBLE) SORTED BY (symbol, ts)");
    for (int shard = 0; shard < 2; shard++) {
      cluster.execute(
          shard,
          "CREATE TABLE market.part_of_ticks (symbol String, qty Nullable(Float64))"
              + " ENGINE = MergeTree ORDER BY symbol");
      cluster.execute(
          shard,
          "CREATE TABLE market.all_ticks AS market.part_of_ticks ENGINE = Distributed('"
              + TestCluster.NAME
              + "', 'market', 'part_of_ticks', length(symbol))");
    }
    // What a session knows of ClickHouse's tables is up to two seconds old: these come last.
    server = connect("server", "  clickhouse-reads: {path: " + directory + "/lake}\n");
    sharded =
        connect(
            "sharded",
            "  clickhouse-reads: {path: "
                + directory
                + "/lake, cluster: "
                + TestCluster.NAME
                + "}\n");
  }

  @AfterAll
  static void close() throws Exception {
    for (Connection connection : new Connection[] {local, server, sharded}) {
      if (connection != null) {
        connection.close();
      }
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static final String ALL = "SELECT * FROM lake.ticks ORDER BY symbol, ts";

  private static Connection connect(String name, String reads) throws SQLException, IOException {
    return TestSql.connect(directory, name, cluster.shard(0), reads);
  }

  @Test
  void clusterReadsEveryValueAsTheLakeHasIt() throws Exception {
    assertThat(explain(sharded, ALL))
        .startsWith("ClickHouse: ")
        .contains("fileCluster('two_shards', ")
        .doesNotContain("DuckDB: ")
        .contains("lake.ticks: 6 of 6 files");
    assertThat(explain(local, ALL)).startsWith("DuckDB: ");
    assertThat(rows(sharded, ALL)).isEqualTo(rows(local, ALL)).hasSize(6);
  }

  /** What a directory is called is another spelling of the value, and none of NULL. */
  @Test
  void columnThatADirectoryIsNamedAfterKeepsItsValues() throws Exception {
    update(
        local, "CREATE TABLE lake.named (n INTEGER, g VARCHAR) PARTITIONED BY (g) SORTED BY (n)");
    update(
        local,
        "INSERT INTO lake.named VALUES (1, 'b \u00fc'), (2, NULL), (3, ''), (4, '100%'), (5,"
            + " 'a/b=c'), (6, '007')");
    String query = "SELECT n, g FROM lake.named WHERE n > 0 ORDER BY n";
    assertThat(explain(sharded, query)).contains("use_hive_partitioning = 0");
    assertThat(rows(local, query)).contains("2|null", "4|100%");
    assertThat(rows(sharded, query)).isEqualTo(rows(local, query));
    String join =
        "SELECT t.n, t.g, s.symbol FROM lake.named AS t LEFT JOIN market.names AS s ON s.symbol ="
            + " t.g ORDER BY t.n";
    assertThat(explain(server, join)).startsWith("ClickHouse:");
    assertThat(rows(server, join)).isEqualTo(rows(local, join));
    update(server, "CREATE TABLE market.copied (n INTEGER, g VARCHAR) SORTED BY (n)");
    update(server, "INSERT INTO market.copied SELECT n, g FROM lake.named");
    assertThat(rows(server, "SELECT n, g FROM market.copied ORDER BY n"))
        .isEqualTo(rows(local, query));
  }

  @Test
  void joinWithATableOfClickHouseIsOneStatementThere() throws Exception {
    String join =
        "SELECT n.name, COUNT(*) AS c, SUM(t.qty) AS q FROM lake.ticks AS t"
            + " JOIN market.names AS n ON n.symbol = t.symbol GROUP BY n.name ORDER BY n.name";
    assertThat(explain(local, join)).contains("arrow_0 <- ClickHouse");
    assertThat(explain(server, join))
        .startsWith("ClickHouse: ")
        .contains("file('" + directory + "/lake/{ticks/run_id=")
        .doesNotContain("arrow_0");
    assertThat(rows(server, join))
        .isEqualTo(rows(local, join))
        .containsExactly("Bee|1|null", "Dee|3|6.0");
    assertThat(rows(sharded, join)).isEqualTo(rows(local, join));
  }

  @Test
  void onlyFilesThatCanMatchAreRead() throws Exception {
    String day = "SELECT symbol FROM lake.ticks WHERE ts >= TIMESTAMP '2024-01-02 00:00:00'";
    assertThat(explain(sharded, day)).contains("ClickHouse: ").contains("2 of 6 files");
    assertThat(rows(sharded, day + " ORDER BY symbol")).containsExactly("b", "d");
    assertThat(rows(sharded, "SELECT symbol FROM lake.ticks WHERE symbol = 'nobody'")).isEmpty();
  }

  @Test
  void backfillIsOneNativeStatement() throws Exception {
    String insert =
        "INSERT INTO market.ticks SELECT symbol, ts, price, qty FROM lake.ticks WHERE n IS NOT"
            + " NULL";
    assertThat(explain(local, insert)).contains("FORMAT ArrowStream");
    assertThat(explain(server, insert))
        .startsWith("ClickHouse: INSERT INTO `market`.`ticks`")
        .contains(" file(")
        .doesNotContain("ArrowStream");
    assertThat(update(server, insert)).isEqualTo(5);
    assertThat(rows(local, "SELECT * FROM market.ticks ORDER BY symbol, ts"))
        .isEqualTo(
            rows(
                local,
                "SELECT symbol, ts, price, qty FROM lake.ticks WHERE n IS NOT NULL ORDER BY"
                    + " symbol, ts"));
    assertThat(update(sharded, insert)).isEqualTo(5);
  }

  @Test
  void backfillOfADistributedTableReachesBothShards() throws Exception {
    String insert = "INSERT INTO market.all_ticks SELECT symbol, qty FROM lake.ticks";
    assertThat(explain(sharded, insert))
        .startsWith("ClickHouse: INSERT INTO `market`.`all_ticks`")
        .contains("fileCluster('two_shards', ");
    update(sharded, insert);
    // Each row is on the shard of its key, which is the symbol's length in bytes.
    for (int shard = 0; shard < 2; shard++) {
      assertThat(
              cluster.number(
                  shard,
                  "SELECT count() AS n FROM market.part_of_ticks WHERE length(symbol) % 2 = "
                      + shard))
          .isEqualTo(shard == 0 ? 1 : 5);
    }
  }

  @Test
  void bothShardsWork() throws Exception {
    assertThat(rows(sharded, "SELECT COUNT(*), SUM(n) FROM lake.ticks WHERE qty > 0"))
        .containsExactly("5|2147483661");
    for (int shard = 0; shard < 2; shard++) {
      cluster.execute(shard, "SYSTEM FLUSH LOGS");
      assertThat(
              cluster.number(
                  shard,
                  "SELECT count() AS n FROM system.query_log WHERE NOT is_initial_query"
                      + " AND type = 'QueryFinish' AND position(query, 'lake/{ticks/run_id') > 0"))
          .as("queries that shard %s ran for the other", shard)
          .isPositive();
    }
  }

  @Test
  void datesThatClickHouseDoesNotHaveAreReadHere() throws Exception {
    update(local, "CREATE TABLE lake.old (ts TIMESTAMP(6), d DATE)");
    update(local, "INSERT INTO lake.old VALUES (TIMESTAMP '1899-12-31 23:59:59.999999', NULL)");
    String years = "SELECT EXTRACT(YEAR FROM ts), d FROM lake.old";
    assertThat(explain(sharded, years)).startsWith("DuckDB: ");
    assertThat(rows(sharded, years)).containsExactly("1899|null");
    update(local, "CREATE TABLE lake.late (d DATE)");
    update(local, "INSERT INTO lake.late VALUES (DATE '2299-12-31')");
    assertThat(explain(sharded, "SELECT d FROM lake.late")).startsWith("ClickHouse: ");
    assertThat(rows(sharded, "SELECT d FROM lake.late")).containsExactly("2299-12-31");
    update(local, "INSERT INTO lake.late VALUES (DATE '2300-01-01')");
    assertThat(explain(sharded, "SELECT d FROM lake.late")).startsWith("DuckDB: ");
  }

  /** The text only: there is no object store here to read from. */
  @Test
  void objectStoreIsNamedWithoutItsSecret() throws Exception {
    try (Connection bucket =
        connect(
            "bucket",
            "  clickhouse-reads:\n    s3: https://store.example/bucket/lake\n"
                + "    access-key: reader\n    secret-key: hush\n    cluster: "
                + TestCluster.NAME
                + "\n")) {
      assertThat(explain(bucket, "SELECT symbol FROM lake.ticks WHERE symbol = 'b'"))
          .startsWith("ClickHouse: ")
          .contains(
              "s3Cluster('two_shards', 'https://store.example/bucket/lake/ticks/run_id=",
              "/part-0000.parquet', 'reader', '[HIDDEN]', 'Parquet', '`symbol` String, ")
          .doesNotContain("hush");
      update(local, "CREATE TABLE lake.spaced (g VARCHAR) PARTITIONED BY (g)");
      update(local, "INSERT INTO lake.spaced VALUES ('a b')");
      assertThat(explain(bucket, "SELECT g FROM lake.spaced")).contains("/g=a%2520b/part-0000");
    }
  }

  @Test
  void thousandsOfFilesAreOneStatement() throws Exception {
    update(local, "CREATE TABLE lake.parts (n INTEGER NOT NULL) PARTITIONED BY (n)");
    update(
        local,
        "INSERT INTO lake.parts SELECT CAST(number AS INTEGER) FROM TABLE(native_query('market',"
            + " 'SELECT number FROM numbers(2000)'))");
    assertThat(explain(sharded, "SELECT MAX(n + 0) FROM lake.parts"))
        .startsWith("ClickHouse: ")
        .contains("... 1998 more}");
    assertThat(rows(sharded, "SELECT MAX(n + 0), COUNT(n + 0) FROM lake.parts"))
        .containsExactly("1999|2000");
  }

  @Test
  void fileThatClickHouseDoesNotSeeIsAnErrorAndNoShorterResult() throws Exception {
    update(local, "CREATE TABLE lake.lost (a INTEGER)");
    update(local, "INSERT INTO lake.lost VALUES (1)");
    update(local, "INSERT INTO lake.lost VALUES (2)");
    // The same tables seen elsewhere, where one run has not arrived yet.
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/lost"));
    Path arrived;
    try (var runs = Files.list(directory.resolve("lake/lost"))) {
      arrived = runs.filter(Files::isDirectory).sorted().findFirst().orElseThrow();
    }
    Path copy = Files.createDirectories(elsewhere.resolve(arrived.getFileName()));
    Files.copy(arrived.resolve("part-0000.parquet"), copy.resolve("part-0000.parquet"));
    try (Connection late =
        connect(
            "late",
            "  clickhouse-reads: {path: "
                + directory
                + "/elsewhere, cluster: "
                + TestCluster.NAME
                + "}\n")) {
      for (String query : List.of("SELECT a FROM lake.lost", "SELECT MAX(a + 1) FROM lake.lost")) {
        assertThatThrownBy(() -> rows(late, query))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining(
                "lake.lost: ClickHouse does not see the lake's files at "
                    + directory
                    + "/elsewhere");
      }
    }
    assertThat(rows(sharded, "SELECT a FROM lake.lost ORDER BY a")).containsExactly("1", "2");
  }
}
