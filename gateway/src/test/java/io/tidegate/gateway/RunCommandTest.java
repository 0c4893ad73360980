package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir Path directory;
  private Path good;
  private Path bad;

  @BeforeEach
  void writeScripts() throws IOException {
    good =
        Files.writeString(
            directory.resolve("good.sql"),
            """
            -- makes a table
            CREATE TABLE t (n INT);
            INSERT INTO t
              SELECT * FROM range(25);
            WITH x AS (SELECT * FROM t) SELECT * FROM x;
            """);
    bad =
        Files.writeString(
            directory.resolve("bad.sql"), "SELECT 1;\nSELECT * FROM nowhere;\nSELECT 3;");
  }

  @Test
  void textReportHasALinePerStatementAndTheBeginningOfAResult() {
    CommandLineRun run = run(good);
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().filter(line -> line.endsWith(" s")).toList())
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("CREATE TABLE t (n INT)").contains(" 0 rows "),
            line -> assertThat(line).startsWith("INSERT INTO t ").contains(" 25 rows "),
            line -> assertThat(line).startsWith("WITH x AS").contains(" 25 rows "));
    assertThat(run.out()).contains(" 19\n... 5 rows more\n");
  }

  @Test
  void jsonReportIsOneObject() throws IOException {
    CommandLineRun run = run(good, "--report", "json");
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("ok").booleanValue()).isTrue();
    JsonNode insert = report.get("statements").get(1);
    assertThat(insert.get("file").textValue()).isEqualTo(good.toString());
    assertThat(insert.get("line").intValue()).isEqualTo(3);
    assertThat(insert.get("text").textValue()).isEqualTo("INSERT INTO t");
    assertThat(insert.get("kind").textValue()).isEqualTo("INSERT");
    assertThat(insert.get("rows").longValue()).isEqualTo(25);
    assertThat(insert.has("elapsed_ms")).isTrue();
    assertThat(report.get("statements").get(2).get("kind").textValue()).isEqualTo("SELECT");
    assertThat(report.get("statements").get(0).get("kind").textValue()).isEqualTo("CREATE TABLE");
  }

  @Test
  void firstFailureStopsTheScriptAndIsReported() throws IOException {
    CommandLineRun run = run(bad, "--report", "json");
    assertThat(run.exitCode()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("ok").booleanValue()).isFalse();
    assertThat(report.get("statements")).hasSize(2);
    JsonNode error = report.get("statements").get(1).get("error");
    assertThat(error.get("sqlstate").textValue()).isEqualTo("HY000");
    assertThat(error.get("message").textValue()).contains("nowhere");
    assertThat(run.err()).startsWith("error [HY000]: ").endsWith(" (" + bad + ":2)\n");
  }

  @Test
  void dryRunPrintsTheStatementsAndOpensNothing() {
    CommandLineRun run =
        CommandLineRun.of("run", bad.toString(), "--dry-run", "--url", "jdbc:nothing:");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            "-- %1$s:1%nSELECT 1;%n-- %1$s:2%nSELECT * FROM nowhere;%n-- %1$s:3%nSELECT 3;%n"
                .formatted(bad));
  }

  @Test
  void missingScriptIsNamedBeforeAnythingRuns() {
    Path missing = directory.resolve("none.sql");
    CommandLineRun run =
        CommandLineRun.of("run", good.toString(), missing.toString(), "--url", "jdbc:duckdb:");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("error [58P01]: " + missing + ": no such script\n");
  }

  @Test
  void parameterThatTheScriptDoesNotDeclareIsRefused() {
    CommandLineRun run = run(good, "--param", "day=2024-01-01");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("declares no parameter 'day'");
  }

  private static CommandLineRun run(Path script, String... options) {
    String[] arguments = new String[options.length + 4];
    arguments[0] = "run";
    arguments[1] = script.toString();
    arguments[2] = "--url";
    arguments[3] = "jdbc:duckdb:";
    System.arraycopy(options, 0, arguments, 4, options.length);
    return CommandLineRun.of(arguments);
  }
}
