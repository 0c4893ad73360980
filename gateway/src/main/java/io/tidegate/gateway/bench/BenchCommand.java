package io.tidegate.gateway.bench;

import io.tidegate.adapter.clickhouse.EmbeddedClickHouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures Tidegate against the engines alone; see docs/performance.md. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure the paths between the stores, and bars, against the engines on their own.")
public final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "Candles of 9 columns, or ticks of 6 (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each path is run; the median counts (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--only",
      paramLabel = "PATH",
      split = ",",
      description = "Paths to run, of ${COMPLETION-CANDIDATES} (default: all).")
  private Set<BenchPath> only = new LinkedHashSet<>(List.of(BenchPath.values()));

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      description = "Where the data goes and stays (default: a temporary one, deleted at the end).")
  private Path directory;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path home = directory == null ? Files.createTempDirectory("tidegate-bench") : directory;
    try {
      Files.createDirectories(home);
      boolean hold = only.stream().noneMatch(BenchPath::isBetweenStores) || stores(home, out);
      if (only.contains(BenchPath.BARS)) {
        hold &= BarsBench.measure(home.toAbsolutePath(), rows, rounds, out);
      }
      if (only.contains(BenchPath.FIRST_ANSWER)) {
        hold &= FirstAnswer.measure(home.toAbsolutePath(), rounds, out);
      }
      return hold ? 0 : 1;
    } finally {
      if (directory == null) {
        delete(home);
      }
    }
  }

  private boolean stores(Path home, PrintWriter out) throws Exception {
    Path directory = home.toAbsolutePath();
    try (EmbeddedClickHouse engine =
        EmbeddedClickHouse.open(
            directory.resolve("clickhouse"), EmbeddedClickHouse.findLibrary())) {
      return new Bench(directory, rows, rounds, new Reference(engine.endpoint()), out).run(only);
    }
  }

  private static void delete(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (Stream<Path> tree = Files.walk(directory)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
        return;
      } catch (IOException | java.io.UncheckedIOException e) {
        // The engine ends a moment after its last user and may still be writing.
        if (attempt == 5) {
          throw e instanceof IOException io ? io : new IOException(e);
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while deleting the benchmark's data", e);
    }
  }

  static String count(long rows) {
    return rows % 1_000_000 == 0
        ? rows / 1_000_000 + " M"
        : String.format(Locale.ROOT, "%,d", rows);
  }
}
