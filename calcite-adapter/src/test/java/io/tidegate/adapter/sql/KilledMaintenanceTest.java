package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that compacts or prunes is killed in the middle, wherever that is. */
@Timeout(120)
class KilledMaintenanceTest {
  private static final int RUNS = 12;
  private static final int ROWS = 20_000;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"compact, 0", "compact, 30", "compact, 120", "prune, 0", "prune, 10"})
  void killLeavesWholeRunsAndNothingElse(String what, int millis) throws Exception {
    try (LocalCatalog catalog = new LocalCatalog(directory)) {
      catalog.update("CREATE TABLE lake.t (n BIGINT, s VARCHAR) PARTITIONED BY (s) SORTED BY (n)");
      for (int i = 0; i < RUNS; i++) {
        catalog.update(
            "INSERT INTO lake.t SELECT n, CAST(MOD(n, 5) AS VARCHAR) FROM"
                + " TABLE(native_query('market_data', 'SELECT range AS n FROM range("
                + ROWS
                + ")'))");
      }
    }
    Process other =
        TestJvm.of(
                KilledMaintenanceTest.class,
                List.of(directory.resolve("catalog.yaml").toString(), what))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader words = other.inputReader(StandardCharsets.UTF_8)) {
      assertThat(words.readLine()).isEqualTo("begins");
      // Where the kill falls does not matter to what must hold afterwards; here it falls anywhere.
      other.waitFor(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    } finally {
      other.destroyForcibly().onExit().join();
    }
    try (LocalCatalog catalog = new LocalCatalog(directory)) {
      long rows = Long.parseLong(catalog.rows("SELECT COUNT(*) FROM lake.t").get(0));
      assertThat(rows % ROWS).isZero();
      if (what.equals("compact")) {
        assertThat(rows).isEqualTo((long) RUNS * ROWS);
      } else {
        assertThat(rows).isBetween((long) ROWS, (long) RUNS * ROWS);
      }
      assertThat(catalog.rows("SELECT state FROM sys.runs")).containsOnly("live");
      assertThat(passed(catalog)).isNotEmpty().containsOnly(true);
      assertThat(files(".staging")).isEmpty();
      assertThat(files(".trash")).isEmpty();
      // It can be done again.
      catalog.rows("CALL lake.compact(table_name => 't')");
      assertThat(catalog.rows("SELECT COUNT(*) FROM lake.t")).containsExactly("" + rows);
    }
  }

  private static List<Boolean> passed(LocalCatalog catalog) throws SQLException {
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery("CALL lake.verify(table_name => 't')")) {
      List<Boolean> passed = new java.util.ArrayList<>();
      while (rows.next()) {
        boolean sound = rows.getBoolean("passed");
        if (!rows.wasNull()) {
          passed.add(sound);
        }
      }
      return passed;
    }
  }

  private List<Path> files(String where) throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("lake").resolve(where))) {
      return entries.toList();
    }
  }

  /** The process that is killed. */
  public static void main(String[] arguments) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(TidegateDriver.PREFIX + "catalog=" + arguments[0]);
        Statement statement = connection.createStatement()) {
      System.out.println("begins");
      System.out.flush();
      statement
          .executeQuery(
              arguments[1].equals("compact")
                  ? "CALL lake.compact(table_name => 't')"
                  : "CALL lake.prune(table_name => 't', keep => 1)")
          .close();
    }
  }
}
