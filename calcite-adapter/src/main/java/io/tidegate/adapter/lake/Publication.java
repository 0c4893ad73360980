package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The moment in which a sealed run becomes visible: under the root's mutex it is held to what is
 * there, then renamed into its table.
 */
final class Publication {
  private final TableDirectory table;
  private final RunDirectory run;
  private final RunManifest manifest;

  Publication(RunDirectory run) {
    this.table = run.table();
    this.run = run;
    this.manifest = run.manifest().orElseThrow();
  }

  RunDirectory.Outcome rename() throws IOException, LakeException {
    List<SealedRun> sealed = table.runs().sealed();
    for (SealedRun other : sealed) {
      Optional<String> sameId = contentOfSameId(other);
      if (sameId.isPresent()) {
        return repeated(other, sameId.get());
      }
    }
    checkSupersededAreLive(sealed);
    Path target = table.path().resolve(SealedRun.directoryName(run.runId()));
    try {
      Files.move(run.content(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (Files.exists(target)) {
        throw conflict(target + " is there without a manifest; move it away");
      }
      throw e;
    }
    return RunDirectory.Outcome.PUBLISHED;
  }

  /** The content that stands, or stood before a compaction, under this run's id. */
  private Optional<String> contentOfSameId(SealedRun other) {
    if (other.runId().equals(run.runId())) {
      return Optional.of(other.manifest().contentSha256());
    }
    return other.manifest().supersedes().stream()
        .filter(older -> older.runId().equals(run.runId()))
        .map(RunManifest.Superseded::contentSha256)
        .findFirst();
  }

  private RunDirectory.Outcome repeated(SealedRun other, String content) throws LakeException {
    if (content.equals(manifest.contentSha256())) {
      return RunDirectory.Outcome.ALREADY_THERE;
    }
    throw conflict(
        (other.runId().equals(run.runId())
                ? "a run of this id with other content is there"
                : "run " + other.runId() + " superseded one of this id with other content")
            + " (content_sha256 "
            + content
            + ", this one has "
            + manifest.contentSha256()
            + ")");
  }

  /** Two compactions of the same runs would double their rows; the second one must not succeed. */
  private void checkSupersededAreLive(List<SealedRun> sealed) throws LakeException {
    Set<String> live =
        RunCatalog.live(sealed).stream().map(SealedRun::runId).collect(Collectors.toSet());
    for (String replaced : run.report().orElseThrow().supersedes()) {
      if (!live.contains(replaced)) {
        throw conflict("run " + replaced + " was superseded by another statement meanwhile");
      }
    }
  }

  private LakeException conflict(String met) {
    return LakeException.conflict(
        "Cannot publish run " + run.runId() + " of lake table " + table.name() + ": " + met);
  }
}
