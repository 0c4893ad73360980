package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.RunAudit;
import io.tidegate.adapter.lake.RunAudit.Fault;
import io.tidegate.adapter.lake.RunFinding;
import io.tidegate.adapter.lake.RunFinding.Check;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.TableDirectory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks, for each run that is verified, whether it is of an export of slices, and at each export
 * once, whichever of its tables came first: whether its coverage is what its slices give.
 */
final class ExportAudits {
  private final LakeRuns runs;
  private final DuckDbEngine engine;
  private final ArrowExecution execution;
  private final Set<SliceExport> done = new HashSet<>();

  ExportAudits(LakeRuns runs, DuckDbEngine engine, ArrowExecution execution) {
    this.runs = requireNonNull(runs, "runs");
    this.engine = requireNonNull(engine, "engine");
    this.execution = requireNonNull(execution, "execution");
  }

  List<RunFinding> check(RunAudit audit) throws SQLException {
    Optional<SliceExport> export;
    try {
      export = SliceExport.of(audit.manifest());
    } catch (LakeException e) {
      return List.of(audit.notApplicable(Check.COVERAGE, "the manifest cannot be read"));
    }
    if (export.isEmpty()) {
      return List.of(
          audit.notApplicable(
              Check.COVERAGE, "the manifest names no slices, coverage and alerts of an export"));
    }
    if (!export.get().tables().stream().anyMatch(name -> isNamed(audit, name))) {
      return faults(
          audit,
          "the manifest is that of an export to " + export.get() + ", and not to this table");
    }
    return done.add(export.get()) ? check(audit, export.get()) : List.of();
  }

  /** The run that has the rows since a compaction: sealed too, but not by the export. */
  private static Optional<String> successor(TableDirectory table, String runId)
      throws LakeException {
    if (table.hasRun(runId)) {
      return Optional.empty();
    }
    return table.runStates().stream()
        .flatMap(state -> state.manifest().stream())
        .filter(
            run -> run.supersedes().stream().anyMatch(replaced -> replaced.runId().equals(runId)))
        .map(RunManifest::runId)
        .findFirst();
  }

  private static boolean isNamed(RunAudit audit, String name) {
    return audit.table().name().equalsIgnoreCase(LakeRuns.withoutSchema(name));
  }

  private static List<RunFinding> faults(RunAudit audit, String detail) {
    return audit.findings(
        Check.COVERAGE, List.of(new Fault(Optional.empty(), detail)), "", Duration.ZERO);
  }

  private List<RunFinding> check(RunAudit met, SliceExport export) throws SQLException {
    long start = System.nanoTime();
    List<RunAudit> open = new ArrayList<>();
    RunAudit reporting = met;
    try {
      for (String name : export.tables()) {
        TableDirectory table = runs.table(name);
        Optional<String> successor = successor(table, export.runId());
        if (successor.isPresent()) {
          return List.of(
              met.notApplicable(
                  Check.COVERAGE,
                  "the run of lake table "
                      + table.name()
                      + " was brought together with others in run "
                      + successor.get()));
        }
        RunAudit audit = table.audit(export.runId());
        open.add(audit);
        Optional<SliceExport> named = SliceExport.of(audit.manifest());
        if (!named.equals(Optional.of(export))) {
          return faults(
              met,
              "lake table "
                  + audit.table().name()
                  + " has a run of this id that names "
                  + named.map(SliceExport::toString).orElse("no export")
                  + ", but this one names "
                  + export);
        }
      }
      RunManifest slices = open.get(0).manifest();
      reporting = open.get(1);
      List<Fault> faults =
          new CoverageRecomputation(
                  engine,
                  export,
                  SliceExport.Options.of(slices),
                  open.get(0),
                  open.get(1),
                  open.get(2))
              .faults(execution);
      return reporting.findings(
          Check.COVERAGE,
          faults,
          reporting.manifest().rows()
              + " alerts as the slices of "
              + open.get(0).table().name()
              + " give them",
          Duration.ofNanos(System.nanoTime() - start));
    } catch (SQLException e) {
      execution.checkCancelled();
      return faults(reporting, "cannot be recomputed: " + e.getMessage());
    } finally {
      open.forEach(RunAudit::close);
    }
  }
}
