package io.tidegate.gateway;

import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.LakeNames;
import io.tidegate.adapter.lake.TargetFileSize;
import io.tidegate.functions.CandleInterval;
import io.tidegate.functions.WindowSlice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Exports the candles around alerts: {@code sql-scripts/export_run_slices.sql} with its parameters
 * as people write them, work tables of its own, and the manifest of what came out.
 */
@Command(
    name = "export-slices",
    mixinStandardHelpOptions = true,
    description = "Export the candles around alerts as a run of the lake.")
final class ExportSlicesCommand implements Callable<Integer> {
  private static final Path SCRIPT = Path.of("sql-scripts", "export_run_slices.sql");

  /** The script's parameters {@code work_...}. */
  private static final List<String> WORK_TABLES =
      List.of("alerts", "touched", "ranges", "kept", "candles", "repeated");

  @Mixin private DataSourceOptions source;

  @Option(
      names = "--alerts",
      required = true,
      paramLabel = "FILE",
      description = "Alerts, .csv or .parquet.")
  private String alerts;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "The run's id (default: made of the alerts' content and these options).")
  private String runId;

  @Option(names = "--interval", required = true, description = "Such as 1m, 15s or 60.")
  private String interval;

  @Option(names = "--window", required = true, description = "Such as pre52_post4948.")
  private String window;

  @Option(names = "--chain", defaultValue = "solana", description = "Empty for all.")
  private String chain;

  @Option(
      names = "--source",
      defaultValue = "market_data.ohlcv_candles",
      description = "The table of candles (default: ${DEFAULT-VALUE}).")
  private String candles;

  @Option(names = "--compression", defaultValue = "zstd", description = "zstd, snappy or none.")
  private String compression;

  @Option(
      names = "--target-file-mb",
      defaultValue = "512",
      description = "Where a file ends and the next one begins (default: ${DEFAULT-VALUE}).")
  private int targetFileMb;

  @Option(
      names = "--strict-coverage",
      description = "Leave out the candles of alerts that do not reach the next two numbers.")
  private boolean strict;

  @Option(names = "--min-required-pre", defaultValue = "52")
  private int minRequiredPre;

  @Option(names = "--target-total", defaultValue = "5000")
  private int targetTotal;

  @Option(
      names = "--whole-span",
      description = "All candles from the first window's begin to the last one's end.")
  private boolean wholeSpan;

  @Option(names = "--slices", defaultValue = "lake.run_slices")
  private String slices;

  @Option(names = "--coverage", defaultValue = "lake.run_coverage")
  private String coverage;

  @Option(names = "--alerts-copy", defaultValue = "lake.run_alerts")
  private String alertsCopy;

  @Option(
      names = "--report",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text: a line per statement; json: the manifest (default: ${DEFAULT-VALUE}).")
  private ScriptReport.Format report;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Write the manifest there, outside of the lake, when all is published.")
  private Path manifest;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Map<String, String> parameters = parameters();
    refuseBadManifest();
    Path file = DataSourceOptions.located(SCRIPT);
    List<Script> scripts = ScriptReader.read(List.of(file), parameters);
    PrintWriter out = spec.commandLine().getOut();
    SliceReport said = new SliceReport(report == ScriptReport.Format.TEXT ? out : null);
    Optional<StatementOutcome> failure;
    try (Connection connection = source.open();
        RowProgress progress = new SysProgress(source::open)) {
      refuseNoAlerts(connection);
      failure = new ScriptRunner(progress).run(scripts.get(0), connection, said);
      if (failure.isPresent()) {
        dropWork(connection, parameters);
      }
    }
    if (failure.isPresent()) {
      RunCommand.explain(failure.get(), spec.commandLine().getErr());
      return 1;
    }
    if (report == ScriptReport.Format.JSON || manifest != null) {
      String json =
          SliceManifest.json(source.lakeRoot(), parameters, said.numbers(), interval, window);
      if (manifest != null) {
        SliceManifest.write(json, manifest);
      }
      if (report == ScriptReport.Format.JSON) {
        out.println(json);
      }
    }
    out.flush();
    return 0;
  }

  /** What the script takes; what cannot be right is refused here, before anything is opened. */
  private Map<String, String> parameters() throws SQLException, IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    try {
      parameters.put("interval_s", Long.toString(CandleInterval.parse(interval)));
      WindowSlice.Spec candlesAround = WindowSlice.parseSpec(window);
      parameters.put("pre", Long.toString(candlesAround.pre()));
      parameters.put("post", Long.toString(candlesAround.post()));
    } catch (IllegalArgumentException e) {
      throw new SQLException(e.getMessage(), "22023", e);
    }
    LakeCodec.parse(compression);
    TargetFileSize.bytes(Integer.toString(targetFileMb));
    parameters.put("alerts", alerts);
    parameters.put("chain", chain);
    parameters.put("source", candles);
    parameters.put("strict", Boolean.toString(strict));
    parameters.put("min_required_pre", Integer.toString(minRequiredPre));
    parameters.put("target_total", Integer.toString(targetTotal));
    parameters.put("whole_span", Boolean.toString(wholeSpan));
    parameters.put("target_file_mb", Integer.toString(targetFileMb));
    parameters.put("compression", compression);
    parameters.put("slices", slices);
    parameters.put("coverage", coverage);
    parameters.put("alerts_copy", alertsCopy);
    parameters.put("run_id", runId == null ? idOf(parameters) : LakeNames.checkRunId(runId));
    // Two exporters on one server must not meet in one work table.
    String own = UUID.randomUUID().toString().substring(0, 8);
    for (String work : WORK_TABLES) {
      parameters.put("work_" + work, "scratch.slice_" + work + "_" + own);
    }
    return parameters;
  }

  /** A sealed run has no files but its own, and of a server's run there is nothing to tell here. */
  private void refuseBadManifest() throws SQLException {
    if (manifest == null) {
      return;
    }
    Optional<Path> lake = source.lakeRoot();
    if (lake.isEmpty()) {
      throw new SQLException("--manifest needs the lake's files, which --url has not", "22023");
    }
    Path file = manifest.toAbsolutePath().normalize();
    if (file.startsWith(lake.get().toAbsolutePath().normalize())) {
      throw new SQLException(
          "--manifest " + manifest + " is in the lake, where only sealed files are", "22023");
    }
    if (Files.isDirectory(file) || !Files.isDirectory(file.getParent())) {
      throw new SQLException("--manifest " + manifest + " is no file in a directory", "58P01");
    }
  }

  /** The same alerts and options are the same run. */
  private String idOf(Map<String, String> parameters) throws SQLException, IOException {
    if (!Files.isRegularFile(Path.of(alerts))) {
      throw new SQLException(
          "There is no file " + alerts + " here to make a run id of; give one with --run-id",
          "58P01");
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(Path.of(alerts)));
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        if (!parameter.getKey().equals("alerts")) {
          digest.update((parameter + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
      return "slices-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A file without alerts is a mistake more often than a wish. */
  private void refuseNoAlerts(Connection connection) throws SQLException {
    String file = "'" + alerts.replace("'", "''") + "'";
    try (Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery("SELECT COUNT(*) FROM TABLE(read_alerts(" + file + "))")) {
      if (count.next() && count.getLong(1) == 0) {
        throw new SQLException("There are no alerts in " + alerts, "22023");
      }
    }
  }

  /** A server lives on, and so would the tables of a job that failed. */
  private static void dropWork(Connection connection, Map<String, String> parameters) {
    for (String work : WORK_TABLES) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS " + parameters.get("work_" + work));
      } catch (SQLException e) {
        // What failed before is what the user must hear of.
        return;
      }
    }
  }
}
