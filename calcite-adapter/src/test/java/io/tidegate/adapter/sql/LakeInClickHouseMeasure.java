package io.tidegate.adapter.sql;

import static io.tidegate.adapter.sql.TestSql.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.clickhouse.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the times of docs/scaling.md; no part of the build, run by its name: {@code mvn test -pl
 * calcite-adapter -am -Dtest=LakeInClickHouseMeasure -Dsurefire.failIfNoSpecifiedTests=false}. The
 * number of rows is the environment variable {@code TIDEGATE_MEASURE_ROWS}.
 */
class LakeInClickHouseMeasure {
  private static final int ROUNDS = 3;
  private static final Map<String, String> READS =
      Map.of(
          "gateway", "",
          "server", "  clickhouse-reads: {path: %s/lake, writes: true}\n",
          "cluster",
              "  clickhouse-reads: {path: %s/lake, writes: true, cluster: "
                  + TestCluster.NAME
                  + "}\n");

  private static final Map<String, String> QUERIES =
      new LinkedHashMap<>(
          Map.of(
              "aggregate",
              "SELECT symbol, SUM(qty) AS q, MAX(price) AS p FROM lake.t GROUP BY symbol ORDER BY"
                  + " symbol LIMIT 5",
              "join",
              "SELECT n.grp, SUM(t.qty) AS q, COUNT(*) AS c FROM lake.t AS t JOIN market.names AS n"
                  + " ON n.symbol = t.symbol GROUP BY n.grp ORDER BY n.grp LIMIT 5"));

  @TempDir Path directory;

  @Test
  void print() throws Exception {
    long rows = Long.parseLong(System.getenv().getOrDefault("TIDEGATE_MEASURE_ROWS", "2000000"));
    try (TestCluster cluster = TestCluster.start(directory)) {
      cluster.createDatabase("market");
      Map<String, Connection> connections = new LinkedHashMap<>();
      try {
        Connection gateway = connect(cluster, "gateway");
        connections.put("gateway", gateway);
        data(gateway, rows);
        connections.put("server", connect(cluster, "server"));
        connections.put("cluster", connect(cluster, "cluster"));
        System.out.printf("%d rows, median of %d, ms%n", rows, ROUNDS);
        for (Map.Entry<String, String> query : QUERIES.entrySet()) {
          List<String> answers = new ArrayList<>();
          for (Map.Entry<String, Connection> connection : connections.entrySet()) {
            answers.add(first(connection.getValue(), query.getValue()));
            long millis = median(() -> first(connection.getValue(), query.getValue()));
            System.out.printf("%-10s %-8s %6d%n", query.getKey(), connection.getKey(), millis);
          }
          assertThat(answers).as(query.getKey()).containsOnly(answers.get(0));
        }
        for (Map.Entry<String, Connection> connection : connections.entrySet()) {
          long millis =
              median(
                  () ->
                      assertThat(
                              update(
                                  connection.getValue(),
                                  "INSERT INTO market.target SELECT symbol, ts, price, qty FROM"
                                      + " lake.t"))
                          .isEqualTo(rows));
          System.out.printf("%-10s %-8s %6d%n", "backfill", connection.getKey(), millis);
        }
        update(gateway, "INSERT INTO market.source SELECT symbol, ts, price, qty FROM lake.t");
        for (Map.Entry<String, Connection> connection : connections.entrySet()) {
          long millis =
              median(
                  () ->
                      assertThat(
                              update(
                                  connection.getValue(),
                                  "INSERT INTO lake.exported SELECT * FROM market.source"))
                          .isEqualTo(rows));
          System.out.printf("%-10s %-8s %6d%n", "export", connection.getKey(), millis);
        }
      } finally {
        for (Connection connection : connections.values()) {
          connection.close();
        }
      }
    }
  }

  private static void data(Connection gateway, long rows) throws SQLException {
    String columns =
        "(symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NOT NULL, price DOUBLE, qty DOUBLE)";
    update(gateway, "CREATE TABLE lake.t " + columns + " PARTITIONED BY (FLOOR(ts TO DAY))");
    update(gateway, "CREATE TABLE lake.exported " + columns + " SORTED BY (symbol, ts)");
    update(gateway, "CREATE TABLE market.source " + columns + " SORTED BY (symbol, ts)");
    update(gateway, "CREATE TABLE market.target " + columns + " SORTED BY (symbol, ts)");
    update(
        gateway,
        "CREATE TABLE market.names (symbol VARCHAR NOT NULL, grp VARCHAR) SORTED BY (symbol)");
    update(
        gateway,
        "INSERT INTO lake.t SELECT symbol, ts, price, qty FROM TABLE(native_query('market',"
            + " 'SELECT concat(''S'', toString(number % 1000)) AS symbol,"
            + " toDateTime64(''2024-01-01 00:00:00'', 6, ''UTC'') + toIntervalSecond(intDiv(number"
            + " * 86400 * 16, "
            + rows
            + ")) AS ts, toFloat64(number % 977) AS price, toFloat64(number % 31) AS qty FROM"
            + " numbers("
            + rows
            + ")'))");
    update(
        gateway,
        "INSERT INTO market.names SELECT symbol, grp FROM TABLE(native_query('market', 'SELECT"
            + " concat(''S'', toString(number)) AS symbol, concat(''G'', toString(number % 7)) AS"
            + " grp FROM numbers(1000)'))");
  }

  private Connection connect(TestCluster cluster, String name) throws SQLException, IOException {
    return TestSql.connect(directory, name, cluster.shard(0), READS.get(name).formatted(directory));
  }

  /** Something whose time is taken. */
  private interface Timed {
    void run() throws SQLException;
  }

  private static long median(Timed timed) throws SQLException {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      timed.run();
      millis.add((System.nanoTime() - start) / 1_000_000);
    }
    Collections.sort(millis);
    return millis.get(ROUNDS / 2);
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      StringBuilder rows = new StringBuilder();
      while (result.next()) {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          rows.append(result.getString(i)).append('|');
        }
      }
      return rows.toString();
    }
  }
}
