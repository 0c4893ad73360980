package io.tidegate.adapter.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What DuckDB says of what happened to it, and under which state it is handed on. */
class DuckDbErrorsTest {

  /** {@code /dev/full} answers every write as a full disk does. */
  @Test
  void fullDiskIsNamedWithTheFileInOneLine() throws Exception {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      SQLException met =
          catchThrowableOfType(
              SQLException.class,
              () ->
                  statement.execute(
                      "COPY (SELECT hash(range) AS h FROM range(100000)) TO '/dev/full'"
                          + " (FORMAT parquet, USE_TMP_FILE false)"));
      SQLException told = DuckDbErrors.translate(met);
      assertThat(told.getSQLState()).isEqualTo("53100");
      assertThat(told.getMessage())
          .contains("/dev/full")
          .contains("No space left on device")
          .hasLineCount(1);
    }
  }
}
