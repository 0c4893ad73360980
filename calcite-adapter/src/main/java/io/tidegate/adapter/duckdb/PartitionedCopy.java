package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.lake.RunDirectory;
import java.io.IOException;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes rows that come in order of their partition, one COPY a partition. Nothing is staged: the
 * sorted batches are cut where the partition changes, and while one partition's rows still arrive
 * the file before is finished beside it.
 *
 * <p>DuckDB's own {@code PARTITION_BY} shuffles the rows inside each file on more than one thread.
 */
final class PartitionedCopy {

  /** Files that are written at once; more would only queue for the same cores. */
  private static final int COPIES = 2;

  private static final String ROWS = "partition_rows";

  /** The SQL that copies a relation's rows into a file. */
  @FunctionalInterface
  interface CopySql {
    String of(String query, Path file);
  }

  private final DuckDbEngine engine;
  private final RunDirectory run;
  private final int columns;
  private final CopySql copySql;
  private final ArrowExecution execution;
  private final ExecutorService copies = Executors.newFixedThreadPool(COPIES);
  private final Semaphore places = new Semaphore(COPIES);
  private final List<Future<Long>> counts = new ArrayList<>();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private List<Optional<String>> partition;
  private PartitionStream stream;

  /**
   * Prepares a copy.
   *
   * @param columns how many columns of the rows are written; the others name the partition, as text
   */
  PartitionedCopy(
      DuckDbEngine engine,
      RunDirectory run,
      int columns,
      CopySql copySql,
      ArrowExecution execution) {
    this.engine = requireNonNull(engine, "engine");
    this.run = requireNonNull(run, "run");
    this.columns = columns;
    this.copySql = requireNonNull(copySql, "copySql");
    this.execution = requireNonNull(execution, "execution");
  }

  /** Writes all rows and returns their number; the caller closes the reader. */
  long write(ArrowReader sorted) throws SQLException {
    try {
      VectorSchemaRoot batch = sorted.getVectorSchemaRoot();
      Schema schema = schema(batch);
      while (failure.get() == null && sorted.loadNextBatch()) {
        int from = 0;
        while (from < batch.getRowCount() && failure.get() == null) {
          execution.checkCancelled();
          int to = endOfPartition(batch, from);
          begin(partitionAt(batch, from), schema);
          put(batch, from, to - from);
          from = to;
        }
      }
      end();
      return sum();
    } catch (IOException e) {
      SQLException cause = SqlFailure.causeOf(e);
      throw cause != null ? cause : new SQLException(e.getMessage(), "58030", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Writing a partition was interrupted", "57014", e);
    } finally {
      if (stream != null) {
        stream.abandon();
      }
      copies.shutdown();
      awaitEnd();
    }
  }

  private Schema schema(VectorSchemaRoot batch) {
    List<Field> fields = batch.getSchema().getFields();
    return new Schema(fields.subList(0, columns));
  }

  private List<Optional<String>> partitionAt(VectorSchemaRoot batch, int row) {
    List<Optional<String>> values = new ArrayList<>();
    for (int i = columns; i < batch.getFieldVectors().size(); i++) {
      values.add(Optional.ofNullable(batch.getVector(i).getObject(row)).map(Object::toString));
    }
    return values;
  }

  /** Rows come in order of their partition: where it changes is found by halving. */
  private int endOfPartition(VectorSchemaRoot batch, int from) {
    List<Optional<String>> first = partitionAt(batch, from);
    int same = from;
    int other = batch.getRowCount();
    while (other - same > 1) {
      int middle = (same + other) >>> 1;
      if (partitionAt(batch, middle).equals(first)) {
        same = middle;
      } else {
        other = middle;
      }
    }
    return other;
  }

  private void begin(List<Optional<String>> next, Schema schema)
      throws SQLException, InterruptedException {
    if (next.equals(partition)) {
      return;
    }
    end();
    partition = next;
    Path file = run.file(next, 0);
    while (!places.tryAcquire(50, TimeUnit.MILLISECONDS)) {
      execution.checkCancelled();
    }
    PartitionStream rows = new PartitionStream(schema, execution.allocator());
    stream = rows;
    counts.add(copies.submit(() -> copy(rows, file)));
  }

  private long copy(PartitionStream rows, Path file) {
    try (DuckDbSession session =
        engine.session(Map.of(ROWS, new WholeVectors(rows, execution.allocator())), execution)) {
      return session.update(copySql.of("SELECT * FROM " + ROWS, file));
    } catch (SQLException e) {
      failure.compareAndSet(null, e);
      return 0;
    } finally {
      places.release();
    }
  }

  private void put(VectorSchemaRoot batch, int from, int count) throws InterruptedException {
    List<FieldVector> vectors = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      FieldVector source = batch.getVector(i);
      var pair = source.getTransferPair(source.getField(), execution.allocator());
      pair.splitAndTransfer(from, count);
      vectors.add((FieldVector) pair.getTo());
    }
    VectorSchemaRoot slice = new VectorSchemaRoot(vectors);
    slice.setRowCount(count);
    if (!stream.put(slice, () -> failure.get() != null || execution.isCancelled())) {
      slice.close();
    }
  }

  private void end() {
    if (stream != null) {
      stream.complete();
      stream = null;
    }
  }

  private long sum() throws SQLException, InterruptedException {
    long sum = 0;
    for (Future<Long> count : counts) {
      try {
        sum += count.get();
      } catch (ExecutionException e) {
        throw new SQLException("Writing a partition failed: " + e.getCause(), e.getCause());
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
    return sum;
  }

  /** No copy may still write when the staging directory is deleted. */
  private void awaitEnd() {
    boolean interrupted = false;
    while (!copies.isTerminated()) {
      try {
        copies.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
