package io.tidegate.adapter.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are stored in the order that is asked for are not sorted again, and lose nothing. */
class StoredOrderTest {
  private static final String COLUMNS = "(name VARCHAR, at TIMESTAMP, price DOUBLE, n BIGINT)";

  /** Ties in every column but the last, NULLs, NaN, infinities, several batches. */
  private static final String ROWS =
      "SELECT * FROM TABLE(native_query('%s', 'SELECT if(number %% 11 = 0, NULL, concat(''é'',"
          + " toString(number %% 7))) AS name, if(number %% 13 = 0, NULL, toDateTime64(number %% 50,"
          + " 6, ''UTC'')) AS at, multiIf(number %% 5 = 0, NULL, number %% 17 = 0, nan, number %% 19"
          + " = 0, -inf, toFloat64(number %% 23)) AS price, toInt64(cityHash64(number)) AS n"
          + " FROM numbers(%d, 100000)'))";

  @TempDir private Path directory;
  private Connection connection;
  private String schema;

  @BeforeEach
  void open() throws Exception {
    ClickHouseEndpoint server = TestClickHouse.databaseOf(StoredOrderTest.class);
    schema = server.database();
    Path catalog =
        Files.writeString(
            directory.resolve("catalog.yaml"),
            """
            lake:
              root: "%s"
            clickhouse:
              host: "%s"
              port: %d
              user: "%s"
              password: "%s"
              database: "%s"
            """
                .formatted(
                    directory.resolve("lake"),
                    server.host(),
                    server.port(),
                    server.user(),
                    server.password(),
                    schema));
    Class.forName(TidegateDriver.class.getName());
    connection = DriverManager.getConnection("jdbc:tidegate:catalog=" + catalog);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  /** One file; small partitions; a partition of more than a row group, whole and in files. */
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "PARTITIONED BY (name), ''",
    "PARTITIONED BY (name), WITH (target_file_mb = 1)",
    "PARTITIONED BY (FLOOR(at TO MONTH)), ''",
    "PARTITIONED BY (FLOOR(at TO MONTH)), WITH (target_file_mb = 1)"
  })
  void clickHouseGivesTheOrderOfItsKeyAndTheBytesAreThoseOfDuckDbsOrder(
      String partitions, String options) throws Exception {
    update("CREATE TABLE %s.keyed %s SORTED BY (name, at)".formatted(schema, COLUMNS));
    update("CREATE TABLE %s.heap %s".formatted(schema, COLUMNS));
    for (int part = 2; part >= 0; part--) {
      update("INSERT INTO %s.keyed ".formatted(schema) + ROWS.formatted(schema, part * 100_000));
      update("INSERT INTO %s.heap ".formatted(schema) + ROWS.formatted(schema, part * 100_000));
    }
    String layout = COLUMNS + " " + partitions + " SORTED BY (name, at)";
    update("CREATE TABLE lake.by_clickhouse " + layout);
    update("CREATE TABLE lake.by_duckdb " + layout);
    String keyed =
        "INSERT INTO lake.by_clickhouse %s SELECT * FROM %s.keyed".formatted(options, schema);
    // A window is nothing that ClickHouse's key order is seen through.
    String heap =
        "INSERT INTO lake.by_duckdb %s SELECT name, at, price, n FROM (SELECT *, COUNT(*) OVER () AS c"
                .formatted(options)
            + " FROM %s.heap)".formatted(schema);
    assertTrue(line(plan(keyed), "ClickHouse:").contains(" ORDER BY "), plan(keyed));
    assertFalse(line(plan(keyed), "DuckDB:").contains(" ORDER BY "), plan(keyed));
    boolean oneByOne = !partitions.isEmpty();
    assertEquals(oneByOne, plan(heap).contains(", each partition sorted"), plan(heap));
    assertEquals(!oneByOne, line(plan(heap), "DuckDB:").contains(" ORDER BY "), plan(heap));

    assertEquals(300_000, update(keyed));
    assertEquals(300_000, update(heap));

    Map<String, String> files = hashes("by_duckdb");
    assertTrue(files.size() >= (options.isEmpty() ? 1 : 4), files.toString());
    assertEquals(files, hashes("by_clickhouse"));
  }

  @Test
  void columnOfOneValueIsNoPartOfTheOrder() throws Exception {
    update("CREATE TABLE %s.keyed %s SORTED BY (name, at)".formatted(schema, COLUMNS));
    update(
        "CREATE TABLE lake.marked (run VARCHAR, name VARCHAR, at TIMESTAMP) SORTED BY (run, name)");
    String insert = "INSERT INTO lake.marked SELECT 'r1', name, at FROM %s.keyed".formatted(schema);

    assertTrue(plan(insert).contains(" ORDER BY "), plan(insert));
    assertFalse(plan(insert).split(" ORDER BY ")[1].contains("r1"), plan(insert));
    assertFalse(plan(insert).split(" ORDER BY ")[1].contains("run"), plan(insert));
  }

  @Test
  void oneSortedRunIsInsertedIntoClickHouseAsItLiesAndTwoAreSorted() throws Exception {
    update("CREATE TABLE lake.runs %s SORTED BY (name, at)".formatted(COLUMNS));
    update("CREATE TABLE %s.target %s SORTED BY (name, at)".formatted(schema, COLUMNS));
    String insert = "INSERT INTO %s.target SELECT * FROM lake.runs".formatted(schema);

    update("INSERT INTO lake.runs " + ROWS.formatted(schema, 0));
    assertFalse(plan(insert).contains(" ORDER BY "), plan(insert));
    assertEquals(100_000, update(insert));

    update("INSERT INTO lake.runs " + ROWS.formatted(schema, 50_000));
    assertTrue(plan(insert).contains(" ORDER BY "), plan(insert));
    assertEquals(200_000, update(insert));
    assertEquals(
        rows("SELECT COUNT(*), SUM(n) FROM lake.runs UNION ALL SELECT 300000, SUM(n) FROM (SELECT n"
                + " FROM lake.runs UNION ALL "
                + "SELECT n FROM ("
                + ROWS.formatted(schema, 0)
                + "))")
            .get(1),
        rows("SELECT COUNT(*), SUM(n) FROM %s.target".formatted(schema)).get(0));
  }

  @Test
  void groupsAreMadeBelowAJoinOfTwoStores() throws Exception {
    update("CREATE TABLE %s.ticks %s SORTED BY (name, at)".formatted(schema, COLUMNS));
    update("INSERT INTO %s.ticks ".formatted(schema) + ROWS.formatted(schema, 0));
    update("CREATE TABLE lake.labels (name VARCHAR, label VARCHAR)");
    update(
        "INSERT INTO lake.labels VALUES ('é1', 'odd'), ('é3', 'odd'), ('é3', 'three'), ('x', 'x')");
    String query =
        "SELECT l.label, COUNT(*) AS c, COUNT(t.price) AS p, SUM(t.n) AS n, MAX(t.at) AS at, AVG(t.n)"
            + " AS a FROM %s.ticks AS t JOIN lake.labels AS l ON l.name = t.name GROUP BY l.label"
            + " ORDER BY l.label";
    String across = query.formatted(schema);

    assertTrue(line(plan(across), "ClickHouse:").contains(" GROUP BY "), plan(across));
    update("CREATE TABLE lake.ticks %s".formatted(COLUMNS));
    update("INSERT INTO lake.ticks SELECT * FROM %s.ticks".formatted(schema));
    assertEquals(2, rows(across).size());
    assertEquals(rows(query.formatted("lake")), rows(across));
  }

  /** The content of each file of a table, by its path in the only run. */
  private Map<String, String> hashes(String table) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    Path root = directory.resolve("lake").resolve(table);
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path file : tree.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        Path inTable = root.relativize(file);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        hashes.put(
            inTable.subpath(1, inTable.getNameCount()).toString(),
            HexFormat.of().formatHex(digest));
      }
    }
    return hashes;
  }

  private static String line(String plan, String engine) {
    return plan.lines().filter(line -> line.contains(engine)).findFirst().orElse("");
  }

  private String plan(String sql) throws SQLException {
    return TestSql.explain(connection, sql);
  }

  private long update(String sql) throws SQLException {
    return TestSql.update(connection, sql);
  }

  private List<String> rows(String sql) throws SQLException {
    return TestSql.rows(connection, sql);
  }
}
