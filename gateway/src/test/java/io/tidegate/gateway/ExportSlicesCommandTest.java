package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.adapter.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code export-slices}: whole runs or none, whatever happens on the way. */
class ExportSlicesCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MINTS = 40;
  private static final int MINUTES = 600;

  @TempDir private Path directory;
  private Path catalog;
  private Path alerts;

  /** Candles of 40 mints, minute by minute; one minute is missing and one is there twice. */
  @BeforeEach
  void makeCandles() throws Exception {
    System.setProperty(DataSourceOptions.HOME_PROPERTY, ShippedCatalog.HOME.toString());
    catalog =
        Files.writeString(
            directory.resolve("catalog.yaml"),
            "lake:\n  root: \"%s\"\n".formatted(directory.resolve("lake")));
    Path numbers = directory.resolve("candles.csv");
    StringBuilder rows = new StringBuilder("mint,minute,volume\n");
    for (int mint = 0; mint < MINTS; mint++) {
      for (int minute = 0; minute < MINUTES; minute++) {
        if (minute != 301) {
          rows.append("mint" + mint + "," + minute + ",1\n");
        }
        if (minute == 305) {
          rows.append("mint" + mint + "," + minute + ",2\n");
        }
      }
    }
    Files.writeString(numbers, rows);
    CommandLineRun made =
        sql(
            """
            CREATE TABLE lake.candles AS
            SELECT mint AS token_address, 'solana' AS chain,
              TIMESTAMP '2024-01-01 00:00:00' + minute * INTERVAL '1' MINUTE AS timestamp,
              '1m' AS interval, CAST(minute AS DOUBLE) AS open, 2.0E0 AS high, 1.0E0 AS low,
              1.5E0 AS close, CAST(volume AS DOUBLE) AS volume
            FROM TABLE(read_csv('%s'))"""
                .formatted(numbers));
    assertThat(made.exitCode()).as(made.err()).isZero();
    StringBuilder text = new StringBuilder("id,mint,ts\n");
    for (int mint = 0; mint < MINTS; mint += 2) {
      // Minute 300 of the candles and, for some, one that overlaps with it.
      text.append("a" + mint + ",mint" + mint + ",1704085230\n");
      if (mint % 4 == 0) {
        text.append("b" + mint + ",mint" + mint + ",2024-01-01T05:02:00Z\n");
      }
    }
    alerts = Files.writeString(directory.resolve("alerts.csv"), text);
  }

  private CommandLineRun sql(String sql) {
    return CommandLineRun.of("sql", "--catalog", catalog.toString(), "--format", "csv", "-e", sql);
  }

  private String value(String query) {
    CommandLineRun run = sql(query);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().skip(1).findFirst().orElse("");
  }

  private List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "export-slices",
                "--catalog",
                catalog.toString(),
                "--alerts",
                alerts.toString(),
                "--source",
                "lake.candles",
                "--interval",
                "1m"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private CommandLineRun export(String... more) {
    return CommandLineRun.of(arguments(more).toArray(String[]::new));
  }

  @Test
  void exportsTheWindowsAndNothingElse() throws Exception {
    CommandLineRun run = export("--window", "pre10_post20", "--run-id", "r", "--report", "json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode manifest = JSON.readTree(run.out());
    // 20 alerts of 31 minutes, 10 more that begin two minutes later; one minute is missing.
    assertThat(manifest.at("/outputs/run_slices~1run_id=r/rows").asLong())
        .isEqualTo(20 * 30 + 10 * 2);
    assertThat(manifest.at("/lake_version").asText()).isEqualTo("v1");
    assertThat(manifest.at("/coverage/kept_events").asLong()).isEqualTo(30);
    assertThat(manifest.at("/inputs/alerts/rows").asLong()).isEqualTo(30);
    assertThat(manifest.at("/inputs/alerts/sha256").asText()).hasSize(64);
    assertThat(manifest.at("/duplicates_removed").asLong()).isEqualTo(20);
    assertThat(manifest.at("/files").size())
        .isEqualTo(manifest.at("/outputs/run_slices~1run_id=r/files").asInt());
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices WHERE volume = 2")).isEqualTo("20");
    assertThat(
            value(
                "SELECT available_pre, available_post, status, missing_slots, duplicates, gap_ranges"
                    + " FROM lake.run_coverage WHERE alert_id = 'b0'"))
        .isEqualTo(coverageOfB0());
    // The same again is nothing, and other content under the id is refused.
    CommandLineRun again = export("--window", "pre10_post20", "--run-id", "r", "--report", "json");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(JSON.readTree(again.out())).isEqualTo(manifest);
    CommandLineRun other = export("--window", "pre10_post21", "--run-id", "r");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err())
        .contains("a run of this id with other content is there")
        .hasLineCount(1);
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices")).isEqualTo("620");
  }

  /** 31 minutes around 05:02, of which 05:01 is missing and 05:05 is there twice. */
  private static String coverageOfB0() {
    return "9,21,partial,1,1,\"[[1704085260000,1704085320000]]\"";
  }

  @Test
  void strictCoverageDropsCandlesAndWholeSpanGivesAll() {
    CommandLineRun strict =
        export(
            "--window",
            "pre10_post20",
            "--run-id",
            "strict",
            "--strict-coverage",
            "--min-required-pre",
            "10",
            "--target-total",
            "30");
    assertThat(strict.exitCode()).as(strict.err()).isZero();
    // The alerts at 05:02 have the gap before them.
    assertThat(strict.out()).contains("kept_events: 20", "dropped_events: 10", "candles: 600");
    CommandLineRun none =
        export("--window", "pre10_post20", "--run-id", "none", "--strict-coverage");
    assertThat(none.out()).contains("kept_events: 0", "dropped_events: 30", "candles: 0");
    CommandLineRun span = export("--window", "pre10_post20", "--run-id", "span", "--whole-span");
    // 33 minutes but one, of each alerted mint.
    assertThat(span.out()).contains("candles: 640");
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices WHERE run = 'strict'"))
        .isEqualTo("600");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--window pre52 --run-id x|expected a window such as pre52_post4948 but was 'pre52'",
        "--window pre-1_post5 --run-id x|but was 'pre-1_post5'",
        "--window pre1_post1 --run-id ../x|cannot be a run id",
        "--window pre1_post1 --run-id a/b|cannot be a run id",
        "--window pre1_post1 --run-id x --compression lzo|codec must be zstd, snappy or none",
        "--window pre1_post1 --run-id x --target-file-mb 0|target_file_mb must be 1 to",
        "--window pre1_post1 --run-id x --chain moon --slices lake.candles|lake.candles",
      })
  void badArgumentsAreRefusedAndNothingIsPublished(String arguments, String message)
      throws Exception {
    CommandLineRun run = export(arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(message).hasLineCount(1);
    assertThat(published("run_slices")).isEmpty();
  }

  @Test
  void otherCompressionThanTheTablesIsRefused() {
    assertThat(export("--window", "pre1_post1", "--run-id", "a").exitCode()).isZero();
    CommandLineRun run = export("--window", "pre1_post1", "--run-id", "b", "--compression", "none");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("codec 'none' is asked for, but the table was made with 'zstd'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mint,ts\\n,1704085200\\n|column 'mint' is NOT NULL",
        "mint,ts\\nm,\\n|column 'alert_ts' is NOT NULL",
        "mint,ts\\n|There are no alerts in",
        "address,ts\\nm,1\\n|has no column mint or token_address",
      })
  void badAlertsAreRefusedAndNothingIsPublished(String text, String message) throws Exception {
    Files.writeString(alerts, text.replace("\\n", "\n"));
    CommandLineRun run = export("--window", "pre1_post1", "--run-id", "x");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(message).hasLineCount(1);
    assertThat(published("run_coverage")).isEmpty();
  }

  @Test
  void badIntervalIsRefused() {
    CommandLineRun run =
        CommandLineRun.of(
            "export-slices",
            "--catalog",
            catalog.toString(),
            "--alerts",
            alerts.toString(),
            "--interval",
            "0",
            "--window",
            "pre1_post1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error [22023]: interval: must be 1 to").hasLineCount(1);
  }

  @Test
  void twoExportersWithOneIdMakeOneRun() throws Exception {
    Process first = start("--window", "pre10_post20", "--run-id", "two");
    Process second = start("--window", "pre10_post20", "--run-id", "two");
    first.waitFor();
    second.waitFor();
    assertThat(List.of(first.exitValue(), second.exitValue())).containsExactly(0, 0);
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices")).isEqualTo("620");
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_coverage")).isEqualTo("30");
  }

  /** Killed when each of its steps has shown, and at moments by chance. */
  @Test
  void killedExportLeavesWholeDatasetsOnly() throws Exception {
    Path lake = directory.resolve("lake");
    List<BooleanSupplier> moments =
        List.of(
            () -> !entries(lake.resolve(".staging")).isEmpty(),
            () -> Files.exists(lake.resolve("run_coverage/run_id=k")),
            () -> Files.exists(lake.resolve("run_alerts/run_id=k")));
    for (BooleanSupplier moment : moments) {
      Process process = start("--window", "pre10_post20", "--run-id", "k");
      while (!process.waitFor(1, TimeUnit.MILLISECONDS) && !moment.getAsBoolean()) {}
      process.destroyForcibly().waitFor();
      assertNothingIsHalfThere();
    }
    Random random = new Random(11);
    for (int round = 0; round < 3; round++) {
      Process process = start("--window", "pre10_post20", "--run-id", "k" + round);
      process.waitFor(500 + random.nextInt(2_500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      assertNothingIsHalfThere();
    }
    // The job is given again and goes on from what is there.
    CommandLineRun again = export("--window", "pre10_post20", "--run-id", "k");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices WHERE run = 'k'")).isEqualTo("620");
    assertThat(entries(lake.resolve(".staging"))).isEmpty();
  }

  private void assertNothingIsHalfThere() {
    for (String table : List.of("run_coverage", "run_alerts", "run_slices")) {
      if (!Files.exists(directory.resolve("lake").resolve(table).resolve("_table.json"))) {
        continue;
      }
      CommandLineRun runs = sql("SELECT run, COUNT(*) AS n FROM lake." + table + " GROUP BY run");
      assertThat(runs.exitCode()).as(runs.err()).isZero();
      for (String row : runs.out().lines().skip(1).toList()) {
        assertThat(row).endsWith(table.equals("run_slices") ? ",620" : ",30");
        if (table.equals("run_slices")) {
          String run = row.substring(0, row.indexOf(','));
          assertThat(value("SELECT COUNT(*) AS n FROM lake.run_coverage WHERE run = '" + run + "'"))
              .isEqualTo("30");
        }
      }
    }
  }

  private Process start(String... more) throws IOException {
    return TestJvm.of(Main.class, arguments(more))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<Path> published(String table) throws IOException {
    Path path = directory.resolve("lake").resolve(table);
    return Files.exists(path)
        ? entries(path).stream()
            .filter(p -> p.getFileName().toString().startsWith("run_id"))
            .toList()
        : List.of();
  }

  private static List<Path> entries(Path path) {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
