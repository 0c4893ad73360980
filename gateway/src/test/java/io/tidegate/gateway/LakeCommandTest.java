package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./tidegate lake ...}: what is printed, and what the exit code says. */
class LakeCommandTest {
  @TempDir Path directory;
  private ShippedCatalog.Opened catalog;

  @BeforeEach
  void open() throws IOException, SQLException {
    catalog = ShippedCatalog.DUCKDB.in(directory, LakeCommandTest.class);
    CommandLineRun made =
        catalog.sql(
            "CREATE TABLE lake.t (k INTEGER, v VARCHAR) SORTED BY (k);"
                + " INSERT INTO lake.t VALUES (1, 'a'), (2, 'b');"
                + " INSERT INTO lake.t VALUES (1, 'a'), (2, 'B'), (3, 'c')");
    assertThat(made.exitCode()).as(made.err()).isZero();
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void runsAreListed() throws Exception {
    JsonNode report = json(lake("runs", "lake.t", "--report", "json"));
    assertThat(report.get("rows")).hasSize(2);
    assertThat(report.get("rows").get(0).get("run_id").textValue()).isEqualTo(runIds().get(0));
    assertThat(report.get("rows").get(1).get("rows").longValue()).isEqualTo(3);
    assertThat(lake("runs").out()).contains("created_at").contains(runIds());
  }

  @Test
  void soundRunIsVerifiedWithZeroAndChangedOneWithThree() throws Exception {
    String runId = runIds().get(0);
    CommandLineRun sound = lake("verify", runId, "--report", "json");
    assertThat(sound.exitCode()).as(sound.err()).isZero();
    assertThat(json(sound).get("ok").booleanValue()).isTrue();
    assertThat(json(sound).get("rows").findValuesAsText("check"))
        .containsExactly(
            "manifest", "files", "sha256", "rows", "schema", "bounds", "order", "coverage");
    // No export, so there is no coverage that could be sound.
    assertThat(json(sound).get("rows").get(7).get("passed").isNull()).isTrue();
    Files.writeString(run(runId).resolve("extra.parquet"), "PAR1");
    CommandLineRun changed = lake("verify", runId);
    assertThat(changed.exitCode()).isEqualTo(3);
    assertThat(changed.err()).isEmpty();
    assertThat(changed.out()).contains("| false  | extra.parquet | is there but");
    CommandLineRun all = lake("verify", "--report", "json");
    assertThat(all.exitCode()).isEqualTo(3);
    assertThat(json(all).get("ok").booleanValue()).isFalse();
    assertThat(lake("verify", runIds().get(1), "--table", "t").exitCode()).isZero();
  }

  @Test
  void differentRunsAreThreeAndEqualOnesZero() throws Exception {
    List<String> runIds = runIds();
    CommandLineRun different =
        lake("diff", runIds.get(0), runIds.get(1), "--table", "lake.t", "--report", "json");
    assertThat(different.exitCode()).isEqualTo(3);
    JsonNode rows = json(different).get("rows");
    assertThat(rows.findValuesAsText("item"))
        .containsExactly(
            "left", "right", "equal", "only left", "only right", "changed", "changed column");
    assertThat(rows.findValues("rows").stream().map(JsonNode::longValue).toList())
        .containsExactly(2L, 3L, 1L, 0L, 1L, 1L, 1L);
    assertThat(rows.get(6).get("column_name").textValue()).isEqualTo("v");
    assertThat(lake("diff", runIds.get(0), runIds.get(0)).exitCode()).isZero();
  }

  @Test
  void compactionAndPruning() throws Exception {
    CommandLineRun dry = lake("prune", "t", "--keep", "1", "--dry-run");
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("| to remove").contains(runIds().get(0));
    assertThat(lake("prune", "t", "--keep", "1", "--older-than", "1d").out())
        .doesNotContain("removed");
    CommandLineRun compacted = lake("compact", "t", "--smaller-than", "1MB", "--report", "json");
    assertThat(compacted.exitCode()).as(compacted.err()).isZero();
    JsonNode row = json(compacted).get("rows").get(0);
    assertThat(row.get("runs_replaced").longValue()).isEqualTo(2);
    assertThat(row.get("rows").longValue()).isEqualTo(5);
    assertThat(runIds()).containsExactly(row.get("run_id").textValue());
    assertThat(lake("prune", "t", "--keep", "0").out()).contains("| removed");
    assertThat(runIds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "verify ../t; 1; error [22023]: '../t' cannot be a run id",
        "verify a/b; 1; error [22023]: 'a/b' cannot be a run id",
        "verify it's; 1; error [22023]: 'it's' cannot be a run id",
        "verify none; 1; error [42704]: There is no run 'none' in the lake",
        "verify --table none; 1; error [42S02]: There is no lake table 'none'",
        "diff one; 2; Missing required parameter: 'RUN'",
        "diff one two; 1; error [42704]: There is no run 'one' in the lake",
        "prune t; 2; Missing required argument",
        "prune t --keep x; 2; Invalid value for option '--keep'",
        "prune t --older-than never; 1; error [42000]: lake.prune: older_than",
        "compact; 2; Missing required parameter: 'TABLE'",
        "compact none; 1; error [42S02]: There is no lake table 'none'",
        "compact t --smaller-than much; 2; --smaller-than takes a size such as 64MB",
        "; 2; Missing required subcommand"
      })
  void badArgumentsAreOneLineOrTheUsage(String arguments, int exitCode, String message)
      throws Exception {
    CommandLineRun run = lake(arguments == null ? new String[0] : arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(runIds()).hasSize(2);
  }

  @Test
  void failureIsInTheJsonReportToo() throws Exception {
    CommandLineRun run = lake("compact", "none", "--report", "json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(json(run).get("ok").booleanValue()).isFalse();
    assertThat(json(run).get("error").get("sqlstate").textValue()).isEqualTo("42S02");
  }

  @Test
  void commandsWorkThroughAServer() throws Exception {
    String url = DataSourceOptions.catalogUrl(catalog.file());
    try (Connection held = DataSourceOptions.open(url);
        GatewayServer server =
            GatewayServer.start(
                properties -> DriverManager.getConnection(url, properties), "127.0.0.1", 0)) {
      String remote = "jdbc:avatica:remote:url=" + server.url();
      assertThat(held.isClosed()).isFalse();
      CommandLineRun verified =
          CommandLineRun.of("lake", "verify", "--url", remote, "--report", "json");
      assertThat(verified.exitCode()).as(verified.err()).isZero();
      assertThat(json(verified).get("rows")).hasSize(2 * 8);
      CommandLineRun different =
          CommandLineRun.of("lake", "diff", runIds().get(0), runIds().get(1), "--url", remote);
      assertThat(different.exitCode()).as(different.err()).isEqualTo(3);
      CommandLineRun refused = CommandLineRun.of("lake", "compact", "none", "--url", remote);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).startsWith("error [42S02]: There is no lake table 'none'");
    }
  }

  private CommandLineRun lake(String... arguments) {
    List<String> all = new ArrayList<>(List.of("lake"));
    all.addAll(List.of(arguments));
    if (arguments.length > 0) {
      all.addAll(List.of("--catalog", catalog.file().toString()));
    }
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return new ObjectMapper().readTree(run.out());
  }

  private Path run(String runId) {
    return directory.resolve("lake/t/run_id=" + runId);
  }

  private List<String> runIds() throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("lake/t"))) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString().substring("run_id=".length()))
          .sorted()
          .toList();
    }
  }
}
