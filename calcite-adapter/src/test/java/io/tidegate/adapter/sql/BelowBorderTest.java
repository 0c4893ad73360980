package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement over two stores lets ClickHouse do before its rows cross the border. */
class BelowBorderTest {
  @TempDir private Path directory;
  private TestCatalog catalog;

  @BeforeEach
  void open() throws Exception {
    catalog = TestCatalog.clickHouse(BelowBorderTest.class, directory);
    String columns = "(name VARCHAR, price DECIMAL(18, 4), n BIGINT, spare VARCHAR)";
    update("CREATE TABLE {ch}.now " + columns + " SORTED BY (n)");
    update(
        "INSERT INTO {ch}.now SELECT * FROM TABLE(native_query('{ch}', 'SELECT if(number % 10 = 3,"
            + " NULL, concat(''é'', toString(number % 7))) AS name, toDecimal64(number % 50, 4) AS"
            + " price, toInt64(number) AS n, ''x'' AS spare FROM numbers(50000)'))");
    update("CREATE TABLE lake.now AS SELECT * FROM {ch}.now");
    update("CREATE TABLE lake.before AS SELECT * FROM {ch}.now WHERE n < 100");
    update("CREATE TABLE lake.labels (name VARCHAR, label VARCHAR)");
    update("INSERT INTO lake.labels VALUES ('é1', 'one'), ('é2', 'two'), ('é2', 'zwei')");
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @Test
  void groupsAreMadeInEachBranchOfAUnion() throws Exception {
    String union =
        "(SELECT name, price, n FROM %s.now UNION ALL SELECT name, price, n FROM lake.before)";
    assertBelow(
        " GROUP BY ",
        "SELECT name, COUNT(*) AS c, COUNT(price) AS p, SUM(n) AS s, MIN(n) AS low, MAX(price) AS"
            + " high, AVG(price) AS a FROM "
            + union
            + " GROUP BY name ORDER BY name");
    assertBelow("count(", "SELECT COUNT(*), SUM(n), SUM(price) FROM " + union);
    assertBelow(
        " GROUP BY ",
        "SELECT name, price FROM %s.now UNION SELECT name, price FROM lake.before ORDER BY name,"
            + " price");
  }

  @Test
  void limitsAreAppliedInEachBranchAndBelowAJoinThatKeepsItsRows() throws Exception {
    assertBelow(
        " LIMIT ",
        "SELECT name, n FROM %s.now UNION ALL SELECT name, n FROM lake.before ORDER BY n DESC, name"
            + " LIMIT 5");
    assertBelow(
        " LIMIT ",
        "SELECT t.n, l.label FROM %s.now AS t LEFT JOIN lake.labels AS l ON l.name = t.name ORDER"
            + " BY t.n DESC LIMIT 7");
  }

  @Test
  void onlyTheColumnsInUseCross() throws Exception {
    String query =
        "SELECT t.n FROM %s.now AS t JOIN lake.labels AS l ON l.name = t.name WHERE t.price > 3"
            + " ORDER BY t.n, l.label";
    assertBelow(" WHERE ", query);
    assertThat(clickHouse(query)).doesNotContain("spare");
  }

  private void assertBelow(String clause, String query) throws SQLException {
    assertThat(clickHouse(query)).contains(clause);
    assertThat(rows(query.formatted("{ch}"))).isNotEmpty().isEqualTo(rows(query.formatted("lake")));
  }

  /** What ClickHouse gets to do. */
  private String clickHouse(String query) throws SQLException {
    return rows("EXPLAIN PLAN FOR " + query.formatted("{ch}"))
        .get(0)
        .lines()
        .filter(line -> line.contains("<- ClickHouse: "))
        .findFirst()
        .orElse("");
  }

  private void update(String sql) throws SQLException {
    TestSql.update(catalog.connection(), sql.replace("{ch}", catalog.store()));
  }

  private List<String> rows(String sql) throws SQLException {
    return TestSql.rows(catalog.connection(), sql.replace("{ch}", catalog.store()));
  }
}
