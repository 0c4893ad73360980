package io.tidegate.adapter.lake;

import java.util.Locale;
import java.util.Optional;

/**
 * A run as it stands in its table.
 *
 * @param supersededBy the run that replaced it
 * @param manifest empty when it is damaged
 * @param damage why the manifest cannot be read
 */
public record RunState(
    String runId,
    State state,
    Optional<String> supersededBy,
    Optional<RunManifest> manifest,
    Optional<String> damage) {

  /** What a run is to its readers. */
  public enum State {
    /** Statements read it. */
    LIVE,
    /** Another run replaced it; it goes when its last reader has ended. */
    SUPERSEDED,
    /**
     * Its manifest is missing, so that it counts for nothing, or cannot be read, so that no
     * statement reads the table.
     */
    DAMAGED;

    /** The word for it in SQL. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static RunState of(RunManifest manifest, Optional<String> supersededBy) {
    return new RunState(
        manifest.runId(),
        supersededBy.isPresent() ? State.SUPERSEDED : State.LIVE,
        supersededBy,
        Optional.of(manifest),
        Optional.empty());
  }

  static RunState damaged(String runId, String damage) {
    return new RunState(
        runId, State.DAMAGED, Optional.empty(), Optional.empty(), Optional.of(damage));
  }
}
