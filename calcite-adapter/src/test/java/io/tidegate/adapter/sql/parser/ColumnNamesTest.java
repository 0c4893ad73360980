package io.tidegate.adapter.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnNamesTest {
  private static final String WORDS =
      """
          abs action allocate amount are array_max_cardinality asensitive ask at atomic
          authorization avg begin begin_frame begin_partition bid bit blob call called
          cardinality cascaded catalog ceil ceiling char_length character_length check clob
          close coalesce collect column commit condition connect constraint corr corresponding
          count covar_pop covar_samp cume_dist current current_row
          current_transform_group_for_type cycle date datetime day deallocate decade declare
          dense_rank deref deterministic disconnect dynamic each element end end_frame
          end_partition every exchange exec execute exp external first floor foreign frame_row
          free friday function fusion get global grant groups high hold hour identity if
          import indicator initial inout insensitive intersection interval key kill label lag
          language large last last_value lead level like_regex ln low lower matches max method
          min minute mod modifies module monday month name national nchar nclob new next none
          normalize nth_value ntile nullif occurrences_regex octet_length old omit one open
          ordinal out parameter partitioned pattern per percent percent_rank period portion
          position position_regex power precision prepare prev price primary procedure put
          quarter range rank reads ref references referencing regr_avgx regr_avgy regr_count
          regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy release result return
          returns revoke rollback row_number rows saturday savepoint schema scope scroll
          search second seek sensitive session show side signal size sorted source
          specifictype sql sqlexception sqlstate sqlwarning sqrt start state static status
          stddev_pop stddev_samp string substring_regex sum sunday symbol system target text
          thursday time timeframe timestamp timezone_hour timezone_minute translate_regex
          translation treat trigger trim_array tuesday type upper user uuid value value_of
          var_pop var_samp versioning volume wednesday week whenever width_bucket window year
      """;

  static Stream<String> words() {
    return Stream.of(WORDS.trim().split("\\s+"));
  }

  @ParameterizedTest
  @MethodSource("words")
  void wordNamesAColumnWithoutQuotesWhereverItQuotedCould(String word) throws SQLException {
    for (String template :
        new String[] {
          "SELECT %s FROM t",
          "SELECT a, %s, b FROM t",
          "SELECT t.%s, lake.t.%s FROM lake.t",
          "SELECT %s + 1, 1 + %s, -%s, (%s), a * (%s - b) FROM t",
          "SELECT %s AS x, a AS %s FROM t",
          "SELECT MAX(%s), COUNT(DISTINCT %s), f(%s, %s) FROM t",
          "SELECT CASE WHEN %s > 1 THEN %s ELSE %s END FROM t",
          "SELECT CASE %s WHEN %s THEN %s END FROM t",
          "SELECT a FROM t WHERE %s = 1 AND b <> %s OR %s IS NULL AND %s BETWEEN 1 AND 2",
          "SELECT a FROM t WHERE %s IN (1, 2) AND %s LIKE 'x' AND NOT %s > 2",
          "SELECT a FROM t GROUP BY %s HAVING MAX(%s) > 1 ORDER BY %s",
          "SELECT a FROM t ORDER BY %s DESC, %s ASC NULLS LAST LIMIT 3",
          "SELECT a FROM t JOIN u USING (%s)",
          "SELECT a FROM t JOIN u ON t.%s = u.%s",
          "SELECT SUM(%s) OVER (PARTITION BY %s ORDER BY %s ROWS 3 PRECEDING) FROM t",
          "SELECT CAST(%s AS INTEGER), FLOOR(%s TO MONTH), EXTRACT(DAY FROM %s) FROM t",
          "WITH x (%s) AS (SELECT %s FROM t) SELECT x.%s FROM x",
          "INSERT INTO t (%s) SELECT %s FROM u",
          "INSERT INTO t (a, %s, b) VALUES (1, 2, 3)",
          "CREATE TABLE t (%s INTEGER NOT NULL, b DATE) PARTITIONED BY (%s, f(%s) AS %s) SORTED BY (%s)",
          "SELECT * FROM TABLE(range_bars(TABLE t PARTITION BY %s ORDER BY %s, 250))",
          "SELECT * FROM t AS x (%s, b)",
          "SELECT * FROM %s",
          "SELECT * FROM lake.%s AS x",
        }) {
      SqlNode bare = TidegateParser.parseStatement(template.replace("%s", word));
      SqlNode quoted = TidegateParser.parseStatement(template.replace("%s", '"' + word + '"'));
      assertThat(bare.equalsDeep(quoted, Litmus.IGNORE)).as(template.replace("%s", word)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT open, close, date, \"time\" FROM candles",
        "SELECT DATE '2024-01-01', TIME '10:00:00', TIMESTAMP '2024-01-01 00:00:00.123456'",
        "SELECT INTERVAL '1' DAY, INTERVAL '1:2' HOUR TO MINUTE, INTERVAL -'3' MONTH, INTERVAL 3 DAY",
        "SELECT ts + INTERVAL '1' HOUR, interval - 1, interval * INTERVAL (interval) SECOND FROM t",
        "SELECT interval FROM t ORDER BY interval DESC",
        "SELECT FLOOR(ts TO MONTH), FLOOR(x), CEIL(ts TO day), MIN(x), COUNT(*) FROM t",
        "SELECT CASE WHEN end > start THEN end ELSE start END end FROM t",
        "SELECT EXTRACT(DAY FROM ts), EXTRACT(year FROM date) FROM t",
        "SELECT SUM(x) OVER (PARTITION BY s ORDER BY ts RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM t",
        "SELECT SUM(x) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), SUM(x) OVER w, SUM(x) OVER (w ROWS 3 PRECEDING) FROM t WINDOW w AS (ORDER BY ts)",
        "SELECT SUM(x) OVER w FROM t AS u WINDOW w AS (ORDER BY ts), v AS (PARTITION BY y)",
        "SELECT window.a FROM t window",
        "SELECT CAST(x AS INTERVAL DAY), CAST(x AS INTERVAL YEAR TO MONTH), CAST(x AS DATE), CAST(x AS TIMESTAMP(6)) FROM t",
        "SELECT POSITION('a' IN b), position FROM t",
        "SELECT USER, CURRENT_DATE, user.name FROM user",
        "SELECT TIMESTAMPADD(DAY, 1, ts), TIMESTAMPDIFF(SECOND, a, b) FROM t",
        "SELECT * FROM t ORDER BY a OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY",
        "SELECT a != b, a % b FROM t",
        "CALL refresh('x')",
        "SELECT call, put FROM t",
      })
  void syntaxThatTheFreeWordsBelongToStillParses(String sql) throws SQLException {
    assertThat(TidegateParser.parseStatement(sql)).isNotNull();
  }
}
