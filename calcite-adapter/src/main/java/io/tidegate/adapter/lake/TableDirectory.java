package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** One table of the lake: its definition, its runs, and the place to stage a new one. */
public final class TableDirectory {
  private final Lake lake;
  private final String name;
  private final Path path;
  private final LakeTableDefinition definition;
  private final RunCatalog runs;
  private final TableLeases leases;

  /** Whether this JVM has looked for superseded runs that a killed process could not remove. */
  private final AtomicBoolean leftoversMet = new AtomicBoolean();

  TableDirectory(
      Lake lake, String name, Path path, LakeTableDefinition definition, TableLeases leases) {
    this.lake = lake;
    this.name = name;
    this.path = path;
    this.definition = definition;
    this.runs = new RunCatalog(name, path, definition);
    this.leases = leases;
  }

  public String name() {
    return name;
  }

  public Path path() {
    return path;
  }

  public LakeTableDefinition definition() {
    return definition;
  }

  RunCatalog runs() {
    return runs;
  }

  /** Stages a run under a new id. */
  public RunDirectory stage() throws LakeException {
    return stage(LakeNames.newRunId());
  }

  /** Stages a run under the given id; whether it is there already shows when it is published. */
  public RunDirectory stage(String runId) throws LakeException {
    return lake.stage(this, LakeNames.checkRunId(runId));
  }

  /** The sealed run of that id, live or superseded, if it is there. */
  public Optional<RunManifest> sealedRun(String runId) throws LakeException {
    LakeNames.checkRunId(runId);
    return runs.sealed().stream()
        .filter(run -> run.runId().equals(runId))
        .map(SealedRun::manifest)
        .findFirst();
  }

  /** Resolves what a statement reads. The lease comes first, so what is listed stays. */
  public LiveRuns liveRuns() throws LakeException {
    TableLeases.Lease lease;
    try {
      lease = leases.acquire();
    } catch (IOException e) {
      throw LakeException.io("Cannot read lake table " + name, e);
    }
    try {
      lake.checkCurrent(this);
      List<SealedRun> sealed = runs.sealed();
      List<SealedRun> live = RunCatalog.live(sealed);
      lease.narrow(live.stream().map(SealedRun::runId).collect(Collectors.toSet()));
      boolean leftovers = live.size() < sealed.size() && leftoversMet.compareAndSet(false, true);
      return new LiveRuns(this, lease, live, leftovers);
    } catch (LakeException | RuntimeException e) {
      try {
        lease.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** Removes superseded runs, or the table if it was dropped, as far as nobody reads them. */
  void removeUnread() throws IOException, LakeException {
    try {
      lake.removeUnread(name);
    } catch (IOException | LakeException e) {
      leases.removalFailed();
      throw e;
    }
  }

  /**
   * Discards superseded runs that no lease covers; the caller holds the mutex.
   *
   * <p>A run goes only after all that it superseded: without it they would be live again. Each
   * round is forced to the disk before the next for the same reason.
   */
  boolean discardSuperseded(StagingArea staging) throws IOException, LakeException {
    List<SealedRun> sealed = runs.sealed();
    Set<String> live =
        RunCatalog.live(sealed).stream().map(SealedRun::runId).collect(Collectors.toSet());
    Set<String> present = sealed.stream().map(SealedRun::runId).collect(Collectors.toSet());
    boolean any = false;
    boolean more = true;
    while (more) {
      more = false;
      Set<String> before = new HashSet<>(present);
      for (SealedRun run : sealed) {
        if (before.contains(run.runId())
            && !live.contains(run.runId())
            && before.stream().noneMatch(run::supersedes)
            && leases.ifRunUnread(run.runId(), () -> staging.discard(run.directory()))) {
          present.remove(run.runId());
          more = true;
        }
      }
      if (more) {
        DurableFiles.force(path);
        any = true;
      }
    }
    return any;
  }
}
