package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A join of many ClickHouse rows with few lake rows sends the keys of the few to ClickHouse. */
class KeyedJoinTest {
  private static final int ROWS = 400_000;

  @TempDir private Path directory;
  private TestCatalog catalog;

  @BeforeEach
  void open() throws Exception {
    catalog = TestCatalog.clickHouse(KeyedJoinTest.class, directory);
    update(
        "CREATE TABLE {ch}.ticks (name VARCHAR, day DATE, at TIMESTAMP(3), price DECIMAL(18, 4),"
            + " n BIGINT) SORTED BY (name, at)");
    update(
        "INSERT INTO {ch}.ticks SELECT * FROM TABLE(native_query('{ch}', 'SELECT if(number %"
            + " 1000 = 7, NULL, concat(''é'', toString(number % 20000))) AS name, toDate32(number"
            + " % 3000) AS day, toDateTime64(number, 3, ''UTC'') AS at, toDecimal64(number % 5000,"
            + " 4) AS price, toInt64(number) AS n FROM numbers("
            + ROWS
            + ")'))");
    update(
        "CREATE TABLE lake.labels (name VARCHAR, label VARCHAR, day DATE, at TIMESTAMP, price"
            + " DECIMAL(12, 4), n INTEGER)");
    update(
        """
        INSERT INTO lake.labels VALUES
        ('é1', 'odd', DATE '1970-01-02', TIMESTAMP '1970-01-01 00:00:01', 1, 1),
        ('é3', 'odd', DATE '1970-01-04', TIMESTAMP '1970-01-01 00:00:03', 3, 3),
        ('é3', 'three', DATE '1970-01-04', TIMESTAMP '1970-01-01 00:00:03', 3, 3),
        ('\\''', 'quotes', DATE '9999-12-31', TIMESTAMP '0001-01-01 00:00:00', 99999999, 500000),
        (NULL, 'none', NULL, NULL, NULL, NULL)""");
    // The same rows where no border is crossed, to compare with.
    update("CREATE TABLE lake.ticks AS SELECT * FROM {ch}.ticks");
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @Test
  void keysGoFirstAndClickHouseSendsTheirRowsOnly() throws Exception {
    String query =
        "SELECT l.label, t.n FROM %s.ticks AS t JOIN lake.labels AS l ON l.name = t.name ORDER BY"
            + " l.label, t.n";
    List<String> plan = rows("EXPLAIN PLAN FOR " + query.formatted("{ch}"));
    assertThat(plan.get(0).lines())
        .anyMatch(
            line ->
                line.startsWith("  arrow_0 <- ClickHouse: ")
                    && line.endsWith("IN (SELECT * FROM `tidegate_keys`)"))
        .anyMatch(line -> line.matches("    tidegate_keys, at most 100000 or none <- DuckDB: .*"));
    assertSame(query);

    // Twenty rows of each name; the primary key finds them without reading the rest.
    assertThat(logged("result_rows")).isEqualTo(40);
    assertThat(logged("read_rows")).isLessThan(ROWS / 4);
  }

  @Test
  void groupsAreOfTheRowsWithKeys() throws Exception {
    assertKeyed(
        "SELECT l.label, COUNT(*) AS c, SUM(t.n) AS n, MAX(t.at) AS at FROM %s.ticks AS t"
            + " JOIN lake.labels AS l ON l.name = t.name GROUP BY l.label ORDER BY l.label");
    assertKeyed(
        "SELECT l.label, g.c FROM (SELECT name, COUNT(*) AS c FROM %s.ticks WHERE n < 300000 GROUP"
            + " BY name) AS g JOIN lake.labels AS l ON l.name = g.name ORDER BY l.label, g.c");
  }

  @Test
  void keysOfEachTypeFindTheSameRows() throws Exception {
    for (String column : List.of("name", "day", "at", "price", "n")) {
      assertKeyed(
          "SELECT l.label, t.n FROM %s.ticks AS t JOIN lake.labels AS l ON l."
              + column
              + " = t."
              + column
              + " ORDER BY l.label, t.n");
    }
    assertKeyed(
        "SELECT l.label, t.n FROM %s.ticks AS t JOIN lake.labels AS l ON l.name = t.name AND l.n ="
            + " t.n AND l.day = t.day ORDER BY l.label, t.n");
  }

  @Test
  void columnOfNullsAloneJoinsNothing() throws Exception {
    update("CREATE TABLE {ch}.nothing (day DATE, n BIGINT)");
    update("INSERT INTO {ch}.nothing SELECT NULL, n FROM {ch}.ticks WHERE n < 20000");
    assertThat(
            rows(
                "SELECT l.label, t.n FROM {ch}.nothing AS t JOIN lake.labels AS l ON l.day ="
                    + " t.day"))
        .isEmpty();
  }

  @Test
  void joinsThatKeepRowsWithoutPartnerKeepThem() throws Exception {
    assertKeyed(
        "SELECT l.label, t.n FROM lake.labels AS l LEFT JOIN %s.ticks AS t ON l.name = t.name ORDER"
            + " BY l.label, t.n");
    assertKeyed("SELECT COUNT(*) FROM %s.ticks WHERE name IN (SELECT name FROM lake.labels)");
    String outer =
        "SELECT COUNT(*), COUNT(l.label) FROM %s.ticks AS t LEFT JOIN lake.labels AS l ON l.name ="
            + " t.name";
    assertThat(plan(outer)).doesNotContain("tidegate_keys");
    assertSame(outer);
    assertSame(
        "SELECT COUNT(*) FROM %s.ticks WHERE name NOT IN (SELECT name FROM lake.labels WHERE name"
            + " IS NOT NULL)");
    assertSame(
        "SELECT COUNT(*) FROM %s.ticks AS t JOIN lake.labels AS l ON l.name IS NOT DISTINCT FROM"
            + " t.name");
  }

  @Test
  void moreKeysThanOneParameterHoldsAreSentInSeveral() throws Exception {
    update(
        "CREATE TABLE lake.many AS SELECT DISTINCT name FROM lake.ticks WHERE n < 20000 AND"
            + " MOD(n, 3) = 0");
    assertKeyed(
        "SELECT COUNT(*), SUM(t.n) FROM %s.ticks AS t JOIN lake.many AS m ON m.name = t.name");
  }

  @Test
  void moreKeysThanExpectedLeaveTheAnswerRight() throws Exception {
    // The estimate of a filter on an expression is low, and its distinct values are many.
    update("CREATE TABLE lake.numbers AS SELECT n, CAST(n AS VARCHAR) AS text FROM lake.ticks");
    String query =
        "SELECT COUNT(*), SUM(t.n) FROM %s.ticks AS t JOIN (SELECT n FROM lake.numbers WHERE"
            + " CHAR_LENGTH(text) > 1 AND n + 0 > 1 AND n * 2 > 3 AND n - 1 > 2 AND n + 5 > 2) AS"
            + " m ON m.n = t.n";
    assertKeyed(query);
    assertThat(rows(query.formatted("{ch}"))).containsExactly("399990|79999799955");
    assertThat(logged("result_rows")).isGreaterThan(100_000);
  }

  private void assertKeyed(String query) throws SQLException {
    assertThat(plan(query)).contains("tidegate_keys");
    assertSame(query);
  }

  private void assertSame(String query) throws SQLException {
    List<String> rows = rows(query.formatted("{ch}"));
    assertThat(rows).isNotEmpty().isEqualTo(rows(query.formatted("lake")));
  }

  private String plan(String query) throws SQLException {
    return rows("EXPLAIN PLAN FOR " + query.formatted("{ch}")).get(0);
  }

  /** What ClickHouse says of the last query that read the table of this test. */
  private long logged(String column) throws Exception {
    try (var client =
        new io.tidegate.adapter.clickhouse.ClickHouseClient(TestClickHouse.endpoint())) {
      client.execute("SYSTEM FLUSH LOGS", java.util.Map.of(), "flush-" + System.nanoTime());
    }
    return Long.parseLong(
        rows("SELECT v FROM TABLE(native_query('{ch}', 'SELECT toInt64("
                + column
                + ") AS v FROM system.query_log WHERE type = ''QueryFinish'' AND has(tables,"
                + " ''{ch}.ticks'') AND query NOT LIKE ''%uniqCombined%'' AND query_kind ="
                + " ''Select'' AND query NOT LIKE ''%query_log%'' ORDER BY"
                + " event_time_microseconds DESC LIMIT 1'))")
            .get(0));
  }

  private void update(String sql) throws SQLException {
    TestSql.update(catalog.connection(), sql.replace("{ch}", catalog.store()));
  }

  private List<String> rows(String sql) throws SQLException {
    return TestSql.rows(catalog.connection(), sql.replace("{ch}", catalog.store()));
  }
}
