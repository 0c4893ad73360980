package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A filter on the key of a ClickHouse table reads the parts of it that it has to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrimaryKeyTest {
  private static final Pattern GRANULES = Pattern.compile("Granules: (\\d+)/(\\d+)");

  private TestCatalog catalog;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    catalog = TestCatalog.clickHouse(PrimaryKeyTest.class, directory);
  }

  @AfterAll
  void close() throws SQLException {
    catalog.close();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Int32                   | number                                   | k = 5
          UInt32                  | number                                   | k IN (5, 6, 7)
          UInt64                  | number                                   | k = 5
          UInt64                  | number                                   | k BETWEEN 5 AND 7
          UInt64                  | number                                   | 49000 < k
          UInt64                  | number                                   | k IN (5, 6, 7)
          UInt64                  | number + 18446744073709501616            | k >= 18446744073709551600
          Nullable(UInt64)        | number                                   | k = 5
          Nullable(UInt64)        | number                                   | k IN (5, 6, 7)
          Decimal(18, 8)          | number                                   | k = 5
          String                  | leftPad(toString(number), 6, '0')        | k = '000005'
          LowCardinality(String)  | leftPad(toString(number), 6, '0')        | k = '000005'
          Date                    | number                                   | k = DATE '1970-01-05'
          DateTime                | number                                   | k < TIMESTAMP '1970-01-01 00:00:05'
          DateTime64(3)           | number                                   | k < TIMESTAMP '1970-01-01 00:00:05.5'
          DateTime64(6)           | number                                   | k < TIMESTAMP '1970-01-01 00:00:05.000001'
          """)
  void keyIsUsed(String type, String value, String condition) throws Exception {
    String sql = "SELECT v FROM {ch}.keyed WHERE " + condition;
    execute("DROP TABLE IF EXISTS keyed");
    execute(
        "CREATE TABLE keyed (k "
            + type
            + ", v Int64) ENGINE = MergeTree ORDER BY k"
            + " SETTINGS index_granularity = 100, allow_nullable_key = 1");
    execute("INSERT INTO keyed SELECT " + value + ", number FROM numbers(50000)");
    String plan = rows("EXPLAIN PLAN FOR " + sql).get(0);
    assertThat(plan).startsWith("ClickHouse: ").doesNotContain("\n");

    String read =
        String.join(
            "\n",
            rows(
                "SELECT * FROM TABLE(native_query('{ch}', "
                    + text(
                        "SELECT explain FROM (EXPLAIN indexes = 1 "
                            + plan.substring("ClickHouse: ".length())
                            + ")")
                    + "))"));
    Matcher granules = GRANULES.matcher(read);
    assertThat(granules.find()).as(read).isTrue();
    assertThat(Integer.parseInt(granules.group(2))).isGreaterThan(400);
    assertThat(Integer.parseInt(granules.group(1))).as(read).isLessThan(20);
    // And they are the right ones: without the condition in ClickHouse the rows are the same.
    update("CREATE TABLE lake.keyed AS SELECT * FROM {ch}.keyed");
    assertThat(rows(sql)).isNotEmpty().hasSameElementsAs(rows(sql.replace("{ch}", "lake")));
    update("DROP TABLE lake.keyed");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute(
          "CALL native_execute(schema => '" + catalog.store() + "', sql => " + text(sql) + ")");
    }
  }

  private void update(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute(sql.replace("{ch}", catalog.store()));
    }
  }

  private static String text(String sql) {
    return "'" + sql.replace("'", "''") + "'";
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = catalog.connection().createStatement();
        ResultSet result = statement.executeQuery(sql.replace("{ch}", catalog.store()))) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
