package io.tidegate.gateway.bench;

import io.tidegate.adapter.clickhouse.EmbeddedClickHouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long {@code ./tidegate sql -e "select 1"} takes, from start to end of the process. */
final class FirstAnswer {
  private static final double RUNNING_SECONDS = 2.5;
  private static final double COLD_SECONDS = 3.5;

  private FirstAnswer() {}

  /** Prints both times; returns whether they are short enough. */
  static boolean measure(Path home, int rounds, PrintWriter out) throws Exception {
    Path launcher = Path.of(System.getProperty("tidegate.home", ""), "tidegate").toAbsolutePath();
    List<Double> cold = new ArrayList<>();
    List<Double> running = new ArrayList<>();
    answer(launcher, home);
    for (int round = 0; round < rounds; round++) {
      // A data directory of its own for each: an engine that has just lost its user may still run.
      cold.add(answer(launcher, home.resolve("cold" + round)));
    }
    Path data = home.resolve("running");
    try (EmbeddedClickHouse engine =
        EmbeddedClickHouse.open(data.resolve("clickhouse"), EmbeddedClickHouse.findLibrary())) {
      for (int round = 0; round < rounds; round++) {
        running.add(answer(launcher, data));
      }
    }
    out.println();
    out.println(
        String.format(
            Locale.ROOT,
            "| %-46s | %7s | %7s | %-2s |",
            "./tidegate sql -e \"select 1\"",
            "s",
            "at most",
            "ok"));
    out.println("|" + "-".repeat(48) + "|--------:|--------:|----|");
    return print(out, "the engine is running", Race.median(running), RUNNING_SECONDS)
        & print(out, "cold", Race.median(cold), COLD_SECONDS);
  }

  private static double answer(Path launcher, Path data) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), "sql", "-e", "select 1", "--format", "csv")
            .redirectErrorStream(true);
    builder.environment().put("TIDEGATE_LAKE", data.resolve("lake").toString());
    builder.environment().put("TIDEGATE_CLICKHOUSE", data.resolve("clickhouse").toString());
    return Race.seconds(
        () -> {
          Process process = builder.start();
          String said = new String(process.getInputStream().readAllBytes());
          if (process.waitFor() != 0 || !said.contains("1")) {
            throw new IOException(launcher + " failed: " + said);
          }
        });
  }

  private static boolean print(PrintWriter out, String what, double seconds, double most) {
    boolean holds = seconds <= most;
    out.println(
        String.format(
            Locale.ROOT,
            "| %-46s | %7.2f | %7.2f | %-2s |",
            what,
            seconds,
            most,
            holds ? "ok" : "NO"));
    out.flush();
    return holds;
  }
}
