package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.Files;
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
    return held(
        hold -> {
          List<SealedRun> sealed = runs.sealed();
          List<SealedRun> live = RunCatalog.live(sealed);
          hold.lease().narrow(ids(live));
          if (live.size() < sealed.size() && leftoversMet.compareAndSet(false, true)) {
            hold.removeLeftovers();
          }
          return new LiveRuns(this, hold, live);
        });
  }

  /** Takes one sealed run, live or superseded, to be read; an error if it is not there. */
  public HeldRun hold(String runId) throws LakeException {
    LakeNames.checkRunId(runId);
    return held(
        hold -> {
          for (SealedRun run : runs.sealed()) {
            if (run.runId().equals(runId)) {
              hold.lease().narrow(Set.of(runId));
              return new HeldRun(this, hold, run);
            }
          }
          throw noSuchRun(runId);
        });
  }

  /** Begins to verify a run, whatever state it is in; an error if there is no such directory. */
  public RunAudit audit(String runId) throws LakeException {
    LakeNames.checkRunId(runId);
    return held(
        hold -> {
          Path directory = path.resolve(SealedRun.directoryName(runId));
          if (!Files.isDirectory(directory)) {
            throw noSuchRun(runId);
          }
          hold.lease().narrow(Set.of(runId));
          return new RunAudit(this, hold, directory, runId);
        });
  }

  private LakeException noSuchRun(String runId) {
    return LakeException.noSuchRun("There is no run " + runId + " in lake table " + name);
  }

  /** Whether there is a directory of that run, sealed or not. */
  public boolean hasRun(String runId) throws LakeException {
    return Files.isDirectory(path.resolve(SealedRun.directoryName(LakeNames.checkRunId(runId))));
  }

  /** All runs by id, as far as their manifests can be read; those that cannot be are damaged. */
  public List<RunState> runStates() throws LakeException {
    return runs.states();
  }

  /** What is done under a lease that it keeps. */
  private interface Resolution<T> {
    T resolve(TableHold hold) throws LakeException;
  }

  private <T> T held(Resolution<T> resolution) throws LakeException {
    TableHold hold;
    try {
      hold = new TableHold(this, leases.acquire());
    } catch (IOException e) {
      throw LakeException.io("Cannot read lake table " + name, e);
    }
    try {
      lake.checkCurrent(this);
      return resolution.resolve(hold);
    } catch (LakeException | RuntimeException e) {
      try {
        hold.lease().close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** Removes live runs; see {@link RunPruning}. */
  public List<RunPruning.Pruned> prune(RunPruning pruning, boolean dryRun) throws LakeException {
    try {
      return lake.prune(this, pruning, dryRun);
    } catch (IOException e) {
      throw LakeException.io("Cannot prune lake table " + name, e);
    }
  }

  /** Removes a run if no lease covers it; the caller holds the mutex. */
  boolean discardUnread(SealedRun run, StagingArea staging) throws IOException {
    boolean gone = leases.ifRunUnread(run.runId(), () -> staging.discard(run.directory()));
    if (gone) {
      DurableFiles.force(path);
    }
    return gone;
  }

  private static Set<String> ids(List<SealedRun> runs) {
    return runs.stream().map(SealedRun::runId).collect(Collectors.toSet());
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
    Set<String> live = ids(RunCatalog.live(sealed));
    Set<String> present = ids(sealed);
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
