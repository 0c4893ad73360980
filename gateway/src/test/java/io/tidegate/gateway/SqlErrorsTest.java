package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '%',
      textBlock =
          """
          SELECT * FROM nowhere         | error [42S02]: Object 'NOWHERE' not found (line 1, column 15)
          SELECT zz FROM (VALUES (1))   | error [42S22]: Column 'ZZ' not found in any table (line 1, column 8)
          SELECT nofn(1)                | error [42883]: No match found for function signature NOFN(<NUMERIC>) (line 1, column 8)
          SELECT 1 + DATE '2024-01-01' * 2 | error [42804]: Cannot apply '*' to arguments of type '<DATE> * <INTEGER>'. Supported form(s): '<NUMERIC> * <NUMERIC>' '<DATETIME_INTERVAL> * <NUMERIC>' '<NUMERIC> * <DATETIME_INTERVAL>' (line 1, column 12)
          SELEC 1                       | error [42601]: Syntax error: Non-query expression encountered in illegal context (line 1, column 1)
          SELECT FROM FROM              | error [42601]: Syntax error: Incorrect syntax near the keyword 'FROM' (line 1, column 8)
          """)
  void mistakesInSqlKeepCalcitesSentenceAndGetASqlState(String sql, String line)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:calcite:");
        Statement statement = connection.createStatement()) {
      Throwable failure = catchThrowable(() -> statement.executeQuery(sql));
      assertThat(SqlErrors.of(failure).line()).isEqualTo(line);
    }
  }

  @Test
  void outermostSqlStateIsTaken() {
    SQLException inner = new SQLException("inner", "22003");
    SQLException outer = new SQLException("outer", "42000", inner);
    assertThat(SqlErrors.of(new RuntimeException(outer)).line()).isEqualTo("error [42000]: outer");
  }

  @Test
  void wrappersWithoutASqlStateAreLookedThrough() {
    SQLException inner = new SQLException("lake.t: disk full\n  while writing", "53100");
    SQLException outer =
        new SQLException("Error while executing SQL \"a: b\": java.lang.RuntimeException", inner);
    assertThat(SqlErrors.of(outer).line())
        .isEqualTo("error [53100]: lake.t: disk full while writing");
  }

  @Test
  void statementIsNotRepeatedInItsOwnError() {
    assertThat(
            SqlErrors.of(new SQLException("Error while executing SQL \"SELECT\n1\": no", "42000")))
        .isEqualTo(new SqlError("42000", "no"));
  }

  @Test
  void networkFailureUnderneathIsFound() {
    assertThat(
            SqlErrors.of(
                    new SQLException("x", new RuntimeException(new ConnectException("refused"))))
                .line())
        .isEqualTo("error [08001]: cannot connect: refused");
  }

  @Test
  void ourBugSaysThatItIsOne() {
    assertThat(SqlErrors.of(new SQLException("x", new NullPointerException())).line())
        .isEqualTo("error [XX000]: internal error (please report it): NullPointerException");
  }

  @Test
  void circleOfCausesEnds() {
    RuntimeException a = new RuntimeException("a");
    RuntimeException b = new RuntimeException("b", a);
    a.initCause(b);
    assertThat(SqlErrors.of(a).message()).isEqualTo("b");
  }
}
