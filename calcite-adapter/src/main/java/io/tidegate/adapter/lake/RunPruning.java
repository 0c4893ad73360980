package io.tidegate.adapter.lake;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which live runs of a table go: those behind the newest {@code keep} and sealed before {@code
 * before}; with both given, those that are both.
 *
 * <p>A run goes by one rename, oldest first, so that a process that is killed in the middle leaves
 * whole runs, and the newest of them. A run that somebody reads stays, and so does one that
 * replaced a run which still lies there: that one would be live again.
 */
public record RunPruning(OptionalLong keep, Optional<Instant> before) {
  private static final Comparator<RunManifest> OLDEST_FIRST =
      Comparator.comparing(RunPruning::createdAt).thenComparing(RunManifest::runId);

  public RunPruning {
    if (keep.isEmpty() && before.isEmpty()) {
      throw new IllegalArgumentException("a pruning needs a number of runs to keep or a time");
    }
    if (keep.isPresent() && keep.getAsLong() < 0) {
      throw new IllegalArgumentException("cannot keep " + keep.getAsLong() + " runs");
    }
  }

  /** What was done with a run. */
  public enum Outcome {
    REMOVED,
    /** It would be removed; this was a dry run. */
    TO_REMOVE,
    /** A statement reads it, or what it replaced; another pruning will take it. */
    IN_USE;

    /** The words for it in SQL. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** A run that was to go. */
  public record Pruned(RunManifest run, Outcome outcome) {}

  private static Instant createdAt(RunManifest run) {
    return Instant.parse(run.createdAt());
  }

  /** Removes runs into {@code staging}'s trash, or none if it is null; the caller has the mutex. */
  List<Pruned> run(TableDirectory table, StagingArea staging) throws IOException, LakeException {
    if (staging != null) {
      table.discardSuperseded(staging);
    }
    List<SealedRun> sealed = table.runs().sealed();
    List<SealedRun> live = new ArrayList<>(RunCatalog.live(sealed));
    live.sort(Comparator.comparing(SealedRun::manifest, OLDEST_FIRST));
    Set<String> superseded = new HashSet<>();
    sealed.forEach(run -> superseded.add(run.runId()));
    live.forEach(run -> superseded.remove(run.runId()));
    List<Pruned> pruned = new ArrayList<>();
    long kept = keep.isPresent() ? Math.min(live.size(), keep.getAsLong()) : 0;
    for (SealedRun run : live.subList(0, live.size() - (int) kept)) {
      if (before.isEmpty() || createdAt(run.manifest()).isBefore(before.get())) {
        pruned.add(new Pruned(run.manifest(), remove(run, superseded, table, staging)));
      }
    }
    return pruned;
  }

  private static Outcome remove(
      SealedRun run, Set<String> superseded, TableDirectory table, StagingArea staging)
      throws IOException {
    if (staging == null) {
      return Outcome.TO_REMOVE;
    }
    boolean gone =
        superseded.stream().noneMatch(run::supersedes) && table.discardUnread(run, staging);
    return gone ? Outcome.REMOVED : Outcome.IN_USE;
  }
}
