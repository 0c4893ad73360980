package io.tidegate.adapter.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the SQL that is written for DuckDB makes of its planner. */
class DuckDbDialectTest {
  private Connection duckDb;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
    statement = duckDb.createStatement();
    statement.execute(
        "CREATE TABLE labels AS SELECT range AS n, 'label' || range AS label FROM range(50000)");
    // Taken for one row, as an Arrow stream is.
    statement.execute("CREATE TABLE stream AS SELECT 1 AS n, 'x' AS text");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
  }

  @Test
  void streamOfManyRowsIsNotTheSideThatAJoinHashes() throws SQLException {
    assertThat(hashedTable("stream")).isEqualTo("stream");
    assertThat(hashedTable(sized(1_000_000))).isEqualTo("labels");
    assertThat(hashedTable(sized(9_999))).isEqualTo("stream");
  }

  @Test
  void toldSizeAddsNoRows() throws SQLException {
    for (long rows : new long[] {0, 10_000, 1_000_000, 100_000_000_000L}) {
      try (ResultSet found =
          statement.executeQuery(
              "SELECT n, text, COUNT(*) OVER () FROM " + sized(rows) + " AS s")) {
        assertThat(found.next()).isTrue();
        assertThat(found.getInt(1)).isEqualTo(1);
        assertThat(found.getString(2)).isEqualTo("x");
        assertThat(found.getLong(3)).isEqualTo(1);
      }
    }
  }

  private static String sized(double rows) {
    return new DuckDbDialect().sized("stream", 2, rows);
  }

  /** The table that stands last in the plan of a join with labels: the build side. */
  private String hashedTable(String relation) throws SQLException {
    try (ResultSet plan =
        statement.executeQuery(
            "EXPLAIN (FORMAT json) SELECT * FROM " + relation + " AS s JOIN labels USING (n)")) {
      assertThat(plan.next()).isTrue();
      String json = plan.getString(2);
      return json.lastIndexOf("memory.main.stream") > json.lastIndexOf("memory.main.labels")
          ? "stream"
          : "labels";
    }
  }
}
