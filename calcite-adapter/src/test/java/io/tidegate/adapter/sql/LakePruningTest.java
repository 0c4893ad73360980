package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement reads of a lake table: the files that it has to, and none to count. */
class LakePruningTest {
  private static final String COLUMNS =
      "(mint VARCHAR, ts TIMESTAMP NOT NULL, price DOUBLE, n BIGINT, amount DECIMAL(20, 4), d DATE)";

  @TempDir private Path directory;
  private LocalCatalog catalog;

  /** Four days of four rows; n counts on, amount is NULL on the last day, one price is NaN. */
  @BeforeEach
  void open() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update("CREATE TABLE market_data.source " + COLUMNS);
    for (int day = 1; day <= 4; day++) {
      for (int i = 0; i < 4; i++) {
        catalog.update(
            "INSERT INTO market_data.source VALUES ('m%d', TIMESTAMP '2024-01-0%d %d:00:00.000001', %s, %d, %s, DATE '2024-01-0%d')"
                .formatted(
                    i,
                    day,
                    10 + i,
                    day == 2 && i == 2 ? "CAST('NaN' AS DOUBLE)" : day + i + ".5",
                    day * 10 + i,
                    day == 4 ? "NULL" : day + ".2500",
                    day));
      }
    }
    catalog.update(
        "CREATE TABLE lake.days " + COLUMNS + " PARTITIONED BY (FLOOR(ts TO DAY)) SORTED BY (ts)");
    catalog.update("INSERT INTO lake.days SELECT * FROM market_data.source");
    catalog.update("CREATE TABLE lake.mints " + COLUMNS + " PARTITIONED BY (mint_bucket(mint))");
    catalog.update("INSERT INTO lake.mints SELECT * FROM market_data.source");
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @Test
  void filesAreLeftOutByTheBoundsOfAnyColumn() throws Exception {
    assertReads(1, "days", "n = 21");
    assertReads(2, "days", "n BETWEEN 13 AND 20");
    assertReads(1, "days", "amount > 2.5");
    assertReads(2, "days", "amount IN (1.25, 3.25)");
    assertReads(3, "days", "amount IS NOT NULL");
    assertReads(1, "days", "amount IS NULL");
    assertReads(0, "days", "mint = 'm9'");
    assertReads(2, "days", "n < 12 OR n > 40");
    assertReads(2, "days", "(n = 11 AND mint = 'm1') OR d = DATE '2024-01-03'");
    // A file with a NaN says nothing of its prices, and NaN is greater than any number.
    assertReads(1, "days", "price > 100");
  }

  @Test
  void filesAreLeftOutByFunctionsOfAColumn() throws Exception {
    assertReads(1, "days", "FLOOR(ts TO DAY) = TIMESTAMP '2024-01-02 00:00:00'");
    assertReads(0, "days", "FLOOR(ts TO DAY) = TIMESTAMP '2024-01-02 05:00:00'");
    assertReads(2, "days", "CAST(ts AS DATE) >= DATE '2024-01-03'");
    assertReads(1, "days", "floor_to_interval(ts, 3600) < TIMESTAMP '2024-01-01 11:00:00'");
    assertReads(4, "days", "FLOOR(ts TO MONTH) = TIMESTAMP '2024-01-01 00:00:00'");
    assertReads(0, "days", "FLOOR(ts TO YEAR) > TIMESTAMP '2024-01-01 00:00:00'");
    assertReads(1, "mints", "mint = 'm2'");
    assertReads(2, "mints", "mint IN ('m1', 'm3', 'nobody')");
    assertReads(
        1,
        "mints",
        "mint_bucket(mint) = '"
            + catalog.rows("SELECT mint_bucket('m1') FROM market_data.source LIMIT 1").get(0)
            + "'");
  }

  @Test
  void parametersLeaveOutFilesAsLiteralsDo() throws Exception {
    for (Path file : files("days")) {
      if (!file.toString().contains("2024-01-02")) {
        Files.delete(file);
      }
    }
    try (PreparedStatement statement =
        catalog.connection().prepareStatement("SELECT price FROM lake.days WHERE n = ?")) {
      statement.setLong(1, 21);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getDouble(1)).isEqualTo(3.5);
      }
      statement.setLong(1, 11);
      assertThatThrownBy(statement::executeQuery).rootCause().hasMessageContaining("is missing");
    }
  }

  @Test
  void countsAndBoundsOfWholeFilesComeFromManifests() throws Exception {
    assertKnown("", "16|12|10|43|1.2500|3.2500|2024-01-01 10:00:00.000001|2024-01-04");
    assertKnown(
        "WHERE ts >= TIMESTAMP '2024-01-02 00:00:00' AND ts < TIMESTAMP '2024-01-04 00:00:00'",
        "8|8|20|33|2.2500|3.2500|2024-01-02 10:00:00.000001|2024-01-03");
    assertKnown(
        "WHERE CAST(ts AS DATE) = DATE '2024-01-04'",
        "4|0|40|43|null|null|2024-01-04 10:00:00.000001|2024-01-04");
    assertKnown("WHERE n > 1000", "0|0|null|null|null|null|null|null");
    assertKnown(
        "WHERE amount IS NULL OR n < 20",
        "8|4|10|43|1.2500|1.2500|2024-01-01 10:00:00.000001|2024-01-04");
  }

  @Test
  void nullsMeetNoComparisonInTheCountsEither() throws Exception {
    String count = "SELECT COUNT(*) FROM lake.%s WHERE amount < 100";
    assertThat(plan(count.formatted("days"))).doesNotContain("read_parquet");
    assertThat(catalog.rows(count.formatted("days"))).containsExactly("12");
    assertRead(count.formatted("mints"), "12");
  }

  @Test
  void whatIsNotKnownExactlyIsRead() throws Exception {
    assertRead("SELECT MIN(mint) FROM lake.days", "m0");
    assertRead("SELECT MAX(price) FROM lake.days WHERE d = DATE '2024-01-01'", "4.5");
    assertRead("SELECT COUNT(DISTINCT n) FROM lake.days", "16");
    assertRead("SELECT COUNT(*) FROM lake.days WHERE n > 11", "14");
    assertRead("SELECT COUNT(*) FROM lake.days WHERE price < 100", "15");
    assertRead("SELECT COUNT(*) FROM lake.days WHERE n > 5 AND MOD(n, 2) = 0", "8");
    assertRead("SELECT COUNT(*) FILTER (WHERE n > 20) FROM lake.days", "11");
    assertRead("SELECT SUM(n) FROM lake.days WHERE n < 15", "46");
    assertRead("SELECT MIN(n + 1) FROM lake.days", "11");
    assertRead("SELECT SUM(n + 1) FROM lake.days WHERE amount IS NULL", "170");
  }

  private void assertKnown(String where, String answer) throws SQLException {
    String aggregates =
        "SELECT COUNT(*), COUNT(amount), MIN(n), MAX(n), MIN(amount), MAX(amount), MIN(ts), MAX(d)"
            + " FROM %s "
            + where;
    String plan = plan(aggregates.formatted("lake.days"));
    assertThat(plan)
        .doesNotContain("read_parquet")
        .contains("# lake.days: 0 of 4 files, answered from manifests");
    assertThat(catalog.rows(aggregates.formatted("lake.days")))
        .isEqualTo(catalog.rows(aggregates.formatted("market_data.source")));
    assertThat(catalog.rows(aggregates.formatted("lake.days"))).containsExactly(answer);
  }

  private void assertRead(String sql, String answer) throws SQLException {
    assertThat(plan(sql)).contains("read_parquet");
    assertThat(catalog.rows(sql)).containsExactly(answer);
  }

  private void assertReads(int files, String table, String condition) throws SQLException {
    String query = "SELECT mint, ts, price, n FROM %s WHERE " + condition + " ORDER BY n";
    assertThat(plan(query.formatted("lake." + table)))
        .contains("# lake." + table + ": " + files + " of 4 files");
    assertThat(catalog.rows(query.formatted("lake." + table)))
        .isEqualTo(catalog.rows(query.formatted("market_data.source")));
  }

  private String plan(String sql) throws SQLException {
    return String.join("\n", catalog.rows("EXPLAIN PLAN FOR " + sql));
  }

  private List<Path> files(String table) throws Exception {
    try (Stream<Path> tree = Files.walk(directory.resolve("lake").resolve(table))) {
      return tree.filter(path -> path.toString().endsWith(".parquet")).toList();
    }
  }
}
