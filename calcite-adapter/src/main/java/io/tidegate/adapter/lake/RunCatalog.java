package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sealed runs of one table, read from its directory.
 *
 * <p>Manifests never change, so each is parsed once and then known by its file's identity: a
 * statement costs one listing and one look at each manifest's attributes.
 */
final class RunCatalog {
  private record Identity(Object fileKey, FileTime modified, long bytes) {}

  private record Known(Identity identity, SealedRun run) {}

  private final String table;
  private final Path directory;
  private final LakeTableDefinition definition;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  RunCatalog(String table, Path directory, LakeTableDefinition definition) {
    this.table = table;
    this.directory = directory;
    this.definition = definition;
  }

  /** All sealed runs by id, the superseded ones too; a directory without a manifest is none. */
  List<SealedRun> sealed() throws LakeException {
    List<SealedRun> runs = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (Path entry : directories()) {
      Known run = read(entry);
      if (run != null) {
        runs.add(run.run);
        met.add(entry.getFileName().toString());
      }
    }
    known.keySet().retainAll(met);
    runs.sort(Comparator.comparing(SealedRun::runId));
    return runs;
  }

  /** All runs by id, those too whose manifest cannot be read. */
  List<RunState> states() throws LakeException {
    List<RunState> states = new ArrayList<>();
    List<SealedRun> sealed = new ArrayList<>();
    for (Path entry : directories()) {
      try {
        Known run = read(entry);
        if (run != null) {
          sealed.add(run.run);
        } else {
          states.add(
              RunState.damaged(
                  SealedRun.runId(entry),
                  "it has no " + RunManifest.NAME + ", so that statements do not see it"));
        }
      } catch (LakeException e) {
        states.add(RunState.damaged(SealedRun.runId(entry), e.getMessage()));
      }
    }
    Map<String, String> successors = new HashMap<>();
    for (SealedRun run : sealed) {
      run.manifest().supersedes().forEach(older -> successors.put(older.runId(), run.runId()));
    }
    for (SealedRun run : sealed) {
      states.add(RunState.of(run.manifest(), Optional.ofNullable(successors.get(run.runId()))));
    }
    states.sort(Comparator.comparing(RunState::runId));
    return states;
  }

  private List<Path> directories() throws LakeException {
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, SealedRun.DIRECTORY_PREFIX + "*")) {
      entries.forEach(directories::add);
      return directories;
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw LakeException.noSuchTable("There is no lake table " + table);
    } catch (DirectoryIteratorException e) {
      throw LakeException.io("Cannot list the runs of lake table " + table, e.getCause());
    } catch (IOException e) {
      throw LakeException.io("Cannot list the runs of lake table " + table, e);
    }
  }

  /** The sealed runs that no sealed run supersedes. */
  static List<SealedRun> live(List<SealedRun> sealed) {
    Set<String> superseded = new HashSet<>();
    for (SealedRun run : sealed) {
      run.manifest().supersedes().forEach(other -> superseded.add(other.runId()));
    }
    return sealed.stream().filter(run -> !superseded.contains(run.runId())).toList();
  }

  private Known read(Path runDirectory) throws LakeException {
    String name = runDirectory.getFileName().toString();
    String where = "lake table " + table + ", run " + SealedRun.runId(runDirectory);
    Path file = runDirectory.resolve(RunManifest.NAME);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Identity identity =
          new Identity(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
      Known before = known.get(name);
      if (before != null && before.identity.equals(identity)) {
        return before;
      }
      RunManifest manifest =
          RunManifest.read(Files.readAllBytes(file), where + ", file " + RunManifest.NAME);
      Known now = new Known(identity, SealedRun.of(runDirectory, manifest, definition, where));
      known.put(name, now);
      return now;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw LakeException.io("Cannot read the manifest of " + where, e);
    }
  }
}
