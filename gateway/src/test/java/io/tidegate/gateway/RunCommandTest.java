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
            CREATE TABLE t (n BIGINT);
            INSERT INTO t
              SELECT 5 * a.n + b.n
              FROM (VALUES (0), (1), (2), (3), (4)) AS a(n), (VALUES (0), (1), (2), (3), (4)) AS b(n);
            WITH x AS (SELECT * FROM t) SELECT * FROM x ORDER BY n;
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
            line -> assertThat(line).startsWith("CREATE TABLE t (n BIGINT)").contains(" 0 rows "),
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
    assertThat(run.err()).isEqualTo("error [58P01]: No such script: " + missing + "\n");
  }

  @Test
  void syntaxErrorInTheLastScriptStopsTheFirst() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.sql"), "SELECT 1;\nSELEC 2;");
    CommandLineRun run =
        CommandLineRun.of("run", good.toString(), broken.toString(), "--url", "jdbc:duckdb:");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("error [42601]: " + broken + ": ").contains("line 2");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void parametersEnterAsTypedLiterals() throws IOException {
    Path script = parameterised();
    CommandLineRun run =
        CommandLineRun.of(
            "run",
            script.toString(),
            "--param",
            "symbol=x' OR 1=1 -- \\",
            "--url",
            "jdbc:duckdb:",
            "--report",
            "text");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains(" x' OR 1=1 -- \\ |       250\n");
    CommandLineRun dry =
        CommandLineRun.of("run", script.toString(), "--param", "symbol=a'b", "--dry-run");
    assertThat(dry.out()).contains("'a''b'").contains("250").doesNotContain(":symbol");
  }

  @Test
  void missingParameterIsNamed() throws IOException {
    CommandLineRun run = run(parameterised());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error [22023]: ").contains("'symbol'");
  }

  @Test
  void parameterThatNoScriptDeclaresIsRefused() {
    CommandLineRun run = run(good, "--param", "day=2024-01-01");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("error [22023]: There is no parameter 'day' in " + good + "\n");
  }

  private Path parameterised() throws IOException {
    return Files.writeString(
        directory.resolve("parameterised.sql"),
        """
        -- param symbol VARCHAR : which one
        -- param threshold INTEGER = 250
        SELECT :symbol AS symbol, :threshold AS threshold;
        """);
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
