package io.tidegate.adapter.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT open, close, t.*, *, -a, - -a, a - -1, a - (b - c), (a - b) - c FROM lake.t AS t",
        "SELECT a FROM t WHERE NOT (a = 1 OR b = 2) AND (c IS NULL) = d AND a BETWEEN 1 AND 2 + 3",
        "SELECT CASE WHEN a > 1 THEN 'x' ELSE NULL END, CAST(a AS DECIMAL(18, 8)), CAST(a AS VARCHAR), CAST(b AS TIMESTAMP(6)) FROM t",
        "SELECT CASE a WHEN 1, 2 THEN 'x' END, COALESCE(a, 1.50, 2e3, 1E-7), a % 2, a <> b, a || 'b' FROM t",
        "SELECT DATE '2024-01-01', TIME '10:00:00.5', TIMESTAMP '2024-01-01 00:00:00.123456', INTERVAL -'1:02' HOUR TO MINUTE, INTERVAL '1' DAY",
        "SELECT 'it''s', 'back\\slash', 'new\nline', '\uD83D\uDE80 Zürich 東京', u&'\\0041', _UTF8'x', x'00ff', ''",
        "SELECT \"we\"\"ird\", \"back\\slash\", \"\uD83D\uDE80\" FROM \"a b\".\"c.d\"",
        "SELECT COUNT(*), COUNT(DISTINCT a), SUM(a) FILTER (WHERE b > 1), CURRENT_DATE, USER, \"user\" FROM t",
        "SELECT SUM(a) OVER (PARTITION BY b, c ORDER BY d DESC NULLS LAST ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), LAG(a, 1) OVER w FROM t WINDOW w AS (ORDER BY a)",
        "SELECT FLOOR(ts TO MONTH), EXTRACT(DAY FROM ts), TIMESTAMPADD(DAY, 1, ts), TRIM(BOTH 'x' FROM a), SUBSTRING(a FROM 2 FOR 3), POSITION('a' IN b) FROM t",
        "SELECT a, COUNT(*) FROM t GROUP BY ROLLUP(a, b), GROUPING SETS ((a), ()) HAVING COUNT(*) > 1 ORDER BY 2 DESC, a LIMIT 3 OFFSET 2",
        "SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (y) CROSS JOIN d, e WHERE a.x IN (1, 2) AND b.y NOT IN (SELECT y FROM f)",
        "SELECT * FROM a LEFT ASOF JOIN b MATCH_CONDITION a.ts >= b.ts ON a.s = b.s",
        "SELECT * FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.x) AND x LIKE 'a!_%' ESCAPE '!' AND y > ALL (SELECT z FROM v)",
        "WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) SELECT * FROM a, b UNION ALL SELECT * FROM c EXCEPT SELECT * FROM d ORDER BY x",
        "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t (x, y), LATERAL (SELECT * FROM u WHERE u.x = t.x) AS v",
        "SELECT ARRAY[1, 2], ROW(1, 2), MAP['a', 1], a[1], t.m['x'] FROM t, UNNEST(t.c) AS u (z)",
        "VALUES (1, 2), (3, 4)",
        "SELECT * FROM TABLE(range_bars(TABLE ticks PARTITION BY symbol ORDER BY ts, 250))",
        "SELECT * FROM TABLE(range_bars(DATA => TABLE lake.ticks PARTITION BY (a, b) ORDER BY (c, d), THRESHOLD => 250))",
        "SELECT * FROM TABLE(range_bars((SELECT a, b FROM t WHERE a > 1) PARTITION BY a ORDER BY b, 250)) AS bars",
        "SELECT * FROM TABLE(range_bars(DATA => (SELECT a, b FROM t) ORDER BY b, THRESHOLD => -250))",
        "SELECT * FROM TABLE(read_parquet('data/*.parquet')) WHERE a = ?",
        "SELECT mint_bucket(mint), \"Mixed\".f(a), g() FROM t WHERE a = ? OR b = ?",
        "SELECT * FROM t WHERE a = :a AND b > :from LIMIT :n",
        "INSERT INTO :target (a, b) SELECT :a, b FROM :source AS s JOIN TABLE(range_bars(TABLE :source ORDER BY ts, :t)) ON TRUE",
        "INSERT INTO a.b (c1, c2) SELECT 1, 2",
        "INSERT INTO a.b VALUES (1, DEFAULT), (2, NULL)",
        "CREATE TABLE lake.t (a INTEGER NOT NULL, b VARCHAR, c VARCHAR(10) NULL, d STRING, e TEXT, f TIMESTAMP(6), g DATETIME, h DOUBLE, i DECIMAL(18, 8), j DATE, k DOUBLE PRECISION, l UUID, m VARBINARY)",
        "CREATE TABLE IF NOT EXISTS t (a BIGINT) PARTITIONED BY (a, mint_bucket(b), FLOOR(ts TO MONTH) AS month, floor_to_interval(ts, 3600), a + 1) SORTED BY (a, \"b c\") WITH (engine = 'MergeTree', level = 3, fast = TRUE, ratio = -1.5)",
        "CREATE TABLE lake.u PARTITIONED BY (a) AS WITH x AS (SELECT 1 AS a) SELECT * FROM x ORDER BY a",
        "CREATE TABLE IF NOT EXISTS u WITH (codec = :codec) AS VALUES (1, 2)",
        "CREATE TABLE :t (a INTEGER)",
        "DROP TABLE IF EXISTS lake.t",
        "DROP TABLE :t",
        "EXPLAIN PLAN FOR SELECT * FROM t",
        "EXPLAIN PLAN FOR INSERT INTO t SELECT * FROM u",
        "EXPLAIN PLAN FOR CREATE TABLE lake.t SORTED BY (a) AS SELECT * FROM u",
        "KILL '7f3a'",
        "KILL ?",
        "CALL refresh('x', 1)",
        "UPDATE t SET a = 1, b = b + 1 WHERE c = 2",
        "DELETE FROM t WHERE a = 1",
      })
  void textOfATreeParsesBackToTheTree(String sql) throws SQLException {
    SqlNode node = TidegateParser.parseStatement(sql);
    String text = TidegateParser.toSql(node);
    assertThat(TidegateParser.parseStatement(text).equalsDeep(node, Litmus.THROW)).isTrue();
    assertThat(TidegateParser.toSql(TidegateParser.parseStatement(text))).isEqualTo(text);
  }
}
