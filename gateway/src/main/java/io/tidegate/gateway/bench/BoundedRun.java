package io.tidegate.gateway.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One statement in a process of its own with a heap of 512 MB, so that its memory is its own.
 *
 * @param seconds of the statement, without the start of the process
 * @param peakBytes the most that was resident; -1 where the system does not tell
 */
record BoundedRun(double seconds, long peakBytes) {

  /** The statements that are run so. */
  enum Kind {
    SORTED("lake, one file, total order, sealed", 0.7),
    BUCKETS("lake, 256 buckets, total order, sealed", 0.5),
    INSERT("lake -> ClickHouse, rows in key order", 0.9);

    private final String path;
    private final double floor;

    Kind(String path, double floor) {
      this.path = path;
      this.floor = floor;
    }

    String path() {
      return path;
    }

    double floor() {
      return floor;
    }
  }

  /**
   * The heap and DuckDB's limit, and a quarter on top: code, threads, and what is on its way
   * between the two.
   */
  private static final long MOST_BYTES = ((512L << 20) + 1_000_000_000L) * 5 / 4;

  /** Arguments: kind, catalog, source or target table, expected rows. */
  public static void main(String[] arguments) throws Exception {
    Kind kind = Kind.valueOf(arguments[0]);
    Path catalog = Path.of(arguments[1]);
    long rows = Long.parseLong(arguments[2]);
    String candles = arguments[3];
    double seconds;
    try (Product product = new Product(catalog, catalog.resolveSibling("lake"))) {
      // Fewer rows first, as elsewhere: the first seconds of a JVM tell nothing of the next hour.
      run(product, kind, "candles_small");
      seconds = run(product, kind, candles);
      long count = Long.parseLong(product.query("SELECT COUNT(*) FROM " + target(kind)).get(0));
      if (count != rows) {
        throw new IllegalStateException("Moved " + count + " rows, not " + rows);
      }
    }
    System.out.println(seconds + " " + highWaterMark());
  }

  private static double run(Product product, Kind kind, String candles) throws Exception {
    String source = (kind == Kind.INSERT ? "lake." : "market_data.") + candles;
    product.update("DROP TABLE IF EXISTS " + target(kind));
    product.update(Candles.create(target(kind), Bench.layout(kind)));
    return Race.seconds(
        () -> product.update("INSERT INTO " + target(kind) + " SELECT * FROM " + source));
  }

  private static String target(Kind kind) {
    return kind == Kind.INSERT ? "market_data.imported" : "lake.exported";
  }

  /** The most that was resident in this process; -1 where the system does not tell. */
  static long highWaterMark() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return -1;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(-1);
  }

  /** Runs one in a new process with this one's JVM options, but for the heap. */
  static BoundedRun start(Kind kind, Path catalog, long rows, String candles)
      throws IOException, InterruptedException {
    return start(BoundedRun.class, kind.name(), catalog.toString(), Long.toString(rows), candles);
  }

  /** Runs a main method that prints seconds and peak, in a new process. */
  static BoundedRun start(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-Xmx") && !option.startsWith("-XX:SharedArchiveFile")) {
        command.add(option);
      }
    }
    // Started by its class, so the jar's manifest does not say what must be opened for Arrow.
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.addAll(
        List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("A bounded run of " + main.getSimpleName() + " failed; see above");
    }
    String[] numbers = said.substring(said.lastIndexOf('\n') + 1).split(" ");
    return new BoundedRun(Double.parseDouble(numbers[0]), Long.parseLong(numbers[1]));
  }

  /** The header of a race with the columns that {@link #cells} adds. */
  static String header(long few, long many) {
    String[] lines = Race.header().split("\\R");
    return String.format(
        Locale.ROOT,
        "%s %12s | %12s | %-7s |%n%s",
        lines[0],
        "MB, " + BenchCommand.count(few),
        "MB, " + BenchCommand.count(many),
        "bounded",
        lines[1] + "-".repeat(13) + ":|" + "-".repeat(13) + ":|---------|");
  }

  static String cells(long few, long many) {
    return String.format(
        Locale.ROOT, " %12d | %12d | %-7s |", few >> 20, many >> 20, isBounded(many) ? "ok" : "NO");
  }

  static boolean isBounded(long peakBytes) {
    return peakBytes <= MOST_BYTES;
  }
}
