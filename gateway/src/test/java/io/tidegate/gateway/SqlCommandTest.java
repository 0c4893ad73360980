package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of {@code sql -e}, on a DuckDB in memory in place of a catalog. */
class SqlCommandTest {
  @Test
  void csvIsHeaderAndRowsAndNothingElse() {
    CommandLineRun run =
        sql("csv", "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (3, '')) AS t(n, s) ORDER BY n");
    assertThat(run.out()).isEqualTo("n,s\r\n1,a\r\n2,\r\n3,\"\"\r\n");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void csvQuotesWhatWouldBreakIt() {
    assertThat(sql("csv", "SELECT 'a,b' AS \"x,y\", 'say \"hi\"' AS q, E'1\\n2' AS l").out())
        .isEqualTo("\"x,y\",q,l\r\n\"a,b\",\"say \"\"hi\"\"\",\"1\n2\"\r\n");
  }

  @Test
  void severalResultsFollowEachOtherAfterAnEmptyLine() {
    assertThat(sql("csv", "SELECT 1 AS a; SELECT 2 AS b;").out())
        .isEqualTo("a\r\n1\r\n\r\nb\r\n2\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '%',
      textBlock =
          """
          CAST(2e23 AS DOUBLE)                       | 2.0E23
          CAST(5.6843418860808015E-14 AS DOUBLE)     | 5.684341886080802E-14
          CAST(0.1 AS DOUBLE) + CAST(0.2 AS DOUBLE)  | 0.30000000000000004
          CAST('NaN' AS DOUBLE)                      | NaN
          CAST('-Infinity' AS DOUBLE)                | -Infinity
          CAST(0.1 AS FLOAT)                         | 0.1
          CAST('1E-8' AS DECIMAL(38, 10))            | 0.0000000100
          CAST('12345678901234567890' AS DECIMAL(38, 0)) | 12345678901234567890
          TIMESTAMP '2024-02-29 01:02:03'            | 2024-02-29 01:02:03
          TIMESTAMP '2024-02-29 01:02:03.5'          | 2024-02-29 01:02:03.500000
          TIMESTAMP '1969-12-31 23:59:59.999999'     | 1969-12-31 23:59:59.999999
          DATE '1582-10-15'                          | 1582-10-15
          TIME '23:59:59.25'                         | 23:59:59.250000
          true                                       | true
          CAST('ab' AS BLOB)                         | 6162
          [1, NULL, 3]                               | %"[1, NULL, 3]"%
          CAST(-9223372036854775808 AS BIGINT)       | -9223372036854775808
          '東京 🚀'                                   | 東京 🚀
          """)
  void csvValuesReadBackAsTheyWere(String expression, String printed) {
    assertThat(sql("csv", "SELECT " + expression + " AS v").out())
        .isEqualTo("v\r\n" + printed + "\r\n");
  }

  @Test
  void jsonHasNumbersAsNumbersAndDecimalsWithAllTheirDigits() {
    assertThat(
            sql(
                    "json",
                    "SELECT 1 AS i, CAST('12345678901234567.890' AS DECIMAL(20,3)) AS d,"
                        + " CAST('NaN' AS DOUBLE) AS n, 'x' AS s, NULL AS z, true AS b, [1, 2] AS l"
                        + " UNION ALL SELECT 2, 0, 1.5, '\"', NULL, false, []")
                .out())
        .isEqualTo(
            """
            [{"i":1,"d":12345678901234567.890,"n":"NaN","s":"x","z":null,"b":true,"l":[1,2]},
            {"i":2,"d":0.000,"n":1.5,"s":"\\"","z":null,"b":false,"l":[]}]
            """);
  }

  @Test
  void jsonColumnsOfTheSameNameAreNumbered() {
    assertThat(sql("json", "SELECT 1 AS a, 2 AS a, 3 AS a").out())
        .isEqualTo("[{\"a\":1,\"a_2\":2,\"a_3\":3}]\n");
  }

  @Test
  void tableIsAlignedByWhatATerminalShows() {
    CommandLineRun run =
        sql(
            "table",
            "SELECT * FROM (VALUES ('東京', 1), ('Rome', NULL), (E'a\\tb', 1000)) AS t(city, n)");
    assertThat(run.out())
        .isEqualTo(
            """
             city |    n
            ------+------
             東京 |    1
             Rome | NULL
             a\\tb | 1000
            """);
    assertThat(run.err()).startsWith("3 rows in ");
  }

  @Test
  void updateCountsGoToStandardError() {
    CommandLineRun run =
        sql("csv", "CREATE TABLE t(n INT); INSERT INTO t VALUES (1), (2); SELECT * FROM t");
    assertThat(run.out()).isEqualTo("n\r\n1\r\n2\r\n");
    assertThat(run.err()).contains("2 rows affected in ");
  }

  @Test
  void failureIsOneLineAndExitCodeOne() {
    CommandLineRun run = sql("csv", "SELECT * FROM nowhere");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("error [HY000]: ").contains("nowhere");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void resultsBeforeAFailureArePrinted() {
    CommandLineRun run = sql("csv", "SELECT 1 AS a; SELECT * FROM nowhere");
    assertThat(run.out()).isEqualTo("a\r\n1\r\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void debugAddsTheStackTrace() {
    CommandLineRun run =
        CommandLineRun.of("sql", "--debug", "--url", "jdbc:duckdb:", "-e", "SELECT * FROM nowhere");
    assertThat(run.err()).startsWith("error [").contains("\tat ");
  }

  @Test
  void catalogAndUrlExcludeEachOther() {
    CommandLineRun run =
        CommandLineRun.of("sql", "--catalog", "a.yaml", "--url", "jdbc:duckdb:", "-e", "SELECT 1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void unknownOptionIsAUsageError() {
    assertThat(CommandLineRun.of("sql", "--nope").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of().exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("sql", "--format", "xml", "-e", "x").exitCode()).isEqualTo(2);
  }

  @Test
  void nobodyAtTheUrlIsOneLine() {
    CommandLineRun run =
        CommandLineRun.of(
            "sql", "--url", "jdbc:avatica:remote:url=http://127.0.0.1:1", "-e", "SELECT 1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error [08001]: cannot connect: ");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void noDriverForTheUrlIsOneLine() {
    CommandLineRun run = CommandLineRun.of("sql", "--url", "jdbc:nothing:", "-e", "SELECT 1");
    assertThat(run.err()).isEqualTo("error [08001]: No suitable driver found for jdbc:nothing:\n");
  }

  private static CommandLineRun sql(String format, String sql) {
    return CommandLineRun.of("sql", "--url", "jdbc:duckdb:", "--format", format, "-e", sql);
  }
}
