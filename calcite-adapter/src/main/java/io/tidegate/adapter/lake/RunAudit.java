package io.tidegate.adapter.lake;

import io.tidegate.adapter.lake.RunFinding.Check;
import io.tidegate.adapter.lake.RunFinding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A look at a published run: whether it still is what was sealed.
 *
 * <p>This part needs no engine: manifest, files, hashes, footers. What the rows say (their order,
 * their partition) is for an engine, which gets {@link #readableFiles} and adds its {@link
 * #faults}. The run stays where it is until the audit is closed.
 */
public final class RunAudit implements AutoCloseable {

  /** As many as hash at the rate of a disk; more would only make its head move. */
  private static final int THREADS = 2;

  private final TableDirectory table;
  private final TableHold hold;
  private final Path directory;
  private final String runId;
  private List<LakeFile> readable = List.of();

  RunAudit(TableDirectory table, TableHold hold, Path directory, String runId) {
    this.table = table;
    this.hold = hold;
    this.directory = directory;
    this.runId = runId;
  }

  public TableDirectory table() {
    return table;
  }

  /** A fault of a file, or of the run as a whole. */
  public record Fault(Optional<String> file, String detail) {
    public static Fault of(String file, String detail) {
      return new Fault(Optional.of(file), detail);
    }
  }

  /** The findings of one check: its faults, or that it passed. */
  public List<RunFinding> findings(
      Check check, List<Fault> faults, String passedDetail, Duration elapsed) {
    if (faults.isEmpty()) {
      return List.of(finding(check, Verdict.PASSED, Optional.empty(), passedDetail, elapsed));
    }
    return faults.stream()
        .map(fault -> finding(check, Verdict.FAILED, fault.file(), fault.detail(), elapsed))
        .toList();
  }

  /** The finding of a check that has nothing to look at in this run. */
  public RunFinding notApplicable(Check check, String why) {
    return finding(
        check, Verdict.NOT_APPLICABLE, Optional.empty(), "not applicable: " + why, Duration.ZERO);
  }

  private RunFinding finding(
      Check check, Verdict verdict, Optional<String> file, String detail, Duration elapsed) {
    return new RunFinding(table.name(), runId, check, verdict, file, detail, elapsed);
  }

  public String runId() {
    return runId;
  }

  /** The manifest; an error if it cannot be read. */
  public RunManifest manifest() throws LakeException {
    return read().manifest();
  }

  /** The files of the manifest, each seen to be there with its size; an error if one is not. */
  public List<LakeFile> sealedFiles() throws LakeException {
    List<LakeFile> files = read().files();
    for (LakeFile file : files) {
      file.checkPresent(table.name());
    }
    return files;
  }

  /** The files that are there and have a readable footer; known when {@link #run} has ended. */
  public List<LakeFile> readableFiles() {
    return readable;
  }

  /** Ends the work by an exception when somebody wants it ended. */
  @FunctionalInterface
  public interface Stop {
    void check() throws SQLException;
  }

  /** Looks at all that can be seen without reading rows; asks before each file whether to go on. */
  public List<RunFinding> run(Stop stop) throws SQLException {
    long start = System.nanoTime();
    SealedRun run;
    try {
      run = read();
    } catch (LakeException e) {
      return findings(
          Check.MANIFEST, List.of(Fault.of(RunManifest.NAME, e.getMessage())), "", since(start));
    }
    List<RunFinding> findings = new ArrayList<>();
    findings.addAll(
        findings(Check.MANIFEST, List.of(), "sealed " + run.manifest().createdAt(), since(start)));
    findings.addAll(files(run));
    List<LakeFile> present = run.files().stream().filter(RunAudit::isFile).toList();
    findings.addAll(hashes(present, stop));
    findings.addAll(footers(run, present, stop));
    return findings;
  }

  private SealedRun read() throws LakeException {
    String where = "lake table " + table.name() + ", run " + runId;
    Path file = directory.resolve(RunManifest.NAME);
    try {
      RunManifest manifest =
          RunManifest.read(Files.readAllBytes(file), where + ", file " + RunManifest.NAME);
      return SealedRun.of(directory, manifest, table.definition(), where);
    } catch (IOException e) {
      throw LakeException.io("Cannot read the manifest of " + where, e);
    }
  }

  private static boolean isFile(LakeFile file) {
    return Files.isRegularFile(file.path(), LinkOption.NOFOLLOW_LINKS);
  }

  private List<RunFinding> files(SealedRun run) throws LakeException {
    long start = System.nanoTime();
    List<Fault> faults = new ArrayList<>();
    try {
      Set<String> extra = new TreeSet<>(DurableFiles.relativePaths(directory));
      extra.remove(RunManifest.NAME);
      for (LakeFile file : run.files()) {
        extra.remove(file.name());
        if (!isFile(file)) {
          faults.add(Fault.of(file.name(), "is missing although the manifest names it"));
        } else if (Files.size(file.path()) != file.bytes()) {
          faults.add(
              Fault.of(
                  file.name(),
                  "has " + Files.size(file.path()) + " bytes but was sealed with " + file.bytes()));
        }
      }
      extra.forEach(
          name -> faults.add(Fault.of(name, "is there but the manifest has no such file")));
    } catch (IOException e) {
      throw LakeException.io("Cannot list run " + runId + " of lake table " + table.name(), e);
    }
    faults.sort(Comparator.comparing(fault -> fault.file().orElse("")));
    return findings(
        Check.FILES,
        faults,
        amount(run.files().size(), "file") + ", " + amount(run.manifest().bytes(), "byte"),
        since(start));
  }

  private List<RunFinding> hashes(List<LakeFile> present, Stop stop) throws SQLException {
    long start = System.nanoTime();
    List<Fault> faults = new ArrayList<>();
    long bytes = 0;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<String>> hashes = new ArrayList<>();
      for (LakeFile file : present) {
        hashes.add(threads.submit(() -> DurableFiles.sha256(file.path())));
      }
      for (int i = 0; i < present.size(); i++) {
        stop.check();
        LakeFile file = present.get(i);
        bytes += file.bytes();
        try {
          String met = hashes.get(i).get();
          if (!met.equals(file.sha256())) {
            faults.add(
                Fault.of(
                    file.name(), "has sha256 " + met + " but was sealed with " + file.sha256()));
          }
        } catch (ExecutionException e) {
          faults.add(Fault.of(file.name(), "cannot be read: " + e.getCause()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakeException.io("Verifying run " + runId, new IOException("interrupted", e));
    } finally {
      threads.shutdownNow();
    }
    return findings(Check.SHA256, faults, amount(bytes, "byte") + " hashed", since(start));
  }

  /** Rows, schema and bounds: one look at each footer. */
  private List<RunFinding> footers(SealedRun run, List<LakeFile> present, Stop stop)
      throws SQLException {
    Map<Check, List<Fault>> faults = new EnumMap<>(Check.class);
    Map<Check, Duration> elapsed = new EnumMap<>(Check.class);
    for (Check check : List.of(Check.ROWS, Check.SCHEMA, Check.BOUNDS)) {
      faults.put(check, new ArrayList<>());
      elapsed.put(check, Duration.ZERO);
    }
    List<LakeFile> whole = new ArrayList<>();
    long rows = 0;
    for (LakeFile file : present) {
      stop.check();
      long start = System.nanoTime();
      Optional<ParquetFooter> footer = footer(file, faults.get(Check.ROWS));
      elapsed.merge(Check.ROWS, since(start), Duration::plus);
      if (footer.isEmpty()) {
        continue;
      }
      rows += footer.get().rows();
      start = System.nanoTime();
      Optional<String> schema = schemaFault(footer.get());
      elapsed.merge(Check.SCHEMA, since(start), Duration::plus);
      if (schema.isPresent()) {
        faults.get(Check.SCHEMA).add(Fault.of(file.name(), schema.get()));
        continue;
      }
      whole.add(file);
      start = System.nanoTime();
      boundsFault(file, footer.get())
          .ifPresent(fault -> faults.get(Check.BOUNDS).add(Fault.of(file.name(), fault)));
      elapsed.merge(Check.BOUNDS, since(start), Duration::plus);
    }
    if (rows != run.manifest().rows()) {
      faults
          .get(Check.ROWS)
          .add(
              new Fault(
                  Optional.empty(),
                  "the files hold "
                      + rows
                      + " rows but the manifest has "
                      + run.manifest().rows()));
    }
    readable = List.copyOf(whole);
    List<RunFinding> findings = new ArrayList<>();
    faults.forEach(
        (check, met) ->
            findings.addAll(findings(check, met, passed(check, run), elapsed.get(check))));
    return findings;
  }

  private String passed(Check check, SealedRun run) {
    return switch (check) {
      case ROWS -> amount(run.manifest().rows(), "row");
      default -> amount(table.definition().columns().size(), "column");
    };
  }

  private static Optional<ParquetFooter> footer(LakeFile file, List<Fault> faults) {
    try {
      ParquetFooter footer = ParquetFooter.read(file.path());
      if (footer.rows() != file.rows()) {
        faults.add(
            Fault.of(
                file.name(), "has " + footer.rows() + " rows but was sealed with " + file.rows()));
      }
      return Optional.of(footer);
    } catch (LakeException e) {
      faults.add(Fault.of(file.name(), e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> schemaFault(ParquetFooter footer) {
    try {
      footer.check(table.definition());
      return Optional.empty();
    } catch (LakeException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Bounds that the manifest does not have, as those of an older version, are not compared. */
  private Optional<String> boundsFault(LakeFile file, ParquetFooter footer) {
    Map<String, RunManifest.Bounds> met = new HashMap<>();
    footer.columnBounds(table.definition()).forEach(bounds -> met.put(bounds.column(), bounds));
    for (RunManifest.Bounds sealed : file.sealedBounds()) {
      RunManifest.Bounds now = met.get(sealed.column());
      if (!sealed.equals(sealed.distinct() < 0 ? now.withoutDistinct() : now)) {
        return Optional.of("has " + now + " but was sealed with " + sealed);
      }
    }
    return Optional.empty();
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static String amount(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  @Override
  public void close() {
    hold.close();
  }
}
