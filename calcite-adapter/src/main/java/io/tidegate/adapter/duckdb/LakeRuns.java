package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.HeldRun;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.RunAudit;
import io.tidegate.adapter.lake.RunFinding;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.RunPruning;
import io.tidegate.adapter.lake.RunState;
import io.tidegate.adapter.lake.TableDirectory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of, and done to, the runs of a lake. */
public final class LakeRuns {
  private static final String SCHEMA_PREFIX = "lake.";

  private final Lake lake;
  private final DuckDbEngine engine;

  public LakeRuns(Lake lake, DuckDbEngine engine) {
    this.lake = requireNonNull(lake, "lake");
    this.engine = requireNonNull(engine, "engine");
  }

  /** A table by its name, with or without {@code lake.} before it; an error if there is none. */
  public TableDirectory table(String name) throws SQLException {
    Optional<TableDirectory> table = lake.table(name);
    if (table.isEmpty()) {
      table = lake.table(withoutSchema(name));
    }
    return table.orElseThrow(
        () -> new SQLException("There is no lake table '" + name + "'", "42S02"));
  }

  /** The name without {@code lake.} before it. */
  static String withoutSchema(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(SCHEMA_PREFIX)
        ? name.substring(SCHEMA_PREFIX.length())
        : name;
  }

  private List<TableDirectory> tables() throws SQLException {
    List<TableDirectory> tables = new ArrayList<>();
    for (String name : lake.tableNames()) {
      lake.table(name).ifPresent(tables::add);
    }
    return tables;
  }

  /** The tables that have a run of that id: one, but for datasets that were written together. */
  private List<TableDirectory> tablesOf(String runId) throws SQLException {
    List<TableDirectory> found = new ArrayList<>();
    for (TableDirectory table : tables()) {
      if (table.hasRun(runId)) {
        found.add(table);
      }
    }
    if (found.isEmpty()) {
      throw new SQLException("There is no run '" + runId + "' in the lake", "42704");
    }
    return found;
  }

  /** All runs of all tables. */
  public Map<TableDirectory, List<RunState>> states() throws SQLException {
    Map<TableDirectory, List<RunState>> states = new LinkedHashMap<>();
    for (TableDirectory table : tables()) {
      states.put(table, table.runStates());
    }
    return states;
  }

  /**
   * Looks whether runs still are what was sealed: one run, in every table that has it; all runs of
   * a table; one run of a table; or, without both, everything.
   */
  public List<RunFinding> verify(
      Optional<String> tableName, Optional<String> runId, ArrowExecution execution)
      throws SQLException {
    List<TableDirectory> tables =
        tableName.isPresent()
            ? List.of(table(tableName.get()))
            : runId.isPresent() ? tablesOf(runId.get()) : tables();
    List<RunFinding> findings = new ArrayList<>();
    ExportAudits exports = new ExportAudits(this, engine, execution);
    for (TableDirectory table : tables) {
      List<String> runIds =
          runId.isPresent()
              ? List.of(runId.get())
              : table.runStates().stream().map(RunState::runId).toList();
      for (String id : runIds) {
        execution.checkCancelled();
        try (RunAudit audit = table.audit(id)) {
          findings.addAll(audit.run(execution::checkCancelled));
          findings.addAll(new RunContents(engine, audit, execution).check());
          findings.addAll(exports.check(audit));
        }
      }
    }
    return findings;
  }

  /**
   * A line of what a comparison came to.
   *
   * @param item {@code left}, {@code right}, {@code equal}, {@code only left}, {@code only right},
   *     {@code changed}, {@code changed column}, {@code schema}
   */
  public record Difference(String item, Optional<String> column, long rows, String detail) {}

  /** Compares two runs; where a table is not named the run must be in one table only. */
  public List<Difference> diff(
      Optional<String> leftTable,
      String leftRun,
      Optional<String> rightTable,
      String rightRun,
      ArrowExecution execution)
      throws SQLException {
    try (HeldRun left = hold(leftTable, leftRun);
        HeldRun right = hold(rightTable, rightRun)) {
      return new RunDifference(engine, left, right).run(execution);
    }
  }

  private HeldRun hold(Optional<String> tableName, String runId) throws SQLException {
    if (tableName.isPresent()) {
      return table(tableName.get()).hold(runId);
    }
    List<TableDirectory> tables = tablesOf(runId);
    if (tables.size() > 1) {
      throw new SQLException(
          "Run '"
              + runId
              + "' is in several tables: "
              + String.join(", ", tables.stream().map(TableDirectory::name).toList())
              + "; name one",
          "22023");
    }
    return tables.get(0).hold(runId);
  }

  /** Removes live runs of a table, or says which it would. */
  public List<RunPruning.Pruned> prune(String tableName, RunPruning pruning, boolean dryRun)
      throws SQLException {
    return table(tableName).prune(pruning, dryRun);
  }

  /**
   * What a compaction did.
   *
   * @param run the new run; empty when there was nothing to bring together
   * @param replaced the runs that it replaced
   */
  public record Compacted(Optional<RunManifest> run, List<RunManifest> replaced) {}

  /** Brings live runs of a table together in one, all or those with fewer bytes than given. */
  public Compacted compact(
      String tableName, OptionalLong smallerThanBytes, ArrowExecution execution)
      throws SQLException {
    return new RunCompaction(engine, table(tableName), smallerThanBytes).run(execution);
  }
}
