package io.tidegate.conformance.sqllogictest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.sql.TestCatalog;
import io.tidegate.conformance.Placement;
import io.tidegate.conformance.Report;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SQLite's sqllogictest over ClickHouse, over the lake and over tables that are split between them.
 * Every failure is listed in {@code target/conformance}; one without a reason in {@link
 * Differences} fails the test.
 */
class SqlLogicTest {
  private static final Report REPORT = new Report("sqllogictest");
  private static final Differences DIFFERENCES = Differences.read();

  /** Of the scripts that are only sampled, some of each kind. */
  private static final List<String> BRIEF =
      List.of(
          "index/between/10/slt_good_0.test",
          "index/commute/10/slt_good_0.test",
          "index/in/10/slt_good_0.test",
          "index/orderby/10/slt_good_0.test",
          "index/orderby_nosort/10/slt_good_0.test",
          "index/random/10/slt_good_0.test",
          "random/aggregates/slt_good_0.test",
          "random/expr/slt_good_0.test",
          "random/groupby/slt_good_0.test",
          "random/select/slt_good_0.test");

  private static final int BRIEF_QUERIES = 15;

  @TempDir static Path directory;

  private static TestCatalog catalog;
  private static Selection selection;

  @BeforeAll
  static void open() throws Exception {
    long seed = Long.getLong("sqllogictest.seed", 1);
    String only = System.getProperty("sqllogictest.only", "");
    selection =
        !only.isEmpty()
            ? Selection.of(only)
            : Boolean.getBoolean("sqllogictest.long")
                ? Selection.complete(seed, REPORT)
                : Selection.brief(seed, BRIEF, BRIEF_QUERIES);
    catalog = TestCatalog.clickHouse(SqlLogicTest.class, directory);
  }

  @AfterAll
  static void close() throws Exception {
    catalog.close();
  }

  /** What became of the queries of one placement. */
  private static final class Outcome {
    private int passed;
    private final Map<String, Integer> meant = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private long nanos;

    void failed(Placement placement, String failure, String sql) {
      Optional<String> reason = DIFFERENCES.reason(failure);
      reason.ifPresentOrElse(
          each -> meant.merge(each, 1, Integer::sum), () -> unexpected.add(failure));
      REPORT.keep(
          "%s %s [%s]\n    %s"
              .formatted(placement, failure, reason.orElse("UNEXPECTED"), sql.replace("\n", " ")));
    }

    int failed() {
      return unexpected.size() + meant.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersAreSqlites(Placement placement) throws Exception {
    Outcome outcome = new Outcome();
    for (Map.Entry<String, BitSet> script : selection.scripts().entrySet()) {
      long start = System.nanoTime();
      run(placement, SqlScript.read(script.getKey()), script.getValue(), outcome);
      REPORT.keep(
          "%s %s: %d queries in %.1f s"
              .formatted(
                  placement,
                  script.getKey(),
                  script.getValue().cardinality(),
                  (System.nanoTime() - start) / 1e9));
    }
    REPORT.print(
        "sqllogictest, %s: %d passed, %d failed, %d of them without a reason; %.1f ms a query"
            .formatted(
                placement.name().toLowerCase(Locale.ROOT),
                outcome.passed,
                outcome.failed(),
                outcome.unexpected.size(),
                outcome.nanos / 1e6 / Math.max(1, outcome.passed + outcome.failed())));
    outcome.meant.forEach((reason, count) -> REPORT.print("  %6d %s".formatted(count, reason)));
    assertThat(outcome.unexpected).isEmpty();
  }

  private static void run(Placement placement, SqlScript script, BitSet positions, Outcome outcome)
      throws SQLException {
    try (Statement statement = catalog.connection().createStatement();
        ScriptTables tables = new ScriptTables(statement, placement, catalog)) {
      int position = 0;
      for (SqlScript.Entry entry : script.entries()) {
        if (position >= positions.length()) {
          break;
        }
        if (entry instanceof SqlScript.Command command) {
          if (!command.fails()) {
            tables.run(command);
          }
        } else if (entry instanceof SqlScript.Query query && positions.get(position++)) {
          tables.flush();
          run(placement, script.name() + ":" + query.line(), query, tables, statement, outcome);
        }
      }
    }
  }

  private static void run(
      Placement placement,
      String place,
      SqlScript.Query query,
      ScriptTables tables,
      Statement statement,
      Outcome outcome) {
    String sql = tables.qualified(query.sql());
    long start = System.nanoTime();
    try (ResultSet result = statement.executeQuery(sql)) {
      List<String> values = SqlAnswer.values(result, query);
      if (SqlAnswer.isExpected(values, query)) {
        outcome.passed++;
      } else {
        outcome.failed(
            placement,
            place
                + " wrong answer: "
                + abbreviated(values)
                + " instead of "
                + abbreviated(query.expected()),
            sql);
      }
    } catch (SQLException e) {
      outcome.failed(placement, place + " " + error(e), sql);
    }
    outcome.nanos += System.nanoTime() - start;
  }

  private static String abbreviated(List<String> values) {
    return values.size() <= 12 ? values.toString() : SqlAnswer.hash(values);
  }

  /**
   * The innermost failure that has a SQLSTATE: what its finder said, without the drivers' frames.
   */
  private static String error(SQLException failure) {
    SQLException named = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        named = sql;
      }
    }
    String message = String.valueOf(named.getMessage()).replace("\n", " ");
    return named.getSQLState() + " " + message.substring(0, Math.min(300, message.length()));
  }
}
