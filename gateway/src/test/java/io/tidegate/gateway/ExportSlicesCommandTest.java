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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** The keys that readers of the manifests of earlier lakes rely on, in their order. */
  @Test
  void manifestIsWrittenBesideTheLakeAndNeverIntoIt() throws Exception {
    Path file = directory.resolve("manifest.json");
    CommandLineRun run =
        export("--window", "pre10_post20", "--run-id", "r", "--manifest", file.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode manifest = JSON.readTree(file.toFile());
    List<String> keys = new ArrayList<>();
    manifest.fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsSubsequence(
            "lake_version",
            "run_id",
            "created_at",
            "exporter",
            "inputs",
            "slice_spec",
            "outputs",
            "coverage");
    for (String pointer :
        List.of(
            "/exporter/name",
            "/exporter/version",
            "/inputs/alerts/path",
            "/inputs/alerts/sha256",
            "/inputs/alerts/rows",
            "/inputs/source_snapshot/clickhouse/cluster",
            "/inputs/source_snapshot/clickhouse/database",
            "/inputs/source_snapshot/clickhouse/table",
            "/inputs/source_snapshot/clickhouse/as_of",
            "/slice_spec/dataset",
            "/slice_spec/interval",
            "/slice_spec/window",
            "/slice_spec/anchor_rule",
            "/coverage/min_required_pre",
            "/coverage/target_total",
            "/coverage/kept_events",
            "/coverage/dropped_events")) {
      assertThat(manifest.at(pointer).isMissingNode()).as(pointer).isFalse();
    }
    JsonNode output = manifest.get("outputs").elements().next();
    assertThat(output.get("files").asInt()).isEqualTo(output.get("mint_buckets").size());
    assertThat(manifest.at("/inputs/source_snapshot/clickhouse/table").asText())
        .isEqualTo("candles");
    assertThat(directory.resolve("manifest.json.tmp")).doesNotExist();
    verify("r", 0);
    // The same again writes the same file, over one that is there.
    String before = Files.readString(file);
    Files.writeString(file, "old");
    export("--window", "pre10_post20", "--run-id", "r", "--manifest", file.toString());
    assertThat(file).hasContent(before);
    Path inside = directory.resolve("lake/run_slices/run_id=r/manifest.json");
    CommandLineRun refused =
        export("--window", "pre1_post1", "--run-id", "s", "--manifest", inside.toString());
    assertThat(refused.err()).startsWith("error [22023]: --manifest ").hasLineCount(1);
    assertThat(inside).doesNotExist();
    assertThat(
            export("--window", "pre1_post1", "--run-id", "s", "--manifest", "no-such/m.json").err())
        .startsWith("error [58P01]: --manifest no-such/m.json is no file in a directory");
    assertThat(published("run_slices")).hasSize(1);
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

  /** Neither catalog, alerts nor source are there: whoever looked at them would say so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1m|pre1_post1|..|zstd|512|'..' cannot be a run id in the lake",
        "1m|pre1_post1|/|zstd|512|'/' cannot be a run id in the lake",
        "1m|pre1_post1|''|zstd|512|cannot be a run id in the lake",
        "1m|pre1_post1|LONG|zstd|512|cannot be a run id in the lake: it takes 1 to 128 of",
        "1m|pre1_post1|x|lzo|512|codec must be zstd, snappy or none but was",
        "1m|pre1_post1|x|''|512|codec must be zstd, snappy or none but was",
        "1m|pre1_post1|x|zstd|0|target_file_mb must be 1 to 1048576 but was 0",
        "0|pre1_post1|x|zstd|512|interval: must be 1 to",
        "-1m|pre1_post1|x|zstd|512|interval: ",
        "1m|pre52|x|zstd|512|expected a window such as pre52_post4948 but was",
        "1m|pre-1_post5|x|zstd|512|but was 'pre-1_post5'",
        "1m|''|x|zstd|512|expected a window such as pre52_post4948 but was",
      })
  void whatCannotBeRightIsRefusedBeforeAnythingIsOpened(
      String interval, String window, String runId, String codec, String mb, String message) {
    CommandLineRun run =
        CommandLineRun.of(
            "export-slices",
            "--catalog=" + directory.resolve("no-catalog.yaml"),
            "--alerts=" + directory.resolve("no-alerts.csv"),
            "--source=lake.no_candles",
            "--interval=" + interval,
            "--window=" + window,
            "--run-id=" + runId.replace("LONG", "x".repeat(129)),
            "--compression=" + codec,
            "--target-file-mb=" + mb);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error [22023]: ").contains(message).hasLineCount(1);
  }

  /** Alerts at 05:00 and 05:02 share candles, and those of two strict exports stay out or in. */
  @Test
  void verifyRecomputesTheCoverageOfEveryKindOfExport() throws Exception {
    export("--window", "pre10_post20", "--run-id", "plain");
    export("--window", "pre0_post0", "--run-id", "single");
    export("--window", "pre400_post400", "--run-id", "edges");
    export("--window", "pre10_post20", "--run-id", "span", "--whole-span");
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
    export("--window", "pre10_post20", "--run-id", "none", "--strict-coverage");
    for (String run : List.of("plain", "single", "edges", "span", "strict", "none")) {
      List<JsonNode> coverage = coverage(verify(run, 0));
      assertThat(coverage).as(run).singleElement();
      assertThat(coverage.get(0).get("passed").asText()).as(run).isEqualTo("true");
      assertThat(coverage.get(0).get("table_name").asText()).isEqualTo("run_coverage");
      assertThat(coverage.get(0).get("detail").asText())
          .isEqualTo("30 alerts as the slices of run_slices give them");
    }
    // Of a run that is no export nothing is said to be sound.
    CommandLineRun others =
        CommandLineRun.of(
            "lake",
            "verify",
            "--table",
            "candles",
            "--catalog",
            catalog.toString(),
            "--report",
            "json");
    assertThat(others.exitCode()).as(others.err()).isZero();
    JsonNode row = coverage(JSON.readTree(others.out())).get(0);
    assertThat(row.get("passed").isNull()).isTrue();
    assertThat(row.get("detail").asText()).startsWith("not applicable: the manifest names no");
  }

  private static final String NAMES =
      "\"input.slices\" = 'lake.run_slices', \"input.coverage\" = 'lake.run_coverage',"
          + " \"input.alerts_copy\" = 'lake.run_alerts'";

  private static final String WITHOUT_KEPT_AND_POST =
      "SELECT run, alert_id, mint, alert_ts, anchor_ts_ms, available_pre, available_post,"
          + " available_total, first_ts_ms, last_ts_ms, status, expected_slots, missing_slots,"
          + " duplicates, gap_ranges, ";

  /** What another program has put under a seal of its own, and what is then said of it. */
  private static Stream<Arguments> otherRows() {
    String gap = "[1704085260000,1704085320000]";
    return Stream.of(
        // 05:03 is in the windows of a0 and of b0, 04:50 in that of a0 alone.
        Arguments.of(
            "slices",
            "SELECT * FROM lake.old"
                + " WHERE NOT (mint = 'mint0' AND ts = TIMESTAMP '2024-01-01 05:03:00')",
            List.of(
                "alert 'a0' of mint0 at 2024-01-01 05:00:30, by the slices:"
                    + " available_post is 20 but must be 19; available_total is 30 but must be 29;"
                    + " status is complete but must be partial; missing_slots is 1 but must be 2;"
                    + " gap_ranges is ["
                    + gap
                    + "] but must be ["
                    + gap
                    + ",[1704085380000,1704085440000]]",
                "alert 'b0' of mint0 at 2024-01-01 05:02:00, by the slices: available_post is 21"
                    + " but must be 20;")),
        Arguments.of(
            "slices",
            "SELECT * FROM lake.old"
                + " WHERE NOT (mint = 'mint0' AND ts = TIMESTAMP '2024-01-01 04:50:00')",
            List.of("first_ts_ms is 1704084600000 but must be 1704084660000;")),
        // A candle is in the gap, and another is not at the end.
        Arguments.of(
            "slices",
            "SELECT mint, CASE WHEN mint = 'mint2' AND ts = TIMESTAMP '2024-01-01 05:20:00' THEN"
                + " TIMESTAMP '2024-01-01 05:01:00' ELSE ts END AS ts, interval_s, open, high,"
                + " low, close, volume, run FROM lake.old",
            List.of(
                "alert 'a2' of mint2 at 2024-01-01 05:00:30, by the slices: last_ts_ms is"
                    + " 1704086400000 but must be 1704086340000; gap_ranges is ["
                    + gap
                    + "] but must be [[1704086400000,1704086460000]]")),
        Arguments.of(
            "slices",
            "SELECT mint, ts, interval_s, open, high, low, close, volume, CASE WHEN mint = 'mint2'"
                + " THEN 'q' ELSE run END AS run FROM lake.old",
            List.of(
                "lake table run_slices has 30 rows of this run whose column run is another",
                "alert 'a2' of mint2 at 2024-01-01 05:00:30, by the slices: available_pre is 10 but"
                    + " must be 0; available_post is 20 but must be 0; available_total is 30 but"
                    + " must be 0; first_ts_ms is 1704084600000 but must be null; last_ts_ms is"
                    + " 1704086400000 but must be null; status is complete but must be"
                    + " insufficient; missing_slots is 1 but must be 31; gap_ranges is ["
                    + gap
                    + "] but must be [[1704084600000,1704086460000]]")),
        // Whoever says that an alert was not kept does not get it out of the comparison.
        Arguments.of(
            "coverage",
            WITHOUT_KEPT_AND_POST + "alert_id <> 'b0' AS kept, interval_s, pre, post FROM lake.old",
            List.of(
                "alert 'b0' of mint0 at 2024-01-01 05:02:00, not kept, by the slices: kept is"
                    + " false but must be true")),
        Arguments.of(
            "coverage",
            WITHOUT_KEPT_AND_POST
                + "kept, interval_s, pre, CASE WHEN alert_id = 'b0' THEN 19 ELSE 20 END AS post"
                + " FROM lake.old",
            List.of("by the slices: post is 19 but must be 20")),
        Arguments.of(
            "alerts",
            "SELECT * FROM lake.old WHERE alert_id <> 'a4'",
            List.of(
                "alert 'a4' of mint4 at 2024-01-01 05:00:30 is 0 times in the copied alerts and 1"
                    + " times in the coverage, not once in each")));
  }

  @ParameterizedTest
  @MethodSource("otherRows")
  void everyAlertWhoseFiguresDifferIsNamed(String dataset, String rows, List<String> faults)
      throws Exception {
    assertThat(export("--window", "pre10_post20", "--run-id", "r").exitCode()).isZero();
    remake(dataset, rows, NAMES);
    assertFaults(faults);
  }

  @Test
  void exportWithoutOneOfItsDatasetsIsNotSound() throws Exception {
    assertThat(export("--window", "pre10_post20", "--run-id", "r").exitCode()).isZero();
    // A run of the same id that is not of the export.
    remake("coverage", "SELECT * FROM lake.old", "\"input.by\" = 'hand'");
    assertFaults(List.of("lake table run_coverage has a run of this id that names no export, but"));
    prune("run_coverage");
    assertFaults(List.of("cannot be recomputed: There is no run r in lake table run_coverage"));
  }

  @Test
  void compactedExportIsNeitherSoundNorAtFault() throws Exception {
    assertThat(export("--window", "pre10_post20", "--run-id", "r").exitCode()).isZero();
    assertThat(export("--window", "pre1_post2", "--run-id", "s").exitCode()).isZero();
    CommandLineRun compact =
        CommandLineRun.of("lake", "compact", "run_slices", "--catalog", catalog.toString());
    assertThat(compact.exitCode()).as(compact.err()).isZero();
    JsonNode row = coverage(verify("r", 0)).get(0);
    assertThat(row.get("passed").isNull()).isTrue();
    assertThat(row.get("detail").asText())
        .startsWith(
            "not applicable: the run of lake table run_slices was brought together with others");
  }

  private void assertFaults(List<String> texts) throws Exception {
    List<JsonNode> faults =
        coverage(verify("r", LakeCommand.DIFFERENT)).stream()
            .filter(row -> !row.get("passed").isNull())
            .toList();
    assertThat(faults).hasSize(texts.size()).noneMatch(row -> row.get("passed").booleanValue());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(faults.get(i).get("detail").asText()).contains(texts.get(i));
    }
  }

  /** Puts other rows under the seal of the same run. */
  private void remake(String dataset, String rows, String names) {
    String table = "run_" + dataset;
    value("CREATE TABLE lake.old AS SELECT * FROM lake." + table);
    prune(table);
    value(
        "INSERT INTO lake."
            + table
            + " WITH (run_id = 'r', \"input.interval_s\" = '60', \"input.pre\" = '10',"
            + " \"input.post\" = '20', \"input.strict\" = 'false', \"input.min_required_pre\" ="
            + " '52', \"input.target_total\" = '5000', "
            + names
            + ") "
            + rows);
  }

  private void prune(String table) {
    CommandLineRun run =
        CommandLineRun.of("lake", "prune", table, "--keep", "0", "--catalog", catalog.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private JsonNode verify(String run, int exitCode) throws IOException {
    CommandLineRun verified =
        CommandLineRun.of(
            "lake", "verify", run, "--catalog", catalog.toString(), "--report", "json");
    assertThat(verified.exitCode()).as(verified.out() + verified.err()).isEqualTo(exitCode);
    JsonNode report = JSON.readTree(verified.out());
    // Whatever was changed, the run is as it was sealed.
    for (JsonNode row : report.get("rows")) {
      if (!row.get("check").asText().equals("coverage")) {
        assertThat(row.get("passed").booleanValue()).as(row.toString()).isTrue();
      }
    }
    return report;
  }

  private static List<JsonNode> coverage(JsonNode report) {
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode row : report.get("rows")) {
      if (row.get("check").asText().equals("coverage")) {
        rows.add(row);
      }
    }
    return rows;
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
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int hit = 0;
    for (int kill = moments.size(); kill < TestJvm.KILLS; kill++) {
      // An id comes again: its killed job is gone on with, and killed again.
      Process process = start("--window", "pre10_post20", "--run-id", "k" + kill % 12);
      process.waitFor(300 + random.nextInt(2_700), TimeUnit.MILLISECONDS);
      hit += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
      assertNothingIsHalfThere();
    }
    assertThat(hit).as("seed " + seed).isPositive();
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
