package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.lake.RunAudit;
import io.tidegate.adapter.lake.RunAudit.Fault;
import io.tidegate.adapter.lake.RunFinding;
import io.tidegate.adapter.lake.RunFinding.Check;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * What the rows of a run say, read by DuckDB: whether each file is in the order of the sort key,
 * and whether its rows belong into its directory.
 *
 * <p>Two files are read at once. A file is compared row by row with the row before it, which DuckDB
 * does in one thread and without a sort; partitions are computed by the lake's own functions, not
 * by those that the writer's SQL called.
 */
final class RunContents {
  private static final int THREADS = 2;

  private final DuckDbEngine engine;
  private final RunAudit audit;
  private final LakeTableDefinition definition;
  private final ArrowExecution execution;

  RunContents(DuckDbEngine engine, RunAudit audit, ArrowExecution execution) {
    this.engine = requireNonNull(engine, "engine");
    this.audit = requireNonNull(audit, "audit");
    this.definition = audit.table().definition();
    this.execution = requireNonNull(execution, "execution");
  }

  /** A look at one file. */
  private interface FileCheck {
    List<Fault> faults(LakeFile file, DuckDbSession session) throws SQLException;
  }

  List<RunFinding> check() throws SQLException {
    List<RunFinding> findings = new ArrayList<>();
    if (!definition.sortedBy().isEmpty()) {
      findings.addAll(check(Check.ORDER, this::disorder, String.join(", ", definition.sortedBy())));
    }
    if (!definition.partitionedBy().isEmpty()) {
      String partitions =
          definition.partitionedBy().stream()
              .map(PartitionExpression::sql)
              .collect(Collectors.joining(", "));
      findings.addAll(check(Check.PARTITION, this::misfiled, partitions));
    }
    return findings;
  }

  private List<RunFinding> check(Check check, FileCheck fileCheck, String passed)
      throws SQLException {
    long start = System.nanoTime();
    List<Fault> faults = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<Fault>>> all = new ArrayList<>();
      for (LakeFile file : audit.readableFiles()) {
        all.add(threads.submit(() -> faults(file, fileCheck)));
      }
      for (Future<List<Fault>> one : all) {
        faults.addAll(one.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Verifying was interrupted", "57014", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
    execution.checkCancelled();
    return audit.findings(check, faults, passed, Duration.ofNanos(System.nanoTime() - start));
  }

  private List<Fault> faults(LakeFile file, FileCheck fileCheck) throws SQLException {
    execution.checkCancelled();
    try (DuckDbSession session = engine.session(Map.of(), execution)) {
      return fileCheck.faults(file, session);
    } catch (SQLException e) {
      execution.checkCancelled();
      return List.of(Fault.of(file.name(), "cannot be read: " + e.getMessage()));
    }
  }

  /** How many rows of a file stand before one that they should follow, and which is the first. */
  private record Disorder(long rows, long firstRow, long notInFileOrder) {}

  private List<Fault> disorder(LakeFile file, DuckDbSession session) throws SQLException {
    Disorder met =
        session
            .rows(
                disorderSql(file),
                row -> new Disorder(row.getLong(1), row.getLong(2), row.getLong(3)))
            .get(0);
    if (met.notInFileOrder() > 0) {
      throw new IllegalStateException("DuckDB did not read " + file + " in the file's order");
    }
    return met.rows() == 0
        ? List.of()
        : List.of(
            Fault.of(
                file.name(),
                met.rows()
                    + (met.rows() == 1 ? " row is" : " rows are")
                    + " smaller than the one before; the first is row "
                    + met.firstRow()));
  }

  private String disorderSql(LakeFile file) {
    List<String> columns = new ArrayList<>();
    String before = "";
    for (int i = definition.sortedBy().size() - 1; i >= 0; i--) {
      String column = DuckDbDialect.quote(definition.sortedBy().get(i));
      columns.add(column + " AS k" + i + ", lag(" + column + ") OVER () AS p" + i);
      String smaller = "coalesce(k%1$d < p%1$d, k%1$d IS NOT NULL AND p%1$d IS NULL)".formatted(i);
      before =
          before.isEmpty()
              ? smaller
              : "(%s OR (k%d IS NOT DISTINCT FROM p%d AND %s))".formatted(smaller, i, i, before);
    }
    return "SELECT count(*) FILTER (n > 0 AND "
        + before
        + "), min(n) FILTER (n > 0 AND "
        + before
        + "), count(*) FILTER (n > 0 AND m IS DISTINCT FROM n - 1) FROM (SELECT"
        + " file_row_number AS n, lag(file_row_number) OVER () AS m, "
        + String.join(", ", columns)
        + " FROM "
        + rowsOf(file)
        + ")";
  }

  private static String rowsOf(LakeFile file) {
    return "read_parquet("
        + new DuckDbDialect().string(file.path().toString())
        + ", hive_partitioning = false, file_row_number = true)";
  }

  private List<Fault> misfiled(LakeFile file, DuckDbSession session) throws SQLException {
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      PartitionExpression expression = definition.partitionedBy().get(level);
      LakeColumn column = definition.column(expression.column()).orElseThrow();
      for (Optional<String> value :
          session.rows(
              valuesSql(file, expression, column), row -> Optional.ofNullable(row.getString(1)))) {
        if (!belongs(file, level, value)) {
          return List.of(
              Fault.of(
                  file.name(),
                  "holds a row with "
                      + column.name()
                      + " = "
                      + value.map(text -> "'" + text + "'").orElse("NULL")
                      + ", which belongs into another "
                      + expression.key()));
        }
      }
    }
    return List.of();
  }

  private static boolean belongs(LakeFile file, int level, Optional<String> value)
      throws SQLException {
    try {
      return file.accepts(level, value);
    } catch (LakeException e) {
      return false;
    }
  }

  /** Of a function that keeps the order the two ends speak for all values between them. */
  private static String valuesSql(
      LakeFile file, PartitionExpression expression, LakeColumn column) {
    String name = DuckDbDialect.quote(column.name());
    // A time with a zone has its offset in its text; in UTC it is the time without one.
    String value =
        column.type().kind() == LakeType.Kind.TIMESTAMP_UTC
            ? "CAST(" + name + " AS TIMESTAMP)"
            : name;
    String rows = " FROM " + rowsOf(file) + " WHERE file_row_number >= 0";
    if (!expression.monotone()) {
      return "SELECT DISTINCT CAST(" + value + " AS VARCHAR)" + rows;
    }
    return "SELECT CAST(v AS VARCHAR) FROM (SELECT unnest([min(x), max(x)]) AS v, count(x) AS n"
        + " FROM (SELECT "
        + value
        + " AS x"
        + rows
        + ")) WHERE n > 0 UNION ALL SELECT NULL WHERE EXISTS (SELECT 1"
        + rows
        + " AND "
        + name
        + " IS NULL)";
  }
}
