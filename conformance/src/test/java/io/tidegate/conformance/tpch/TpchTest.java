package io.tidegate.conformance.tpch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.sql.TestCatalog;
import io.tidegate.conformance.Placement;
import io.tidegate.conformance.Report;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * TPC-H: the answers of all 22 queries equal those of DuckDB alone, wherever the tables are.
 *
 * <p>A query is <em>pushed whole</em> if its plan is one query of one store: no rows move between
 * engines before the result. Times are the better of two runs after the first.
 */
class TpchTest {
  private static final double SCALE = Double.parseDouble(System.getProperty("tpch.scale", "0.01"));
  private static final Set<String> SPLIT_OFF = Set.of("orders", "lineitem");
  private static final Report REPORT = new Report("tpch");

  @TempDir static Path directory;

  private static TestCatalog catalog;
  private static Connection duckDb;
  private static final Map<TpchQuery, Measured> ALONE = new LinkedHashMap<>();

  /** An answer and what it took. */
  private record Measured(Answer answer, double millis) {}

  @BeforeAll
  static void load() throws Exception {
    catalog = TestCatalog.clickHouse(TpchTest.class, directory);
    long start = System.nanoTime();
    TpchData.load(catalog, SCALE);
    REPORT.print("TPC-H at scale %s, loaded in %.1f s".formatted(SCALE, millis(start) / 1000));
    duckDb = TpchData.duckDbAlone(catalog);
    for (TpchQuery query : TpchQuery.all()) {
      ALONE.put(query, measured(duckDb, query.sql(table -> table, SCALE)));
    }
  }

  @AfterAll
  static void close() throws Exception {
    try (TestCatalog all = catalog;
        Connection alone = duckDb) {}
  }

  @ParameterizedTest
  @EnumSource
  void answersEqualThoseOfDuckDbAlone(Placement placement) throws Exception {
    List<String> wrong = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int pushedWhole = 0;
    double total = 0;
    double totalAlone = 0;
    for (TpchQuery query : TpchQuery.all()) {
      String sql =
          query.sql(table -> placement.schema(table, SPLIT_OFF, catalog) + "." + table, SCALE);
      Measured alone = ALONE.get(query);
      try {
        long start = System.nanoTime();
        String plan = explain(sql);
        double planMillis = millis(start);
        REPORT.keep("-- " + placement + " " + query.name() + "\n" + plan);
        Measured here = measured(catalog.connection(), sql);
        Optional<String> difference = here.answer().difference(alone.answer(), query.orderedBy());
        difference.ifPresent(text -> wrong.add(query.name() + ": " + text));
        boolean whole = isOneQuery(plan, placement);
        pushedWhole += whole ? 1 : 0;
        total += here.millis();
        totalAlone += alone.millis();
        lines.add(
            "%s %5d rows %8.0f ms  duckdb %6.0f ms  %5.1fx  plan %5.0f ms%s%s"
                .formatted(
                    query.name(),
                    here.answer().rows().size(),
                    here.millis(),
                    alone.millis(),
                    here.millis() / alone.millis(),
                    planMillis,
                    whole ? "  whole" : "",
                    difference.isPresent() ? "  WRONG" : ""));
      } catch (SQLException e) {
        wrong.add(query.name() + ": " + e.getMessage());
        lines.add(query.name() + " FAILED");
      }
    }
    REPORT.print("TPC-H, " + placement.name().toLowerCase(Locale.ROOT));
    lines.forEach(REPORT::print);
    REPORT.print(
        "pushed whole: %d/22; right: %d/22; %.1f s beside %.1f s of DuckDB alone"
            .formatted(pushedWhole, 22 - wrong.size(), total / 1000, totalAlone / 1000));
    assertThat(wrong).isEmpty();
  }

  /** One statement to one engine, which with all tables in ClickHouse has to be ClickHouse. */
  private static boolean isOneQuery(String plan, Placement placement) {
    return !plan.contains("arrow_0")
        && (placement != Placement.CLICKHOUSE || plan.startsWith("ClickHouse: "));
  }

  private static String explain(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN PLAN FOR " + sql)) {
      plan.next();
      return plan.getString(1);
    }
  }

  private static Measured measured(Connection connection, String sql) throws SQLException {
    Answer answer = Answer.of(connection, sql);
    double best = Double.MAX_VALUE;
    for (int run = 0; run < 2; run++) {
      long start = System.nanoTime();
      Answer.of(connection, sql);
      best = Math.min(best, millis(start));
    }
    return new Measured(answer, best);
  }

  private static double millis(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e6;
  }
}
