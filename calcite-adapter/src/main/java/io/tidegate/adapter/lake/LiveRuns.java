package io.tidegate.adapter.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one statement reads of a table: the live runs at one moment, resolved once and held in place
 * by a lease.
 *
 * <p>Close it when the statement's last row is read; until then its files stay where they are.
 */
public final class LiveRuns implements AutoCloseable {
  private final TableDirectory table;
  private final TableHold hold;
  private final List<SealedRun> runs;

  LiveRuns(TableDirectory table, TableHold hold, List<SealedRun> runs) {
    this.table = table;
    this.hold = hold;
    this.runs = runs;
  }

  /** The manifests, by run id. */
  public List<RunManifest> manifests() {
    return runs.stream().map(SealedRun::manifest).toList();
  }

  /** The rows of all live runs, for the planner and for counting without reading. */
  public long rows() {
    return runs.stream().mapToLong(run -> run.manifest().rows()).sum();
  }

  /**
   * The files that can hold a row that meets all constraints, by run id and path, each seen to be
   * there with the size it was sealed with.
   */
  public List<LakeFile> files(List<ColumnConstraint> constraints) throws LakeException {
    return matching(new FilePruning(table.definition(), constraints));
  }

  private List<LakeFile> matching(FilePruning pruning) throws LakeException {
    List<LakeFile> files = new ArrayList<>();
    for (SealedRun run : runs) {
      for (LakeFile file : run.files()) {
        if (pruning.mayMatch(file)) {
          file.checkPresent(table.name());
          files.add(file);
        }
      }
    }
    return files;
  }

  /**
   * The files that can hold a row that meets all constraints, if it is known of each that all of
   * its rows do; empty if that is not known. What a manifest says of them is then the answer.
   */
  public Optional<List<LakeFile>> wholeFiles(List<ColumnConstraint> constraints)
      throws LakeException {
    FilePruning pruning = new FilePruning(table.definition(), constraints);
    List<LakeFile> files = matching(pruning);
    return files.stream().allMatch(pruning::isWhole) ? Optional.of(files) : Optional.empty();
  }

  /** What the manifests tell a planner; of use after this is closed. */
  public LakeStatistics statistics() {
    return new LakeStatistics(
        table.definition(), runs.stream().flatMap(run -> run.files().stream()).toList());
  }

  /** How many files there are. */
  public int fileCount() {
    return runs.stream().mapToInt(run -> run.files().size()).sum();
  }

  /** All files. */
  public List<LakeFile> files() throws LakeException {
    return files(List.of());
  }

  /** Gives the lease back. */
  @Override
  public void close() {
    hold.close();
  }
}
