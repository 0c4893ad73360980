package io.tidegate.gateway.bench;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code lake.verify} over one run of 256 files, against plain SHA-256 of the same files.
 *
 * <p>Held to the floor is what says that the bytes are those that were sealed: manifest, files,
 * hashes, footers with their rows, schema and bounds. The reference has as many threads as that
 * has, and takes as long as hashing or as reading alone, whichever is longer. Checks that read the
 * rows have no floor.
 */
final class VerifyBench {
  private static final double FLOOR = 0.5;
  private static final int THREADS = 2;
  private static final int READ_BYTES = 1 << 18;
  private static final Set<String> OF_THE_BYTES =
      Set.of("manifest", "files", "sha256", "rows", "schema", "bounds");

  private final Product product;
  private final int rounds;
  private final PrintWriter out;

  VerifyBench(Product product, int rounds, PrintWriter out) {
    this.product = product;
    this.rounds = rounds;
    this.out = out;
  }

  /** What is done with a file. */
  private interface Work {
    String of(Path file) throws Exception;
  }

  /** Prints a row for each check of a table's only run; returns whether the floor holds. */
  boolean measure(String table) throws Exception {
    List<Path> files = product.files(table);
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    Race race = new Race("verify: bytes and rows, SHA-256 on 2 threads", FLOOR);
    Race single = new Race("  the same, SHA-256 on 1 thread", 0);
    List<Double> reading = new ArrayList<>();
    Map<String, List<Double>> others = new TreeMap<>();
    for (int round = 0; round <= rounds; round++) {
      double one = Race.seconds(() -> all(files, 1, VerifyBench::sha256));
      double two = Race.seconds(() -> all(files, THREADS, VerifyBench::sha256));
      double read = Race.seconds(() -> all(files, THREADS, VerifyBench::read));
      Map<String, Double> checks = new TreeMap<>();
      double whole = Race.seconds(() -> checks.putAll(checks("table_name => '" + table + "'")));
      double ofTheBytes = 0;
      for (String check : OF_THE_BYTES) {
        ofTheBytes += checks.remove(check);
      }
      // The first round warms both up.
      if (round > 0) {
        race.theirs(Math.max(two, read));
        race.ours(ofTheBytes);
        single.theirs(Math.max(one, read));
        single.ours(ofTheBytes);
        reading.add(read);
        checks.put("whole", whole);
        checks.forEach((c, s) -> others.computeIfAbsent(c, k -> new ArrayList<>()).add(s));
      }
    }
    out.println(race.row());
    out.println(single.row());
    line("  reading the files alone, on 2 threads", reading);
    others.remove("coverage");
    for (Map.Entry<String, List<Double>> other : others.entrySet()) {
      line(
          "  " + (other.getKey().equals("whole") ? "all checks" : other.getKey()),
          other.getValue());
    }
    out.printf(Locale.ROOT, "%d files, %,d bytes.%n", files.size(), bytes);
    out.flush();
    return race.holds();
  }

  /** Prints how long the coverage of an export took. */
  void coverage(String runId) throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      seconds.add(checks("run_id => '" + runId + "'").get("coverage"));
    }
    line("  coverage of 10,000 alerts, 253 slots each", seconds);
    out.flush();
  }

  private void line(String what, List<Double> seconds) {
    out.printf(
        Locale.ROOT,
        "| %-46s | %10.2f | %11s | %5s | %5s |    |%n",
        what,
        Race.median(seconds),
        "",
        "",
        "");
  }

  /** The seconds of each check; an error if one did not pass. */
  private Map<String, Double> checks(String arguments) throws Exception {
    Map<String, Double> seconds = new TreeMap<>();
    for (String row : product.query("CALL lake.verify(" + arguments + ")")) {
      String[] cells = row.split("\t");
      boolean notApplicable = cells[3].equals("null") && cells[2].equals("coverage");
      if (!cells[3].equals("true") && !notApplicable) {
        throw new IllegalStateException("A run that was written just now is not sound: " + row);
      }
      seconds.merge(cells[2], Long.parseLong(cells[6]) / 1e3, Double::sum);
    }
    return seconds;
  }

  private static void all(List<Path> files, int threads, Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<String>> results = new ArrayList<>();
      for (Path file : files) {
        results.add(pool.submit(() -> work.of(file)));
      }
      for (Future<String> result : results) {
        result.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream content = Files.newInputStream(file)) {
      byte[] buffer = new byte[READ_BYTES];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String read(Path file) throws Exception {
    long bytes = 0;
    try (InputStream content = Files.newInputStream(file)) {
      byte[] buffer = new byte[READ_BYTES];
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        bytes += n;
      }
    }
    return Long.toString(bytes);
  }
}
