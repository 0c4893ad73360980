package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lake of Parquet tables in one directory. Several processes may open the same one at once.
 *
 * <p>Thread-safe, and holds nothing that would have to be closed: what is in use is held by {@link
 * RunDirectory} and {@link LiveRuns}.
 */
public final class Lake {
  private static final Logger LOG = LoggerFactory.getLogger(Lake.class);

  /** What a dropped table's definition is called while somebody still reads the table. */
  private static final String DROPPED = "_dropped.json";

  private final Path root;
  private final boolean lasting;
  private final RootMutex mutex;
  private final StagingArea staging;
  private final Map<String, Known> tables = new ConcurrentHashMap<>();

  /** A table and the definition file that it was made from, byte for byte. */
  private record Known(byte[] json, TableDirectory table) {}

  private Lake(Path root, boolean lasting) {
    this.root = root;
    this.lasting = lasting;
    this.mutex = RootMutex.of(root.resolve(".lock"));
    this.staging = new StagingArea(root, mutex);
  }

  /**
   * Opens a lake, creating the root where there is none, and removes what killed processes left:
   * dead staging and dropped tables. Superseded runs go when their table is read.
   */
  public static Lake open(Path root) throws LakeException {
    return open(root, true);
  }

  /** Opens a lake that need not outlive this process, so no file of its waits for the disk. */
  static Lake openShortLived(Path root) throws LakeException {
    return open(root, false);
  }

  private static Lake open(Path root, boolean lasting) throws LakeException {
    try {
      Files.createDirectories(root);
      Lake lake = new Lake(root.toRealPath(), lasting);
      lake.staging.createDirectories();
      Files.createDirectories(lake.root.resolve(".leases"));
      // Taking the mutex writes into the root, so a read-only one is found out here.
      lake.mutex.hold(() -> null);
      lake.staging.sweep();
      for (String name : lake.directories()) {
        if (Files.exists(lake.root.resolve(name).resolve(DROPPED))) {
          lake.removeUnread(name);
        }
      }
      return lake;
    } catch (IOException e) {
      throw LakeException.io("Cannot open the lake at " + root + " for writing", e);
    }
  }

  public Path root() {
    return root;
  }

  /** Whether what was published must be there after a power cut. */
  boolean isLasting() {
    return lasting;
  }

  StagingArea staging() {
    return staging;
  }

  /** The names of all tables, sorted. */
  public List<String> tableNames() throws LakeException {
    try {
      return directories().stream()
          .filter(name -> Files.exists(root.resolve(name).resolve(DefinitionFile.NAME)))
          .toList();
    } catch (IOException e) {
      throw LakeException.io("Cannot list the tables of the lake at " + root, e);
    }
  }

  private List<String> directories() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && Files.isDirectory(entry)) {
          names.add(name);
        }
      }
    }
    names.sort(String::compareTo);
    return names;
  }

  /** A table by name, exactly or else without case; empty when there is none. */
  public Optional<TableDirectory> table(String name) throws LakeException {
    Optional<TableDirectory> exact = read(name);
    if (exact.isPresent()) {
      return exact;
    }
    Optional<String> other =
        tableNames().stream().filter(candidate -> candidate.equalsIgnoreCase(name)).findFirst();
    return other.isPresent() ? read(other.get()) : Optional.empty();
  }

  /** Reads the definition again each time; the object stays the same while the definition does. */
  private Optional<TableDirectory> read(String name) throws LakeException {
    Optional<byte[]> json = definitionBytes(name);
    if (json.isEmpty()) {
      tables.remove(name);
      return Optional.empty();
    }
    Known known = tables.get(name);
    if (known == null || !Arrays.equals(known.json, json.get())) {
      LakeTableDefinition definition =
          DefinitionFile.read(json.get(), "lake table " + name + ", file " + DefinitionFile.NAME);
      known = new Known(json.get(), directory(name, definition));
      tables.put(name, known);
    }
    return Optional.of(known.table);
  }

  private Optional<byte[]> definitionBytes(String name) throws LakeException {
    if (name.isEmpty() || name.startsWith(".") || name.contains("/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(root.resolve(name).resolve(DefinitionFile.NAME)));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      // Linux tells a path through a file by a FileSystemException of no own class.
      if (!Files.isDirectory(root.resolve(name))) {
        return Optional.empty();
      }
      throw LakeException.io("Cannot read the definition of lake table " + name, e);
    }
  }

  private TableDirectory directory(String name, LakeTableDefinition definition) {
    return new TableDirectory(this, name, root.resolve(name), definition, leases(name));
  }

  private TableLeases leases(String name) {
    return TableLeases.of(root.resolve(".leases").resolve(name + ".lock"));
  }

  /** Refuses to go on with a table that was dropped, or dropped and created anew, meanwhile. */
  void checkCurrent(TableDirectory table) throws LakeException {
    Optional<TableDirectory> now = read(table.name());
    if (now.isEmpty() || !now.get().definition().equals(table.definition())) {
      throw LakeException.noSuchTable(
          "lake table " + table.name() + " was dropped" + (now.isEmpty() ? "" : " and made anew"));
    }
  }

  /** Creates an empty table. */
  public TableDirectory create(String name, LakeTableDefinition definition) throws LakeException {
    checkDefinition(name, definition);
    try (StagingArea.Claim claim = staging.claim(name)) {
      DurableFiles.writeAtomically(
          claim.directory().resolve(DefinitionFile.NAME), DefinitionFile.write(definition));
      mutex.hold(() -> moveTable(claim.directory(), name));
    } catch (IOException e) {
      throw LakeException.io("Cannot create lake table " + name, e);
    }
    return read(name).orElseThrow(() -> goneAgain(name));
  }

  /**
   * Stages the first run of a table that is created when the run is published, by the same rename:
   * CREATE TABLE AS SELECT leaves nothing when it fails.
   */
  public RunDirectory stageNewTable(String name, LakeTableDefinition definition)
      throws LakeException {
    checkDefinition(name, definition);
    checkFree(name);
    RunDirectory run = stage(directory(name, definition), true, LakeNames.newRunId());
    try {
      DurableFiles.writeAtomically(
          run.claimed().resolve(DefinitionFile.NAME), DefinitionFile.write(definition));
      return run;
    } catch (IOException e) {
      run.close();
      throw LakeException.io("Cannot create lake table " + name, e);
    }
  }

  RunDirectory stage(TableDirectory table, String runId) throws LakeException {
    checkCurrent(table);
    return stage(table, false, runId);
  }

  private RunDirectory stage(TableDirectory table, boolean createsTable, String runId)
      throws LakeException {
    try {
      StagingArea.Claim claim = staging.claim(runId);
      RunDirectory run = new RunDirectory(this, table, createsTable, runId, claim);
      try {
        Files.createDirectory(run.content());
      } catch (IOException e) {
        claim.close();
        throw e;
      }
      return run;
    } catch (IOException e) {
      throw LakeException.io("Cannot stage run " + runId + " of lake table " + table.name(), e);
    }
  }

  private static void checkDefinition(String name, LakeTableDefinition definition)
      throws LakeException {
    LakeNames.checkTable(name);
    try {
      definition.check();
    } catch (LakeException e) {
      throw LakeException.invalid("Cannot create lake table " + name + ": " + e.getMessage());
    }
  }

  private void checkFree(String name) throws LakeException {
    Optional<TableDirectory> taken = table(name);
    if (taken.isPresent()) {
      throw LakeException.alreadyExists(
          "Cannot create lake table " + name + ": " + taken.get().name() + " is there");
    }
  }

  private static LakeException goneAgain(String name) {
    return LakeException.noSuchTable("lake table " + name + " was dropped as soon as created");
  }

  /** Renames a prepared table directory into the root; the caller holds the mutex. */
  private Void moveTable(Path prepared, String name) throws IOException, LakeException {
    checkFree(name);
    if (!finishDrop(name)) {
      throw LakeException.conflict(
          "Cannot create lake table "
              + name
              + ": the one that was dropped is still being read; try again when that has ended");
    }
    try {
      Files.move(prepared, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (Files.exists(root.resolve(name))) {
        throw LakeException.alreadyExists(
            "Cannot create lake table "
                + name
                + ": "
                + root.resolve(name)
                + " is there but is no lake table; move it away");
      }
      throw e;
    }
    tables.remove(name);
    DurableFiles.forceVisible(root);
    return null;
  }

  /**
   * Drops a table: new statements no longer see it. Its files go when the last statement that reads
   * it ends.
   */
  public void drop(String name) throws LakeException {
    try {
      mutex.hold(
          () -> {
            Path directory = root.resolve(LakeNames.checkTable(name));
            if (!Files.exists(directory.resolve(DefinitionFile.NAME), LinkOption.NOFOLLOW_LINKS)) {
              throw LakeException.noSuchTable("There is no lake table " + name);
            }
            if (!leases(name).ifTableUnread(() -> staging.discard(directory))) {
              Files.move(
                  directory.resolve(DefinitionFile.NAME),
                  directory.resolve(DROPPED),
                  StandardCopyOption.ATOMIC_MOVE);
              DurableFiles.forceVisible(directory);
            }
            tables.remove(name);
            DurableFiles.forceVisible(root);
            return null;
          });
      staging.emptyTrash();
    } catch (IOException e) {
      throw LakeException.io("Cannot drop lake table " + name, e);
    }
  }

  /** Whether a table that was dropped while read is gone now; the caller holds the mutex. */
  private boolean finishDrop(String name) throws IOException {
    Path directory = root.resolve(name);
    if (!Files.exists(directory.resolve(DROPPED))
        || Files.exists(directory.resolve(DefinitionFile.NAME))) {
      return true;
    }
    return leases(name).ifTableUnread(() -> staging.discard(directory));
  }

  /**
   * Removes a table's superseded runs, or the whole of a dropped one, as far as nobody reads them.
   */
  void removeUnread(String name) throws IOException, LakeException {
    mutex.hold(
        () -> {
          if (!finishDrop(name)) {
            return null;
          }
          try {
            Optional<TableDirectory> table = read(name);
            if (table.isPresent()) {
              table.get().discardSuperseded(staging);
            }
          } catch (LakeException e) {
            // A damaged table is for the statement that names it, not for all that open the lake.
            LOG.warn("Nothing is removed from lake table {}", name, e);
          }
          return null;
        });
    staging.emptyTrash();
  }

  /** Removes live runs of a table, oldest first, each by one rename. */
  List<RunPruning.Pruned> prune(TableDirectory table, RunPruning pruning, boolean dryRun)
      throws IOException, LakeException {
    List<RunPruning.Pruned> pruned =
        mutex.hold(
            () -> {
              checkCurrent(table);
              return pruning.run(table, dryRun ? null : staging);
            });
    staging.emptyTrash();
    return pruned;
  }

  /** Publishes a sealed run; see {@link RunDirectory#publish}. */
  RunDirectory.Outcome publish(RunDirectory run) throws IOException, LakeException {
    TableDirectory table = run.table();
    if (run.createsTable()) {
      mutex.hold(() -> moveTable(run.claimed(), table.name()));
      return RunDirectory.Outcome.PUBLISHED;
    }
    RunDirectory.Outcome outcome =
        mutex.hold(
            () -> {
              checkCurrent(table);
              return new Publication(run).rename();
            });
    if (outcome == RunDirectory.Outcome.PUBLISHED) {
      forcePublished(run);
      if (!run.report().orElseThrow().supersedes().isEmpty()) {
        removeSuperseded(table);
      }
    }
    return outcome;
  }

  private static void forcePublished(RunDirectory run) throws LakeException {
    try {
      DurableFiles.forceVisible(run.table().path());
    } catch (IOException e) {
      throw LakeException.io(
          "Run "
              + run.runId()
              + " of lake table "
              + run.table().name()
              + " is published, but the disk did not confirm it; check the disk",
          e);
    }
  }

  /** The run is published, so what fails here must not look like a failure to publish. */
  private void removeSuperseded(TableDirectory table) {
    try {
      table.removeUnread();
    } catch (IOException | LakeException e) {
      LOG.warn("Superseded runs of lake table {} are left to the next start", table.name(), e);
    }
  }
}
