package io.tidegate.adapter.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.sql.parser.tree.SqlCreateTable;
import io.tidegate.adapter.sql.parser.tree.SqlKill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.util.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TidegateParserTest {
  @Test
  void createTableCarriesEachOfItsClauses() throws SQLException {
    SqlCreateTable create =
        (SqlCreateTable)
            TidegateParser.parseStatement(
                "CREATE TABLE IF NOT EXISTS lake.Bars (Symbol VARCHAR NOT NULL, ts TIMESTAMP(6) NULL, p DOUBLE)"
                    + " PARTITIONED BY (mint_bucket(mint), FLOOR(ts TO MONTH) AS month) SORTED BY (Symbol, ts)"
                    + " WITH (engine = 'MergeTree') AS SELECT * FROM t");
    assertThat(create.ifNotExists()).isTrue();
    assertThat(create.name().names).containsExactly("lake", "Bars");
    assertThat(create.columns())
        .extracting(column -> column.name.getSimple())
        .containsExactly("Symbol", "ts", "p");
    assertThat(create.columns())
        .extracting(column -> column.dataType.getNullable())
        .containsExactly(false, true, true);
    assertThat(create.columns().get(1).dataType).hasToString("TIMESTAMP(6)");
    assertThat(create.partitions())
        .extracting(node -> node.getKind())
        .containsExactly(SqlKind.OTHER_FUNCTION, SqlKind.AS);
    assertThat(create.sortKey())
        .extracting(column -> column.getSimple())
        .containsExactly("Symbol", "ts");
    assertThat(create.options()).hasSize(1);
    assertThat(create.options().get(0).key()).isEqualTo("engine");
    assertThat(((SqlLiteral) create.options().get(0).value()).getValueAs(String.class))
        .isEqualTo("MergeTree");
    assertThat(create.query()).isInstanceOf(SqlSelect.class);
    assertThat(create.withQuery(null).query()).isNull();
  }

  @Test
  void joinTakesAQueryInParentheses() throws SQLException {
    for (String join : new String[] {"JOIN", "INNER JOIN", "LEFT JOIN", "NATURAL JOIN"}) {
      String sql = "SELECT 1 FROM a " + join + " (SELECT d, CAST(e AS DATE) FROM x) AS t";
      assertThat(TidegateParser.parseStatement(sql).toString())
          .contains("SELECT `d`, CAST(`e` AS DATE)");
    }
  }

  @Test
  void killNamesItsStatement() throws SQLException {
    SqlKill kill = (SqlKill) TidegateParser.parseStatement("KILL '7f3a';");
    assertThat(((SqlLiteral) kill.statementId()).getValueAs(String.class)).isEqualTo("7f3a");
  }

  @Test
  void scriptIsCutAtItsSemicolonsAndNowhereElse() throws SQLException {
    String script =
        "-- a; comment\r\n/* b; \r\n ' */ SELECT 'x;y' -- c;\r\n  FROM \"t;u\" /* d */ ;;\r\n\tSELECT\n  2 ; -- end; '\n";
    List<ScriptStatement> statements = TidegateParser.parseScript(script);
    assertThat(statements)
        .extracting(ScriptStatement::text)
        .containsExactly("SELECT 'x;y' -- c;\r\n  FROM \"t;u\"", "SELECT\n  2");
    assertThat(statements).extracting(ScriptStatement::line).containsExactly(3, 5);
    assertThat(statements.get(1).node().getParserPosition().getLineNum()).isEqualTo(5);
    assertThat(statements.get(1).node().getParserPosition().getColumnNum()).isEqualTo(2);
  }

  @Test
  void scriptOfCommentsHasNoStatements() throws SQLException {
    assertThat(TidegateParser.parseScript("-- nothing\n/* at all */ ; ;\n")).isEmpty();
    assertThat(TidegateParser.parseScript("")).isEmpty();
  }

  @Test
  void statementIsExactlyOne() {
    assertThatThrownBy(() -> TidegateParser.parseStatement("SELECT 1; SELECT 2"))
        .hasMessage("Syntax error: expected one statement, met 2");
    assertThatThrownBy(() -> TidegateParser.parseStatement("-- nothing"))
        .hasMessage("Syntax error: expected one statement, met none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a FORM t u|line 1, column 15: met \"t\", expected",
        "SELECT a FROM|line 1, column 14: met the end of the statement, expected",
        "SELECT a, FROM t|line 1, column 11: met \"FROM\", expected an expression",
        "SELECT a FROM t WHER x = 1|line 1, column 22: met \"x\", expected",
        "SELECT a FROM t u v GROUPBY x|line 1, column 19: met \"v\", expected",
        "SELECT a FROM t WHERE x = = 3|line 1, column 27: met \"=\", expected an expression",
        "SELECT (a FROM t|line 1, column 11: met \"FROM\", expected",
        "SELECT 'abc FROM t|line 1, column 8: the string is not closed",
        "SELECT \"abc FROM t|line 1, column 8: the quoted identifier is not closed",
        "SELECT a /* abc FROM t|line 1, column 10: the comment is not closed",
        "SELECT a # b FROM t|line 1, column 10: met \"#\", which SQL does not use",
        "CREATE OR REPLACE TABLE t (a INTEGER)|line 1, column 8: met \"OR\", expected TABLE",
        "CREATE TABLE t (a)|line 1, column 18: met \")\", expected",
        "CREATE TABLE t (a INTEGER) PARTITION BY (a)|line 1, column 28: met \"PARTITION\", expected PARTITIONED",
        "CREATE TABLE t (a INTEGER) PARTITIONED BY ()|line 1, column 44: met \")\", expected an expression",
        "SELECT a AS b c FORM t|line 1, column 15: met \"c\", expected",
        "SELECT a AS b, 1 + c AS d WEHRE x|line 1, column 27: met \"WEHRE\", expected",
        "DELETE FORM t|line 1, column 8: met \"FORM\", expected FROM",
        "DROP VIEW t|line 1, column 6: met \"VIEW\", expected TABLE",
        "KILL 7|line 1, column 6: met \"7\", expected a string",
        "SELECT : FROM t WHERE|line 1, column 17: met \"WHERE\", expected",
        "SELECT :'a' FROM t|line 1, column 9: met \"'a'\", expected an identifier",
        "FOO|line 1, column 1: met \"FOO\", expected a statement: SELECT, INSERT, CREATE TABLE, EXPLAIN, ...",
        "SELECT * FROM t LIMIT 1, 2|line 1, column 17: 'LIMIT start, count' is not allowed under the current SQL conformance level",
        "INSERT lake.t SELECT 1|line 1, column 8: met \"lake\", expected INTO",
      })
  void syntaxErrorIsOneLineThatSaysWhereAndWhat(String sql, String expected) {
    assertThatThrownBy(() -> TidegateParser.parseStatement(sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Syntax error at " + expected)
        .satisfies(
            e -> {
              assertThat(((SQLException) e).getSQLState()).isEqualTo("42601");
              assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(160);
            });
  }

  @Test
  void syntaxErrorCountsLinesFromTheTopOfTheScript() {
    assertThatThrownBy(
            () -> TidegateParser.parseScript("SELECT 1;\n\n-- x\n  SELECT a b c\n FROM t"))
        .hasMessageStartingWith("Syntax error at line 4, column 14: met \"c\", expected ");
  }

  @Test
  void deepNestingIsAnErrorAndNotAStackOverflow() {
    String sql = "SELECT " + "(".repeat(20_000) + "1" + ")".repeat(20_000);
    assertThatThrownBy(() -> TidegateParser.parseStatement(sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void textOutsideOfLatin1NeedsNoFlagForTheJvm() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CharsetWithoutFlag.class.getName())
            .redirectErrorStream(true)
            .start();
    String answer = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).isZero();
    assertThat(answer.trim().toUpperCase(Locale.ROOT)).isEqualTo("UTF-8");
  }

  /** Runs in a JVM of its own, without the system property that the build sets. */
  static final class CharsetWithoutFlag {
    private CharsetWithoutFlag() {}

    public static void main(String[] arguments) {
      System.out.println(Util.getDefaultCharset());
    }
  }
}
