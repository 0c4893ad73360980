package io.tidegate.gateway;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Brings one-minute candles from Parquet files into the raw tables. Says what it did in one log
 * line on standard error; standard output stays empty.
 */
@Command(
    name = "backfill-1m",
    mixinStandardHelpOptions = true,
    description = "Bring one-minute candles from Parquet files into market_data.")
final class BackfillCommand implements Callable<Integer> {
  private static final String LOGGER = "apps.cli.commands.backfill_1m";
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS").withZone(ZoneId.of("UTC"));

  /** How the report is written. */
  enum ReportFormat {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @ParentCommand private Main main;
  @Mixin private DataSourceOptions source;
  @Spec private CommandSpec spec;

  @Option(
      names = "--market-id",
      description = "1 binance spot, 2 binance futures, 3 bybit spot, 4 bybit futures.")
  private Integer marketId;

  @Option(names = "--symbol", description = "Such as BTCUSDT; upper and lower case are the same.")
  private String symbol;

  @Option(names = "--start", description = "First opening, such as 2024-01-01T00:00:00Z.")
  private String start;

  @Option(names = "--end", description = "First moment that is too late, likewise.")
  private String end;

  @Option(
      names = "--parquet",
      paramLabel = "PATH",
      description = "File, glob or directory with *.parquet files. Repeatable.")
  private List<String> parquet = new ArrayList<>();

  @Option(
      names = "--gaps",
      paramLabel = "FILE.csv",
      description =
          "Backfill the gaps of a list (market_id, symbol, start, end) instead of one range.")
  private Path gaps;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A market_data.yaml that must have the market; the four are known without it.")
  private Path config;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      defaultValue = "10000",
      description = "Rows in an INSERT, or None for one (default: ${DEFAULT-VALUE}).")
  private String batchSize;

  @Option(
      names = "--report-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ReportFormat reportFormat;

  @Option(names = "--dry-run", description = "Read and check everything; write nothing.")
  private boolean dryRun;

  @Option(
      names = "--skip-existing",
      description = "Leave out candles whose minute is in the canonical table.")
  private boolean skipExisting;

  @Option(
      names = "--resume",
      description = "Take the same job up again: leave days that are whole, send the others anew.")
  private boolean resume;

  @Option(
      names = "--on-error",
      paramLabel = "ACTION",
      defaultValue = "fail",
      description =
          "What to do about rows that are no candles: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private Backfill.OnError onError;

  @Option(
      names = "--rejects",
      paramLabel = "TABLE",
      defaultValue = "lake.rejected_candles_1m",
      description = "Where quarantined rows go (default: ${DEFAULT-VALUE}).")
  private String rejects;

  @Option(
      names = "--schema",
      description = "Schema of the tables (default: CH_DATABASE, or market_data).")
  private String schema;

  @Override
  public Integer call() {
    List<BackfillJob> jobs;
    Backfill.Options options;
    try {
      options = options();
      jobs = gaps == null ? List.of(job()) : GapList.read(gaps, parquet);
      if (config != null) {
        jobs.forEach(job -> MarketConfig.check(config, job.market()));
      }
    } catch (IllegalArgumentException e) {
      log("ERROR", "Invalid arguments: " + e.getMessage());
      return 2;
    }
    try (Connection connection = source.open(defaultCatalog())) {
      for (BackfillJob job : jobs) {
        BackfillReport report =
            new Backfill(connection, job, options, text -> log("WARNING", text)).run();
        log("INFO", reportFormat == ReportFormat.JSON ? report.json() : report.text());
      }
      return 0;
    } catch (SQLException | RuntimeException e) {
      log("ERROR", "Backfill failed: " + SqlErrors.of(e).line());
      if (main.debug()) {
        e.printStackTrace(spec.commandLine().getErr());
      }
      return 1;
    }
  }

  /** A server that the environment names is meant; there is one of our own otherwise. */
  private static Path defaultCatalog() {
    String host = System.getenv("CH_HOST");
    return host == null || host.isBlank()
        ? DataSourceOptions.DEFAULT_CATALOG
        : Path.of("catalogs", "clickhouse.yaml");
  }

  private Backfill.Options options() {
    if (resume && skipExisting) {
      throw new IllegalArgumentException(
          "--resume and --skip-existing exclude each other: one makes the raw rows those of the"
              + " files, the other leaves some out");
    }
    String database = System.getenv("CH_DATABASE");
    String tables =
        schema != null ? schema : database == null || database.isBlank() ? "market_data" : database;
    SqlNames.name("--schema", tables);
    SqlNames.name("--rejects", rejects);
    return new Backfill.Options(
        tables, rejects, batchRows(), dryRun, skipExisting, resume, onError);
  }

  private BackfillJob job() {
    if (marketId == null || symbol == null || start == null || end == null) {
      throw new IllegalArgumentException(
          "--market-id, --symbol, --start and --end are required, or --gaps");
    }
    ExchangeMarket market =
        ExchangeMarket.of(marketId)
            .orElseThrow(
                () ->
                    new IllegalArgumentException("market_id must be in 1..4, but was " + marketId));
    return new BackfillJob(market, symbol, moment("start", start), moment("end", end), parquet);
  }

  private int batchRows() {
    String text = batchSize.strip();
    if (text.isEmpty() || text.equals("None")) {
      return Integer.MAX_VALUE;
    }
    try {
      int rows = Integer.parseInt(text);
      if (rows > 0) {
        return rows;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "batch_size must be a positive integer or None, but was '" + batchSize + "'");
  }

  private static Instant moment(String name, String text) {
    String iso = text.strip().replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      boolean naive;
      try {
        LocalDateTime.parse(iso.length() == 10 ? iso + "T00:00:00" : iso);
        naive = true;
      } catch (DateTimeException alsoNot) {
        naive = false;
      }
      throw new IllegalArgumentException(
          naive
              ? name
                  + ": timestamp must be timezone-aware UTC (naive datetime is forbidden): write "
                  + text
                  + "Z if it is UTC"
              : name + " must be a time such as 2024-01-01T00:00:00Z, but was '" + text + "'",
          e);
    }
  }

  private void log(String level, String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(LOG_TIME.format(Instant.now()) + " " + level + " " + LOGGER + " " + message);
    err.flush();
  }
}
