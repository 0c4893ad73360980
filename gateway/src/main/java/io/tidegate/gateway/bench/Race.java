package io.tidegate.gateway.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Tidegate and its reference at the same work, taking turns: on a machine that others use too, only
 * what ran at the same time can be compared. The median of the rounds counts.
 */
final class Race {
  private final String path;
  private final double floor;
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> theirs = new ArrayList<>();

  /**
   * Starts without rounds.
   *
   * @param floor the least part of the reference's rate
   */
  Race(String path, double floor) {
    this.path = path;
    this.floor = floor;
  }

  /** Something that takes time. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  void ours(double seconds) {
    ours.add(seconds);
  }

  void theirs(double seconds) {
    theirs.add(seconds);
  }

  private double ratio() {
    return median(theirs) / median(ours);
  }

  boolean holds() {
    return ratio() >= floor;
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  static String header() {
    return String.format(
            Locale.ROOT,
            "| %-46s | %10s | %11s | %5s | %5s | %-2s |%n",
            "path",
            "Tidegate s",
            "reference s",
            "ratio",
            "floor",
            "ok")
        + "|"
        + "-".repeat(48)
        + "|"
        + "-".repeat(11)
        + ":|"
        + "-".repeat(12)
        + ":|"
        + "-".repeat(6)
        + ":|"
        + "-".repeat(6)
        + ":|----|";
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %-46s | %10.2f | %11.2f | %5.2f | %5.2f | %-2s |",
        path,
        median(ours),
        median(theirs),
        ratio(),
        floor,
        holds() ? "ok" : "NO");
  }
}
