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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes rows into files of their partitions.
 *
 * <p>First all rows are put aside by partition, then each file is one COPY: one for a partition, or
 * as many as a target size asks for. That keeps an order which a store has for nothing; rows that
 * have none are sorted partition by partition, which is less work than sorting all of them. It
 * needs memory for a batch and two row groups, or DuckDB's for a sort, however many rows there are.
 * DuckDB's own {@code PARTITION_BY} shuffles the rows inside each file on more than one thread.
 */
final class PartitionedCopy {

  /** Large partitions that are written at once; more would only queue for the same cores. */
  private static final int LARGE_COPIES = 2;

  /**
   * Up to here a partition is small: it is one row group, so DuckDB's threads cannot share the work
   * and only cost. Each small partition is written by one thread, as many at once as there are.
   */
  private static final int SMALL_ROWS = 122_880;

  /** And no more bytes than a thread of {@link DuckDbEngine#oneThread} has memory for twice. */
  private static final long SMALL_BYTES = 32L << 20;

  /** Runs shorter than this are brought together before they are put aside. */
  private static final int LONG_RUN_ROWS = 256;

  private static final String ROWS = "partition_rows";

  private static final String ALL_ROWS = "SELECT * FROM " + ROWS;

  private final DuckDbEngine engine;
  private final RunDirectory run;
  private final LakeTableDefinition definition;
  private final PartitionRuns runs;
  private final int columns;
  private final OptionalLong targetFileBytes;
  private final boolean toSort;
  private final ArrowExecution execution;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final Semaphore largeCopies = new Semaphore(LARGE_COPIES);

  /**
   * Prepares a copy.
   *
   * @param definition the table: its columns are the first of the rows, behind them come partition
   *     values
   * @param targetFileBytes where a file ends and the next one begins, about; without it a partition
   *     is one file
   * @param toSort whether the rows come in no order and the table has one
   */
  PartitionedCopy(
      DuckDbEngine engine,
      RunDirectory run,
      LakeTableDefinition definition,
      OptionalLong targetFileBytes,
      boolean toSort,
      ArrowExecution execution) {
    this.engine = requireNonNull(engine, "engine");
    this.run = requireNonNull(run, "run");
    this.definition = requireNonNull(definition, "definition");
    this.runs = new PartitionRuns(definition);
    this.columns = definition.columns().size();
    this.targetFileBytes = targetFileBytes;
    this.toSort = toSort;
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
    ExecutorService copies = Executors.newFixedThreadPool(engine.threads());
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (int number : inOrder(partitions)) {
        counts.add(copies.submit(() -> copy(spill, number)));
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

  private long copy(PartitionSpill spill, int number) throws SQLException, InterruptedException {
    if (spill.rows(number) <= SMALL_ROWS && spill.bytes(number) <= SMALL_BYTES) {
      return copy(spill, number, engine.oneThread());
    }
    largeCopies.acquire();
    try {
      return copy(spill, number, engine);
    } finally {
      largeCopies.release();
    }
  }

  private long copy(PartitionSpill spill, int number, DuckDbEngine by) throws SQLException {
    if (isOver()) {
      return 0;
    }
    List<Optional<String>> partition = runs.partitions().get(number);
    FileRolling rolling = new FileRolling(targetFileBytes, spill.schema());
    try {
      if (!toSort) {
        return copy(spill.reader(number), partition, rolling, by);
      }
      if (spill.rows(number) > rolling.rows()) {
        return copy(
            by.sorted(spill.reader(number), ROWS, sorted(), execution), partition, rolling, by);
      }
      return copy(spill.reader(number), sorted(), run.file(partition, 0), by);
    } catch (IOException e) {
      throw new SQLException(
          "Cannot write partition " + partition + ": " + e.getMessage(),
          FileErrors.state(e.getMessage()),
          e);
    }
  }

  private String sorted() {
    return ALL_ROWS + LakeSql.orderBy(definition);
  }

  private boolean isOver() {
    return failed.get() || execution.isCancelled();
  }

  /** Cuts ordered rows into files. */
  private long copy(
      ArrowReader rows, List<Optional<String>> partition, FileRolling rolling, DuckDbEngine by)
      throws SQLException, IOException {
    try (WholeVectors whole = new WholeVectors(rows, execution.allocator())) {
      long count = 0;
      for (int part = 0; whole.hasRows(); part++) {
        if (isOver()) {
          return 0;
        }
        Path file = run.file(partition, part);
        long fileRows = copy(whole.nextRows(rolling.rows()), ALL_ROWS, file, by);
        rolling.written(fileRows, Files.size(file));
        count += fileRows;
      }
      return count;
    }
  }

  private long copy(ArrowReader rows, String query, Path file, DuckDbEngine by)
      throws SQLException {
    try (DuckDbSession session = by.session(Map.of(ROWS, rows), execution)) {
      return session.update(LakeSql.copy(query, file, definition));
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
