package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run being written: staged, sealed, published by one rename.
 *
 * <pre>{@code
 * try (RunDirectory run = table.stage()) {
 *   ... COPY to run.file(...) or below run.content() ...
 *   run.seal(RunReport.of(rows, statement, engines, inputs));
 *   run.publish();
 * }
 * }</pre>
 *
 * <p>Closing without publishing deletes everything. Files may be written by several threads, the
 * rest is for one.
 */
public final class RunDirectory implements AutoCloseable {

  /** What publishing did. */
  public enum Outcome {
    PUBLISHED,
    /** A run with this id and equal content was there before, so there is nothing to do. */
    ALREADY_THERE
  }

  private final Lake lake;
  private final TableDirectory table;
  private final boolean createsTable;
  private final String runId;
  private final StagingArea.Claim claim;
  private final Path content;
  private RunReport report;
  private RunManifest manifest;
  private boolean published;

  RunDirectory(
      Lake lake,
      TableDirectory table,
      boolean createsTable,
      String runId,
      StagingArea.Claim claim) {
    this.lake = lake;
    this.table = table;
    this.createsTable = createsTable;
    this.runId = runId;
    this.claim = claim;
    this.content = claim.directory().resolve(SealedRun.directoryName(runId));
  }

  public String runId() {
    return runId;
  }

  /** The directory that becomes the run: partition directories go directly below. */
  public Path content() {
    return content;
  }

  boolean createsTable() {
    return createsTable;
  }

  TableDirectory table() {
    return table;
  }

  Path claimed() {
    return claim.directory();
  }

  Optional<RunReport> report() {
    return Optional.ofNullable(report);
  }

  Optional<RunManifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  private String where() {
    return "lake table " + table.name() + ", run " + runId;
  }

  /**
   * Where to write a file of one partition; creates its directories.
   *
   * @param partition one text per partition expression, outermost first; empty for NULL
   * @param part 0 for the first file of the partition
   */
  public Path file(List<Optional<String>> partition, int part) throws LakeException {
    List<PartitionExpression> levels = table.definition().partitionedBy();
    if (partition.size() != levels.size() || part < 0) {
      throw new IllegalArgumentException(
          where() + " has " + levels.size() + " partition levels but was given " + partition);
    }
    Path directory = content;
    for (int level = 0; level < levels.size(); level++) {
      PartitionValue value = new PartitionValue(levels.get(level).key(), partition.get(level));
      directory = directory.resolve(value.directoryName());
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw LakeException.io("Cannot write " + where(), e);
    }
    return directory.resolve(String.format("part-%04d.parquet", part));
  }

  /** The only file of an unpartitioned table. */
  public Path file() throws LakeException {
    return file(List.of(), 0);
  }

  /**
   * Takes over a file that another engine wrote: its footer comes to say what those of the lake's
   * own files do, see {@link AdoptedFile}. Whether it is right is for {@link #seal} to verify.
   *
   * @param rows how many the engine says it wrote
   */
  public void adopt(Path file, long rows) throws LakeException {
    String what = where() + ", file " + content.relativize(file);
    if (!Files.exists(file)) {
      throw LakeException.corrupt(
          what
              + ": the engine that wrote it counted "
              + rows
              + " rows, but it is not there; do both see the same storage?");
    }
    try {
      AdoptedFile.adopt(file, table.definition());
    } catch (LakeException e) {
      throw LakeException.corrupt(what, e);
    } catch (IOException e) {
      throw LakeException.io(what + ": its footer cannot be rewritten", e);
    }
  }

  /**
   * Verifies all files against the definition, the footers and the writer's own count, forces them
   * to the disk and writes the manifest. Nothing may be written afterwards.
   */
  public RunManifest seal(RunReport writerReport) throws LakeException {
    if (manifest != null) {
      throw new IllegalStateException(where() + " is sealed already");
    }
    List<RunManifest.DataFile> files =
        new RunVerification(where(), content, table.definition()).verify(lake.isLasting());
    long rows = files.stream().mapToLong(RunManifest.DataFile::rows).sum();
    if (rows != writerReport.rows()) {
      throw LakeException.corrupt(
          where()
              + ": the writer counted "
              + writerReport.rows()
              + " rows but its files hold "
              + rows);
    }
    List<RunManifest.Column> schema = RunManifest.Column.of(table.definition());
    RunManifest sealed =
        new RunManifest(
            RunManifest.FORMAT_VERSION,
            table.name(),
            runId,
            Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
            writerReport.statement(),
            writerReport.engines(),
            writerReport.inputs(),
            superseded(writerReport),
            schema,
            rows,
            files.stream().mapToLong(RunManifest.DataFile::bytes).sum(),
            RunManifest.contentSha256(schema, files),
            files);
    try {
      DurableFiles.writeAtomically(content.resolve(RunManifest.NAME), sealed.toJson());
      if (lake.isLasting()) {
        DurableFiles.forceDirectories(claim.directory());
      }
    } catch (IOException e) {
      throw LakeException.io("Cannot seal " + where(), e);
    }
    report = writerReport;
    manifest = sealed;
    return sealed;
  }

  /**
   * The runs replaced, and those that they replaced: an old id given again must meet its successor
   * after those between are gone.
   */
  private List<RunManifest.Superseded> superseded(RunReport writerReport) throws LakeException {
    Map<String, String> replaced = new TreeMap<>();
    if (!writerReport.supersedes().isEmpty()) {
      List<String> missing = new ArrayList<>(writerReport.supersedes());
      for (SealedRun run : table.runs().sealed()) {
        if (missing.remove(run.runId())) {
          replaced.put(run.runId(), run.manifest().contentSha256());
          run.manifest()
              .supersedes()
              .forEach(older -> replaced.put(older.runId(), older.contentSha256()));
        }
      }
      if (!missing.isEmpty() || replaced.containsKey(runId)) {
        throw LakeException.conflict(
            where()
                + " cannot supersede "
                + (missing.isEmpty() ? "itself" : "run " + missing.get(0) + ": it is not there"));
      }
    }
    return replaced.entrySet().stream()
        .map(run -> new RunManifest.Superseded(run.getKey(), run.getValue()))
        .toList();
  }

  /**
   * Publishes the sealed run. After an error nothing of it is visible, as before; the one
   * exception, a disk that fails to confirm the rename, says so.
   */
  public Outcome publish() throws LakeException {
    if (manifest == null || published) {
      throw new IllegalStateException(where() + (published ? " was published" : " is not sealed"));
    }
    try {
      Outcome outcome = lake.publish(this);
      published = true;
      return outcome;
    } catch (IOException e) {
      throw LakeException.io("Cannot publish " + where(), e);
    }
  }

  /** Deletes what was not published. */
  @Override
  public void close() throws LakeException {
    try {
      claim.close();
    } catch (IOException e) {
      throw LakeException.io(
          "Cannot delete the staging directory of " + where() + "; the next start will", e);
    }
  }
}
