package io.tidegate.adapter.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptParametersTest {
  private static final String NAME = "export_candles.sql";

  private static final String SCRIPT =
      """
      -- Exports candles.
      --
      -- param symbol VARCHAR
      -- param threshold INTEGER = 250 : in dbps: tenths of a basis point

      --param target IDENTIFIER = lake.bars: where they go
      -- param start timestamp = '2024-01-01 00:00:00' : UTC
      -- param end TIMESTAMP = 2024-02-01T00:00:00Z
      -- param note VARCHAR = 'it''s : here'
      INSERT INTO :target SELECT * FROM t WHERE symbol = :symbol AND ts >= :START LIMIT :threshold;
      -- param late INTEGER
      SELECT :note, :end;
      """;

  private static ScriptParameters declared(String header) throws SQLException {
    return ScriptParameters.declaredIn(NAME, header);
  }

  /**
   * The SQL text of the script's statements after binding; printing checks that it parses back to
   * the same trees.
   */
  private static List<String> bound(String script, Map<String, String> given) throws SQLException {
    List<ScriptStatement> statements =
        declared(script).bind(given).apply(TidegateParser.parseScript(script));
    List<String> texts = new ArrayList<>();
    for (ScriptStatement statement : statements) {
      texts.add(TidegateParser.toSql(statement.node()).replaceAll("\\R", " "));
    }
    return texts;
  }

  private static String boundValue(String type, String value) throws SQLException {
    return bound("-- param p " + type + "\nSELECT :p", Map.of("p", value))
        .get(0)
        .substring("SELECT ".length());
  }

  @Test
  void headerDeclaresNamesTypesDefaultsAndDescriptions() throws SQLException {
    assertThat(declared(SCRIPT).declared())
        .containsExactly(
            new ScriptParameter("symbol", ScriptParameterType.VARCHAR, null, "", 3),
            new ScriptParameter(
                "threshold",
                ScriptParameterType.INTEGER,
                "250",
                "in dbps: tenths of a basis point",
                4),
            new ScriptParameter(
                "target", ScriptParameterType.IDENTIFIER, "lake.bars", "where they go", 6),
            new ScriptParameter(
                "start", ScriptParameterType.TIMESTAMP, "2024-01-01 00:00:00", "UTC", 7),
            new ScriptParameter(
                "end", ScriptParameterType.TIMESTAMP, "2024-02-01T00:00:00Z", "", 8),
            new ScriptParameter("note", ScriptParameterType.VARCHAR, "it's : here", "", 9));
    assertThat(declared(SCRIPT).declared())
        .extracting(ScriptParameter::isRequired)
        .startsWith(true, false);
  }

  @Test
  void valuesTakeThePlaceOfNamesWhereverTheyStand() throws SQLException {
    assertThat(bound(SCRIPT, Map.of("symbol", "BTC", "THRESHOLD", "7")))
        .containsExactly(
            "INSERT INTO \"lake\".\"bars\" SELECT * FROM \"t\" WHERE \"symbol\" = 'BTC'"
                + " AND \"ts\" >= TIMESTAMP '2024-01-01 00:00:00' FETCH NEXT 7 ROWS ONLY",
            "SELECT 'it''s : here', TIMESTAMP '2024-02-01 00:00:00'");
  }

  @Test
  void tableFunctionsDdlAndTablesTakeParameters() throws SQLException {
    String header =
        "-- param t IDENTIFIER = lake.\"Big Table\"\n-- param n INTEGER = 250\n-- param s VARCHAR = 'a/*.parquet'\n";
    String name = "\"lake\".\"Big Table\"";
    assertThat(
            bound(
                header + "SELECT * FROM TABLE(range_bars(TABLE :t PARTITION BY a ORDER BY b, :n))",
                Map.of()))
        .first()
        .asString()
        .contains("TABLE " + name + " PARTITION BY", "250");
    assertThat(
            bound(header + "SELECT * FROM TABLE(read_parquet(:s)) JOIN :t AS x ON TRUE", Map.of()))
        .first()
        .asString()
        .contains("'a/*.parquet'", name);
    assertThat(
            bound(
                header
                    + "CREATE TABLE :t WITH (codec = :s) AS SELECT :n AS a; DROP TABLE IF EXISTS :t",
                Map.of()))
        .allSatisfy(sql -> assertThat(sql).contains(name));
    assertThat(bound(header + "EXPLAIN PLAN FOR INSERT INTO :t SELECT :n; KILL :s", Map.of()))
        .hasSize(2);
    assertThat(
            bound(
                header
                    + "WITH x AS (SELECT * FROM :t WHERE a IN (:n, 2)) SELECT SUM(a) OVER (ORDER BY b ROWS :n PRECEDING), CASE WHEN a = :n THEN :s END FROM x UNION ALL SELECT :n, :s FROM :t",
                Map.of()))
        .first()
        .asString()
        .doesNotContain(":n")
        .doesNotContain(":s")
        .doesNotContain(":t");
  }

  @Test
  void tableNameAsAnOptionIsItsText() throws Exception {
    String script =
        "-- param t IDENTIFIER = lake.\"o'x\"\n"
            + "INSERT INTO :t WITH (\"input.slices\" = :t) SELECT * FROM :t";
    assertThat(bound(script, Map.of()))
        .singleElement()
        .asString()
        .contains("\"input.slices\" = 'lake.o''x'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INTEGER|250|250",
        "INTEGER|+7|7",
        "INTEGER|-2147483648|-2147483648",
        "BIGINT|9223372036854775807|9223372036854775807",
        "BIGINT|-9223372036854775808|-9223372036854775808",
        "DOUBLE|250|2.500E2",
        "DOUBLE|-0.1|-1E-1",
        "DOUBLE|0|0E0",
        "DOUBLE|1.7976931348623157E308|1.7976931348623157E308",
        "DOUBLE|4.9e-324|4.9E-324",
        "DECIMAL|1.50|1.50",
        "DECIMAL|-1e3|-1000",
        "DECIMAL|99999999999999999999999999999999999999|99999999999999999999999999999999999999",
        "BOOLEAN|True|TRUE",
        "DATE|1969-12-31|DATE '1969-12-31'",
        "TIMESTAMP|2024-01-01|TIMESTAMP '2024-01-01 00:00:00'",
        "TIMESTAMP|2024-01-01 10:20|TIMESTAMP '2024-01-01 10:20:00'",
        "TIMESTAMP|2024-01-01T10:20:30.123456Z|TIMESTAMP '2024-01-01 10:20:30.123456'",
        "TIMESTAMP|2024-01-01T10:20:30.120000000Z|TIMESTAMP '2024-01-01 10:20:30.12'",
        "TIMESTAMP|2024-01-01T00:20:30+02:00|TIMESTAMP '2023-12-31 22:20:30'",
        "TIMESTAMP|2024-01-01 00:20:30.000001-0530|TIMESTAMP '2024-01-01 05:50:30.000001'",
        "TIMESTAMP|1901-01-01 00:00:00|TIMESTAMP '1901-01-01 00:00:00'",
        "IDENTIFIER|lake.bars|\"lake\".\"bars\"",
        "IDENTIFIER|\"we\"\"ird; DROP\".open|\"we\"\"ird; DROP\".\"open\"",
      })
  void valueBecomesTheLiteralOfItsType(String type, String value, String sql) throws SQLException {
    assertThat(boundValue(type, value)).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x' OR 1=1 --",
        "'",
        "''",
        "\\",
        "\\'",
        "'; DROP TABLE t; --",
        "line\nbreak\r\ttab",
        "\u0000",
        "\uD83D\uDE80 Zürich 東京",
        "/* */ -- ?",
        ":symbol",
        "${HOME} $1",
        "\"quoted\"",
        "",
        "   ",
        "u&'\\0041'",
      })
  void textStaysTheTextThatItWas(String value) throws SQLException {
    String script = "-- param p VARCHAR\nSELECT a FROM t WHERE a = :p AND b <> :p";
    SqlNode node =
        declared(script).bind(Map.of("p", value)).apply(TidegateParser.parseStatement(script));
    SqlNode again = TidegateParser.parseStatement(TidegateParser.toSql(node));
    assertThat(again.equalsDeep(node, Litmus.THROW)).isTrue();
    assertThat(
            SqlLiteral.unchain(
                    ((SqlCall) ((SqlCall) ((SqlSelect) again).getWhere()).operand(0)).operand(1))
                .getValueAs(String.class))
        .isEqualTo(value);
  }

  @Test
  void negativeNumberAfterAMinusIsNoComment() throws SQLException {
    assertThat(
            bound(
                    "-- param n INTEGER\nSELECT a - :n, a-:n, -:n, - -:n, +:n FROM t",
                    Map.of("n", "-5"))
                .get(0))
        .doesNotContain("--");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INTEGER|2147483648",
        "INTEGER|1.5",
        "INTEGER|x",
        "INTEGER|``",
        "INTEGER|1 OR 1=1",
        "BIGINT|9223372036854775808",
        "DOUBLE|NaN",
        "DOUBLE|1e400",
        "DOUBLE|0x1p3",
        "DOUBLE|1d",
        "DECIMAL|1e999999999",
        "DECIMAL|100000000000000000000000000000000000000",
        "DECIMAL|1,5",
        "BOOLEAN|yes",
        "DATE|2024-02-30",
        "DATE|2024-1-1",
        "DATE|2024-01-01 00:00:00",
        "TIMESTAMP|yesterday",
        "TIMESTAMP|2024-01-01 25:00:00",
        "TIMESTAMP|2024-01-01 00:00:00.1234567",
        "TIMESTAMP|2024-01-01 00:00:00 Europe/Zurich",
        "TIMESTAMP|2024-01-01 00:00:00+19:00",
        "TIMESTAMP|0001-01-01 00:00:00+01:00",
        "IDENTIFIER|``",
        "IDENTIFIER|lake.bars WHERE 1 = 1",
        "IDENTIFIER|lake.bars AS x",
        "IDENTIFIER|lake.bars, lake.trades",
        "IDENTIFIER|lake.bars; DROP TABLE lake.bars",
        "IDENTIFIER|(SELECT 1)",
        "IDENTIFIER|TABLE(f())",
        "IDENTIFIER|lake.*",
        "IDENTIFIER|lake..bars",
        "IDENTIFIER|:other",
        "IDENTIFIER|order",
      })
  void illTypedValueIsRefusedByName(String type, String value) throws SQLException {
    ScriptParameters parameters = declared("-- param start " + type);
    assertThatThrownBy(() -> parameters.bind(Map.of("start", value)))
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "Script export_candles.sql: parameter 'start' is " + type + " but was '" + value + "'")
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("22023"));
    assertThatThrownBy(() -> declared("\n-- param start " + type + " = '" + value + "'"))
        .hasMessage(
            "Script export_candles.sql: line 2: parameter 'start' is "
                + type
                + " but its default is '"
                + value
                + "'");
  }

  @Test
  void missingUnknownAndUndeclaredParametersAreNamed() throws SQLException {
    ScriptParameters two =
        declared("-- param a INTEGER\n-- param b VARCHAR\n-- param c DATE = 2024-01-01");
    assertThatThrownBy(() -> two.bind(Map.of("b", "x")))
        .hasMessage("Script export_candles.sql: parameter 'a' (INTEGER) is required");
    assertThatThrownBy(() -> two.bind(Map.of()))
        .hasMessage(
            "Script export_candles.sql: parameters 'a' (INTEGER), 'b' (VARCHAR) are required");
    assertThatThrownBy(() -> two.bind(Map.of("symbl", "x")))
        .hasMessage("Script export_candles.sql: there is no parameter 'symbl', only 'a', 'b', 'c'");
    assertThatThrownBy(() -> declared("SELECT 1").bind(Map.of("x", "y")))
        .hasMessage("Script export_candles.sql: there is no parameter 'x', only none");
    assertThatThrownBy(() -> bound("-- param a INTEGER = 1\nSELECT :a;\nSELECT\n :b", Map.of()))
        .hasMessage(
            "Script export_candles.sql: line 4 uses :b, which no '-- param' line above the first statement declares")
        .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("42P02"));
    assertThatThrownBy(() -> bound("-- param a VARCHAR = 'x'\nSELECT * FROM :a", Map.of()))
        .hasMessage(
            "Script export_candles.sql: line 2 has :a where a table's name must be: declare it IDENTIFIER, it is VARCHAR");
    assertThatThrownBy(() -> two.bind(Map.of("a", "1", "A", "2", "b", "x")))
        .hasMessageMatching("Script export_candles.sql: parameter '[aA]' is given twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-- param symbol|line 1: cannot read '-- param symbol', expected -- param <name> <type> [= <default>] [: <description>]",
        "-- param symbol VARCHAR = 'x|line 1: cannot read '-- param symbol VARCHAR = 'x', expected",
        "-- param symbol VARCHAR 250|line 1: cannot read",
        "-- param 1st VARCHAR|line 1: cannot read",
        "-- param symbol UUID|line 1: parameter 'symbol' cannot be UUID, only VARCHAR, INTEGER, BIGINT, DOUBLE, DECIMAL, BOOLEAN, DATE, TIMESTAMP, IDENTIFIER",
      })
  void declarationThatCannotBeReadIsNamed(String header, String expected) {
    assertThatThrownBy(() -> declared(header))
        .isInstanceOf(SQLException.class)
        .hasMessageStartingWith("Script export_candles.sql: " + expected);
  }

  @Test
  void parameterIsDeclaredOnce() {
    assertThatThrownBy(() -> declared("-- param a INTEGER\n-- param A DATE"))
        .hasMessage(
            "Script export_candles.sql: line 2 declares parameter 'A' again, line 1 has it already");
  }

  @Test
  void bindingLeavesTheScriptAsItWas() throws SQLException {
    String script = "-- param a INTEGER\nSELECT :a FROM t WHERE x = :a";
    List<ScriptStatement> statements = TidegateParser.parseScript(script);
    String before = TidegateParser.toSql(statements.get(0).node());
    declared(script).bind(Map.of("a", "1")).apply(statements);
    assertThat(TidegateParser.toSql(statements.get(0).node())).isEqualTo(before).contains(":a");
  }
}
