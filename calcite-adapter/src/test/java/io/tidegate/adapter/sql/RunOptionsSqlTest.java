package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code INSERT INTO lake.t WITH (run_id = ..., target_file_mb = ...)}, and scratch tables. */
class RunOptionsSqlTest {
  @TempDir private Path directory;
  private LocalCatalog catalog;

  @BeforeEach
  void openCatalog() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update("CREATE TABLE lake.t (a INTEGER, b VARCHAR) SORTED BY (a)");
  }

  @AfterEach
  void closeCatalog() throws Exception {
    catalog.close();
  }

  @Test
  void runIdGivenAgainIsDoneAlreadyOrRefused() throws Exception {
    String insert = "INSERT INTO lake.t (b, a) WITH (run_id = 'r-1') ";
    assertThat(catalog.update(insert + "VALUES ('x', 1), ('y', 2)")).isEqualTo(2);
    assertThat(directory.resolve("lake/t/run_id=r-1/_manifest.json")).exists();
    assertThat(
            catalog.update(insert + "WITH v (b, a) AS (VALUES ('y', 2), ('x', 1)) SELECT * FROM v"))
        .isZero();
    assertThatThrownBy(() -> catalog.update(insert + "VALUES ('x', 1), ('y', 3)"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("a run of this id with other content is there");
    assertThat(catalog.rows("SELECT a, b FROM lake.t ORDER BY a")).containsExactly("1|x", "2|y");
    // A plain INSERT appends again.
    catalog.update("INSERT INTO lake.t VALUES (1, 'x'), (2, 'y')");
    assertThat(catalog.rows("SELECT COUNT(*) FROM lake.t")).containsExactly("4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/b", "a..b", "", ".hidden", "_hidden", "a b"})
  void runIdThatIsNoDirectorysNameIsRefused(String runId) throws Exception {
    assertThatThrownBy(
            () ->
                catalog.update(
                    "INSERT INTO lake.t WITH (run_id = '" + runId + "') VALUES (1, 'x')"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"))
        .hasMessageContaining("cannot be a run id");
    assertThat(files("lake/t")).isEmpty();
  }

  @Test
  void optionsThatATargetDoesNotHaveAreRefused() throws Exception {
    assertRefused("INSERT INTO lake.t WITH (speed = 'high') VALUES (1, 'x')", "42000", "'speed'");
    assertRefused(
        "INSERT INTO lake.t WITH (run_id = 'a', RUN_ID = 'b') VALUES (1, 'x')", "42000", "twice");
    assertRefused(
        "INSERT INTO lake.t WITH (target_file_mb = 0) VALUES (1, 'x')", "22023", "but was 0");
    catalog.update("CREATE TABLE market_data.t (a INTEGER)");
    assertRefused("INSERT INTO market_data.t WITH (run_id = 'a') VALUES (1)", "42000", "run_id");
    assertThat(catalog.rows("SELECT COUNT(*) FROM market_data.t")).containsExactly("0");
  }

  private void assertRefused(String sql, String sqlState, String text) {
    assertThatThrownBy(() -> catalog.update(sql))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState))
        .hasMessageContaining(text);
  }

  @Test
  void filesRollAtTheTargetSizeAndStayInOrder() throws Exception {
    for (String partitions : List.of("", "PARTITIONED BY (p)")) {
      catalog.update("DROP TABLE IF EXISTS lake.big");
      catalog.update(
          "CREATE TABLE lake.big (p INTEGER, n BIGINT, noise DOUBLE) "
              + partitions
              + " SORTED BY (p, n)");
      String insert =
          " SELECT * FROM TABLE(native_query('market_data', 'SELECT CAST(i % 2 AS INTEGER) AS p, i AS"
              + " n, hash(i) / 1e3 AS noise FROM range(600000) AS r(i)'))";
      catalog.update("INSERT INTO lake.big WITH (run_id = 'one', target_file_mb = 1)" + insert);
      List<Path> files = files("lake/big/run_id=one");
      assertThat(files.size()).isBetween(5, 16);
      for (Path file : files) {
        assertThat(Files.size(file)).isLessThan(1_300_000);
      }
      assertThat(files.get(1).getFileName()).hasToString("part-0001.parquet");
      assertThat(catalog.rows("SELECT COUNT(*), COUNT(DISTINCT n), SUM(n) FROM lake.big"))
          .containsExactly("600000|600000|179999700000");
      // Each file begins where the one before it ends.
      long last = -1;
      for (Path file :
          files.stream()
              .filter(f -> f.toString().contains(files.get(0).getParent().toString()))
              .toList()) {
        String[] row =
            catalog
                .rows(
                    "SELECT MIN(p * 1000000 + n), MAX(p * 1000000 + n) FROM TABLE(read_parquet('"
                        + file
                        + "'))")
                .get(0)
                .split("\\|");
        assertThat(Long.parseLong(row[0])).isGreaterThan(last);
        last = Long.parseLong(row[1]);
      }
      // The split follows from the rows, so the same rows are the same run.
      assertThat(
              catalog.update(
                  "INSERT INTO lake.big WITH (run_id = 'one', target_file_mb = 1)" + insert))
          .isZero();
    }
  }

  @Test
  void scratchTablesAreSeenByTheirProcessAndLeaveNothing() throws Exception {
    catalog.update("CREATE TABLE scratch.work AS SELECT 1 AS a, 'x' AS b");
    catalog.update("INSERT INTO lake.t SELECT a, b FROM scratch.work");
    assertThat(catalog.rows("SELECT a, b FROM lake.t")).containsExactly("1|x");
    assertThatThrownBy(() -> catalog.update("CREATE TABLE scratch.work AS SELECT 1 AS a"))
        .hasMessage("Table scratch.work already exists");
    catalog.update("DROP TABLE scratch.work");
    catalog.update("CREATE TABLE scratch.left_over AS SELECT 1 AS a");
    catalog.close();
    assertThat(files("lake/.staging")).isEmpty();
    catalog = new LocalCatalog(directory);
    assertThatThrownBy(() -> catalog.rows("SELECT * FROM scratch.left_over"))
        .hasMessageContaining("There is no table 'left_over' in schema 'scratch'");
  }

  private List<Path> files(String below) throws IOException {
    try (Stream<Path> tree = Files.walk(directory.resolve(below))) {
      return tree.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }
}
