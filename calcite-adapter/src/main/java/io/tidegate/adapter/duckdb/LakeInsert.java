package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunReport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One INSERT into the lake: rows are written into staging, verified, sealed and published as one
 * run.
 *
 * <p>An unpartitioned table is one COPY. A partitioned one is staged in a table in partition order
 * first, then copied one file a partition: DuckDB's own {@code PARTITION_BY} shuffles the rows
 * inside each file on more than one thread.
 */
record LakeInsert(LakeTable table, ArrowSource.EngineQuery rows) implements ArrowUpdate {

  private static final AtomicInteger STAGED = new AtomicInteger();

  /** Copies that run at once; more would only queue for the same cores. */
  private static final int COPIES = 2;

  @Override
  public long run(ArrowExecution execution) throws SQLException {
    try (RunDirectory run = table.stage()) {
      long count =
          definition().partitionedBy().isEmpty() ? copy(run, execution) : partition(run, execution);
      execution.checkCancelled();
      run.seal(
          RunReport.of(count, execution.sql(), Map.of("duckdb", engine().version()), Map.of()));
      run.publish();
      return count;
    }
  }

  private long copy(RunDirectory run, ArrowExecution execution) throws SQLException {
    Map<String, ArrowReader> inputs = execution.openInputs(rows);
    if (!definition().sortedBy().isEmpty()) {
      // Where the order comes from outside, so do the borders of its batches: not into the file.
      inputs.replaceAll((name, reader) -> new WholeVectors(reader, execution.allocator()));
    }
    try (DuckDbSession session = engine().session(inputs, execution)) {
      return session.update(copySql(rows.sql(), run.file()));
    }
  }

  private long partition(RunDirectory run, ArrowExecution execution) throws SQLException {
    String staged = DuckDbDialect.quote("memory") + ".main.staged_" + STAGED.incrementAndGet();
    try {
      try (DuckDbSession session = engine().session(execution.openInputs(rows), execution)) {
        session.update("CREATE TABLE " + staged + " AS " + rows.sql());
      }
      return copyPartitions(run, staged, execution);
    } finally {
      engine().execute("DROP TABLE IF EXISTS " + staged);
    }
  }

  private long copyPartitions(RunDirectory run, String staged, ArrowExecution execution)
      throws SQLException {
    List<String> keys =
        definition().partitionedBy().stream()
            .map(PartitionExpression::key)
            .map(key -> DuckDbDialect.quote("$" + key))
            .toList();
    String keyList = String.join(", ", keys);
    String columns =
        definition().columns().stream()
            .map(LakeColumn::name)
            .map(DuckDbDialect::quote)
            .collect(Collectors.joining(", "));
    List<List<Optional<String>>> partitions =
        engine()
            .rows(
                "SELECT DISTINCT "
                    + keys.stream()
                        .map(key -> "CAST(" + key + " AS VARCHAR)")
                        .collect(Collectors.joining(", "))
                    + " FROM "
                    + staged,
                row -> {
                  List<Optional<String>> values = new ArrayList<>();
                  for (int i = 1; i <= keys.size(); i++) {
                    values.add(Optional.ofNullable(row.getString(i)));
                  }
                  return values;
                });
    ExecutorService copies = Executors.newFixedThreadPool(COPIES);
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (List<Optional<String>> partition : partitions) {
        Path file = run.file(partition, 0);
        String query =
            "SELECT " + columns + " FROM " + staged + " WHERE " + matches(keys, partition);
        counts.add(
            copies.submit(
                () -> {
                  execution.checkCancelled();
                  try (DuckDbSession session = engine().session(Map.of(), execution)) {
                    return session.update(copySql(query, file));
                  }
                }));
      }
      long count = 0;
      for (Future<Long> done : counts) {
        count += done.get();
      }
      return count;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql
          ? sql
          : new SQLException(
              "Writing " + table.catalogName() + " failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Writing " + table.catalogName() + " was interrupted", "57014", e);
    } finally {
      copies.shutdownNow();
      awaitEnd(copies);
    }
  }

  /** No copy may still write when the staging directory is deleted. */
  private static void awaitEnd(ExecutorService copies) {
    boolean interrupted = false;
    while (!copies.isTerminated()) {
      try {
        copies.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String matches(List<String> keys, List<Optional<String>> partition) {
    List<String> tests = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Optional<String> value = partition.get(i);
      tests.add(
          value.isEmpty()
              ? keys.get(i) + " IS NULL"
              : keys.get(i) + " = " + new DuckDbDialect().string(value.get()));
    }
    return String.join(" AND ", tests);
  }

  private String copySql(String query, Path file) {
    return "COPY ("
        + query
        + ") TO "
        + new DuckDbDialect().string(file.toString())
        + " (FORMAT parquet, COMPRESSION "
        + (definition().codec().text().equals("none")
            ? "uncompressed"
            : definition().codec().text())
        + ")";
  }

  @Override
  public String explain() {
    String into =
        "Lake: a run of "
            + table.catalogName()
            + (definition().partitionedBy().isEmpty()
                ? ""
                : " partitioned by "
                    + definition().partitionedBy().stream()
                        .map(PartitionExpression::sql)
                        .collect(Collectors.joining(", ")))
            + "\n";
    return into + rows.explain().indent(2);
  }

  private LakeTableDefinition definition() {
    return table.definition();
  }

  private DuckDbEngine engine() {
    return table.engine();
  }
}
