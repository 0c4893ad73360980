package io.tidegate.adapter.lake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A published run: its directory, its manifest and its files, held to the table's definition. */
record SealedRun(Path directory, RunManifest manifest, List<LakeFile> files) {

  static final String DIRECTORY_PREFIX = LakeTableDefinition.RUN_KEY + "=";

  static String directoryName(String runId) {
    return DIRECTORY_PREFIX + runId;
  }

  /** The id of the run that lies, or should lie, in a directory. */
  static String runId(Path directory) {
    return directory.getFileName().toString().substring(DIRECTORY_PREFIX.length());
  }

  /** Reads a manifest; {@code where} names its table and run in errors. */
  static SealedRun of(
      Path directory, RunManifest manifest, LakeTableDefinition definition, String where)
      throws LakeException {
    if (!directory.getFileName().toString().equals(directoryName(manifest.runId()))) {
      throw LakeException.corrupt(where + ": its manifest is that of run " + manifest.runId());
    }
    List<RunManifest.Column> wanted = RunManifest.Column.of(definition);
    if (!manifest.schema().equals(wanted)) {
      throw LakeException.corrupt(
          where
              + ": was written with the columns "
              + manifest.schema()
              + " but the table has "
              + wanted);
    }
    List<LakeFile> files = new ArrayList<>(manifest.files().size());
    for (RunManifest.DataFile file : manifest.files()) {
      try {
        files.add(LakeFile.of(directory, manifest.runId(), file, definition));
      } catch (LakeException e) {
        throw LakeException.corrupt(where + ", file " + file.path(), e);
      }
    }
    return new SealedRun(directory, manifest, List.copyOf(files));
  }

  String runId() {
    return manifest.runId();
  }

  boolean supersedes(String runId) {
    return manifest.supersedes().stream().anyMatch(other -> other.runId().equals(runId));
  }
}
