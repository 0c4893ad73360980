package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.arrow.Threads;
import io.tidegate.adapter.lake.FileErrors;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes rows into files of their partitions, in the order in which they come.
 *
 * <p>First all rows are put aside by partition, then each file is one COPY: one for a partition, or
 * as many as a target size asks for. That keeps an order which a store has for nothing, where a
 * sort by partition would give it up and sort everything anew; and it needs memory for a batch and
 * two row groups, however many rows there are. DuckDB's own {@code PARTITION_BY} shuffles the rows
 * inside each file on more than one thread.
 */
final class PartitionedCopy {

  /** Files that are written at once; more would only queue for the same cores. */
  private static final int COPIES = 2;

  /** Runs shorter than this are brought together before they are put aside. */
  private static final int LONG_RUN_ROWS = 256;

  private static final String ROWS = "partition_rows";

  /** The SQL that copies a relation's rows into a file. */
  @FunctionalInterface
  interface CopySql {
    String of(String query, Path file);
  }

  private final DuckDbEngine engine;
  private final RunDirectory run;
  private final PartitionRuns runs;
  private final int columns;
  private final OptionalLong targetFileBytes;
  private final CopySql copySql;
  private final ArrowExecution execution;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * Prepares a copy.
   *
   * @param definition the table: its columns are the first of the rows, behind them come partition
   *     values
   * @param targetFileBytes where a file ends and the next one begins, about; without it a partition
   *     is one file
   */
  PartitionedCopy(
      DuckDbEngine engine,
      RunDirectory run,
      LakeTableDefinition definition,
      OptionalLong targetFileBytes,
      CopySql copySql,
      ArrowExecution execution) {
    this.engine = requireNonNull(engine, "engine");
    this.run = requireNonNull(run, "run");
    this.runs = new PartitionRuns(definition);
    this.columns = definition.columns().size();
    this.targetFileBytes = targetFileBytes;
    this.copySql = requireNonNull(copySql, "copySql");
    this.execution = requireNonNull(execution, "execution");
  }

  /** Writes all rows and returns their number; the caller closes the reader. */
  long write(ArrowReader rows) throws SQLException {
    try (PartitionSpill spill =
        new PartitionSpill(engine.spillDirectory(), schema(rows), execution.allocator())) {
      VectorSchemaRoot batch = rows.getVectorSchemaRoot();
      while (rows.loadNextBatch()) {
        execution.checkCancelled();
        putAside(batch, spill);
      }
      spill.complete();
      return copyAll(spill);
    } catch (IOException e) {
      SQLException cause = SqlFailure.causeOf(e);
      throw cause != null
          ? cause
          : new SQLException(
              "Cannot put rows aside in " + engine.spillDirectory() + ": " + e.getMessage(),
              FileErrors.state(e.getMessage()),
              e);
    }
  }

  private Schema schema(ArrowReader rows) throws IOException {
    return new Schema(rows.getVectorSchemaRoot().getSchema().getFields().subList(0, columns));
  }

  private void putAside(VectorSchemaRoot batch, PartitionSpill spill) throws IOException {
    List<PartitionRuns.Run> found = runs.of(batch);
    List<FieldVector> vectors = batch.getFieldVectors().subList(0, columns);
    if ((long) found.size() * LONG_RUN_ROWS <= batch.getRowCount()) {
      append(vectors, found, spill);
      return;
    }
    PartitionRuns.Sorted sorted = PartitionRuns.sort(found, batch.getRowCount());
    RowOrder order = new RowOrder(sorted.order());
    try (VectorSchemaRoot together =
        VectorSchemaRoot.create(
            new Schema(batch.getSchema().getFields().subList(0, columns)), execution.allocator())) {
      for (int i = 0; i < columns; i++) {
        order.copy(vectors.get(i), together.getVector(i));
      }
      append(together.getFieldVectors(), sorted.runs(), spill);
    }
  }

  private static void append(
      List<FieldVector> vectors, List<PartitionRuns.Run> runs, PartitionSpill spill)
      throws IOException {
    for (PartitionRuns.Run rows : runs) {
      spill.append(rows.partition(), vectors, rows.from(), rows.rows());
    }
  }

  private long copyAll(PartitionSpill spill) throws SQLException {
    List<List<Optional<String>>> partitions = runs.partitions();
    ExecutorService copies = Executors.newFixedThreadPool(COPIES);
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (int number : inOrder(partitions)) {
        counts.add(copies.submit(() -> copy(spill.reader(number), partitions.get(number))));
      }
      return sum(counts);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Writing a partition was interrupted", "57014", e);
    } finally {
      failed.set(true);
      // No copy may still write when the staging directory is deleted.
      Threads.awaitEnd(copies);
    }
  }

  /** Files are written in the same order every time, whatever order their rows came in. */
  private static int[] inOrder(List<List<Optional<String>>> partitions) {
    return IntStream.range(0, partitions.size())
        .boxed()
        .sorted(Comparator.comparing(number -> partitions.get(number).toString()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private long copy(ArrowReader rows, List<Optional<String>> partition) throws SQLException {
    try (WholeVectors whole = new WholeVectors(rows, execution.allocator())) {
      FileRolling rolling =
          new FileRolling(targetFileBytes, whole.getVectorSchemaRoot().getSchema());
      long count = 0;
      for (int part = 0; whole.hasRows(); part++) {
        if (failed.get() || execution.isCancelled()) {
          return 0;
        }
        Path file = run.file(partition, part);
        long fileRows = copy(whole.nextRows(rolling.rows()), file);
        rolling.written(fileRows, Files.size(file));
        count += fileRows;
      }
      return count;
    } catch (IOException e) {
      throw new SQLException(
          "Cannot write partition " + partition + ": " + e.getMessage(),
          FileErrors.state(e.getMessage()),
          e);
    }
  }

  private long copy(ArrowReader rows, Path file) throws SQLException {
    try (DuckDbSession session = engine.session(Map.of(ROWS, rows), execution)) {
      return session.update(copySql.of("SELECT * FROM " + ROWS, file));
    }
  }

  private long sum(List<Future<Long>> counts) throws SQLException, InterruptedException {
    long sum = 0;
    for (Future<Long> count : counts) {
      try {
        sum += count.get();
      } catch (ExecutionException e) {
        SQLException cause = SqlFailure.causeOf(e);
        throw cause != null
            ? cause
            : new SQLException("Writing a partition failed: " + e.getCause(), e.getCause());
      }
    }
    execution.checkCancelled();
    return sum;
  }
}
