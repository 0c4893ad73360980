package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.lake.RunManifest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Three tables that one export of slices wrote under one run id, as each of the three manifests
 * names them.
 *
 * <p>A manifest is sealed, so a run cannot leave its export, or come to be in another, without its
 * manifest being refused. Nothing is guessed from the names or the columns of tables.
 */
record SliceExport(String runId, String slices, String coverage, String alerts) {
  private static final String SLICES = "slices";
  private static final String COVERAGE = "coverage";
  private static final String ALERTS = "alerts_copy";

  SliceExport {
    requireNonNull(runId, "runId");
    requireNonNull(slices, SLICES);
    requireNonNull(coverage, COVERAGE);
    requireNonNull(alerts, ALERTS);
  }

  /** The export that a run is of, if it is of one. */
  static Optional<SliceExport> of(RunManifest manifest) {
    Map<String, String> inputs = manifest.inputs();
    if (!inputs.keySet().containsAll(List.of(SLICES, COVERAGE, ALERTS))) {
      return Optional.empty();
    }
    return Optional.of(
        new SliceExport(
            manifest.runId(), inputs.get(SLICES), inputs.get(COVERAGE), inputs.get(ALERTS)));
  }

  List<String> tables() {
    return List.of(slices, coverage, alerts);
  }

  @Override
  public String toString() {
    return String.join(", ", tables());
  }

  /**
   * What the export was asked for, from the manifest of its slices.
   *
   * @param intervalSeconds the length of a candle
   * @param pre candles before an alert's own
   * @param post candles behind it
   * @param strict whether alerts need the next two to be kept
   * @param minRequiredPre slots with a candle before the alert's own
   * @param targetTotal slots with a candle
   */
  record Options(
      long intervalSeconds,
      long pre,
      long post,
      boolean strict,
      long minRequiredPre,
      long targetTotal) {

    static Options of(RunManifest slices) throws SQLException {
      Map<String, String> inputs = slices.inputs();
      return new Options(
          number(inputs, "interval_s", 1),
          number(inputs, "pre", 0),
          number(inputs, "post", 0),
          Boolean.parseBoolean(inputs.get("strict")),
          number(inputs, "min_required_pre", Integer.MIN_VALUE),
          number(inputs, "target_total", Integer.MIN_VALUE));
    }

    private static long number(Map<String, String> inputs, String name, int least)
        throws SQLException {
      try {
        int number = Integer.parseInt(String.valueOf(inputs.get(name)));
        if (number >= least) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new SQLException(
          "the manifest of the slices has " + inputs.get(name) + " for " + name, "XX001");
    }
  }
}
