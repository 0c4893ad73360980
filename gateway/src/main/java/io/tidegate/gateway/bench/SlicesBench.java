package io.tidegate.gateway.bench;

import io.tidegate.adapter.sql.parser.ScriptParameters;
import io.tidegate.adapter.sql.parser.TidegateParser;
import io.tidegate.functions.MintBucket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The candles around 10,000 alerts, 52 before and 200 behind each, against how that was done
 * before: one query with all mints in an IN list, the whole span, every row an object, bucketed row
 * by row and then written as Parquet; and for each alert its mint's rows are counted in its window.
 *
 * <p>The old way is spared what would slow it down more: of its rows only those of one mint have to
 * be in memory.
 */
final class SlicesBench {
  private static final int ALERTS = 10_000;
  private static final int PRE = 52;
  private static final int POST = 200;
  private static final double FLOOR = 5;

  /** Runs before the one that counts, in its process. */
  private static final int WARM_RUNS = 2;

  private static final Path SCRIPT = Path.of("sql-scripts", "export_run_slices.sql");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private final Path home;
  private final Path catalog;
  private final Path lake;
  private final Reference reference;
  private final long rows;
  private final int rounds;
  private final PrintWriter out;

  SlicesBench(
      Path home,
      Path catalog,
      Path lake,
      Reference reference,
      long rows,
      int rounds,
      PrintWriter out) {
    this.home = home;
    this.catalog = catalog;
    this.lake = lake;
    this.reference = reference;
    this.rows = rows;
    this.rounds = rounds;
    this.out = out;
  }

  /** Prints a row; returns whether the floor and the memory hold. */
  boolean measure(String candles) throws Exception {
    Path alerts = alerts(reference, candles, home);
    Race race = new Race("10,000 alerts, 52 before and 200 behind", FLOOR);
    BoundedRun few = run(candles + "_small", alerts, "few");
    long peakBytes = 0;
    long[] available = new long[1];
    for (int round = 0; round < rounds; round++) {
      race.theirs(Race.seconds(() -> available[0] = oldWay(candles, alerts)));
      BoundedRun many = run(candles, alerts, "round" + round);
      race.ours(many.seconds());
      if (available[0] != available("round" + round)) {
        throw new IllegalStateException(
            "The old way found " + available[0] + " candles in the windows, Tidegate others");
      }
      peakBytes = Math.max(peakBytes, many.peakBytes());
    }
    out.println(race.row() + BoundedRun.cells(few.peakBytes(), peakBytes));
    out.printf("%s candles.%n", BenchCommand.count(rows));
    out.flush();
    return race.holds() && BoundedRun.isBounded(peakBytes);
  }

  /** What a run's coverage says of all alerts. */
  private long available(String runId) throws Exception {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet sum =
            statement.executeQuery(
                "SELECT SUM(available_total) FROM read_parquet('%s/run_coverage/run_id=%s/*.parquet')"
                    .formatted(lake, runId))) {
      sum.next();
      return sum.getLong(1);
    }
  }

  /** A file of alerts, each at some candle's time. */
  static Path alerts(Reference reference, String candles, Path home) throws Exception {
    Path alerts = home.resolve("alerts.csv");
    reference.download(
        "SELECT number AS alert_id, mint, toUnixTimestamp(ts) AS ts FROM (SELECT mint, ts,"
            + " cityHash64(mint, ts) AS h, rowNumberInAllBlocks() AS number FROM "
            + candles
            + " ORDER BY h LIMIT "
            + ALERTS
            + ") FORMAT CSVWithNames",
        alerts);
    return alerts;
  }

  private BoundedRun run(String candles, Path alerts, String runId) throws Exception {
    return BoundedRun.start(
        SlicesBench.class,
        catalog.toString(),
        lake.toString(),
        candles,
        alerts.toString(),
        runId,
        script().toString());
  }

  private static Path script() {
    String home = System.getProperty("tidegate.home");
    return home == null ? SCRIPT.toAbsolutePath() : Path.of(home).resolve(SCRIPT);
  }

  /** Arguments: catalog, lake, source table, alerts, run id, script. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> values = values(arguments[2], Path.of(arguments[3]));
    String text = Files.readString(Path.of(arguments[5]));
    double seconds;
    try (Product product = new Product(Path.of(arguments[0]), Path.of(arguments[1]))) {
      // As elsewhere: the first seconds of a JVM tell nothing of the next hour.
      for (int warm = 0; warm < WARM_RUNS; warm++) {
        export(product, text, values, arguments[4] + "-warm" + warm);
      }
      seconds = Race.seconds(() -> export(product, text, values, arguments[4]));
    }
    System.out.println(seconds + " " + BoundedRun.highWaterMark());
  }

  private static Map<String, String> values(String source, Path alerts) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("source", source);
    values.put("alerts", alerts.toString());
    values.put("pre", String.valueOf(PRE));
    values.put("post", String.valueOf(POST));
    values.put("chain", "");
    return values;
  }

  /** Exports once, in this process. */
  static void export(Product product, String source, Path alerts, String runId) throws Exception {
    export(product, Files.readString(script()), values(source, alerts), runId);
  }

  private static void export(Product product, String text, Map<String, String> values, String runId)
      throws Exception {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put("run_id", runId);
    for (var statement :
        ScriptParameters.declaredIn("the script", text)
            .bind(all)
            .apply(TidegateParser.parseScript(text))) {
      product.update(TidegateParser.toSql(statement.node()));
    }
  }

  /** Returns how many candles are in the alerts' windows, counted for each alert. */
  private long oldWay(String candles, Path alerts) throws Exception {
    Map<String, List<Long>> byMint = new LinkedHashMap<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    try (var lines = Files.lines(alerts)) {
      for (String line : (Iterable<String>) lines.skip(1)::iterator) {
        String[] row = line.replace("\"", "").split(",");
        long second = Long.parseLong(row[2]);
        byMint.computeIfAbsent(row[1], mint -> new ArrayList<>()).add(second);
        first = Math.min(first, second);
        last = Math.max(last, second);
      }
    }
    String mints =
        byMint.keySet().stream().map(mint -> "'" + mint + "'").collect(Collectors.joining(","));
    Path answer = home.resolve("old.tsv");
    reference.download(
        "SELECT mint, ts, open, high, low, close, volume, interval_s FROM "
            + candles
            + " WHERE mint IN ("
            + mints
            + ") AND interval_s = 60 AND ts >= toDateTime("
            + (first - PRE * 60L)
            + ", 'UTC') AND ts < toDateTime("
            + (last + (POST + 1) * 60L)
            + ", 'UTC') ORDER BY mint, ts SETTINGS max_query_size = 10000000 FORMAT TabSeparated",
        answer);
    Path bucketed = home.resolve("old.csv");
    Path coverage = home.resolve("old-coverage.csv");
    long available = 0;
    try (BufferedReader reader = Files.newBufferedReader(answer);
        Writer writer = Files.newBufferedWriter(bucketed);
        Writer covered = Files.newBufferedWriter(coverage)) {
      String mint = null;
      List<Object[]> ofMint = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Object[] row = row(line);
        if (!row[0].equals(mint)) {
          available += cover(byMint.get(mint), ofMint, covered);
          mint = (String) row[0];
          ofMint.clear();
        }
        ofMint.add(row);
        StringBuilder text = new StringBuilder(MintBucket.of(mint));
        for (Object value : row) {
          text.append(',').append(value);
        }
        writer.write(text.append('\n').toString());
      }
      available += cover(byMint.get(mint), ofMint, covered);
    }
    Path target = Files.createTempDirectory(home, "old");
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_csv('%s', header = false, names = ['mint_bucket', 'mint', 'ts', 'o', 'h', 'l', 'c', 'v', 'i'])) TO '%s' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (mint_bucket), OVERWRITE_OR_IGNORE)"
              .formatted(bucketed, target));
      statement.execute(
          "COPY (SELECT * FROM read_csv('%s', header = false)) TO '%s' (FORMAT parquet)"
              .formatted(coverage, target.resolve("coverage.parquet")));
    }
    Files.delete(answer);
    Files.delete(bucketed);
    Files.delete(coverage);
    return available;
  }

  /** Counts a mint's candles in the window of each of its alerts. */
  private static long cover(List<Long> alerts, List<Object[]> candles, Writer covered)
      throws IOException {
    long all = 0;
    for (long alert : alerts == null ? List.<Long>of() : alerts) {
      LocalDateTime start = LocalDateTime.ofEpochSecond(alert - PRE * 60L, 0, ZoneOffset.UTC);
      LocalDateTime end = LocalDateTime.ofEpochSecond(alert + (POST + 1) * 60L, 0, ZoneOffset.UTC);
      long available = 0;
      for (Object[] candle : candles) {
        LocalDateTime ts = (LocalDateTime) candle[1];
        if (!ts.isBefore(start) && ts.isBefore(end)) {
          available++;
        }
      }
      covered.write(candles.get(0)[0] + "," + alert + "," + available + "\n");
      all += available;
    }
    return all;
  }

  private static Object[] row(String line) {
    String[] cells = line.split("\t");
    Object[] row = new Object[cells.length];
    row[0] = cells[0];
    row[1] = LocalDateTime.parse(cells[1].substring(0, 19), TIME);
    for (int i = 2; i < 7; i++) {
      row[i] = Double.valueOf(cells[i]);
    }
    row[7] = Integer.valueOf(cells[7]);
    return row;
  }
}
