package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/**
 * Sends an Arrow stream into a ClickHouse table, chunk by chunk.
 *
 * <p>A chunk is one Arrow record batch within one target partition, encoded whole before it is sent
 * as one request: ClickHouse takes a stream without an end marker for a whole one, so a source that
 * fails in mid-request would leave a short insert behind. A request whose outcome is unknown is
 * sent again, the same bytes under the same token, if the table remembers tokens; if it does not,
 * the chunk is reported instead.
 */
final class ClickHouseInsert {
  /** Most rows in a chunk; ClickHouse makes one part of them. */
  static final int CHUNK_ROWS = 262_144;

  /** Requests at once: the second is encoded and parsed while the first is sorted and written. */
  private static final int STREAMS = 2;

  private static final int ATTEMPTS = 4;
  private static final long FIRST_PAUSE_MILLIS = 100;

  private final ClickHouseClient client;
  private final String table;
  private final String catalogName;
  private final List<String> columns;
  private final boolean remembersTokens;
  private final ArrowExecution execution;

  private final AtomicLong confirmedChunks = new AtomicLong();
  private final AtomicLong confirmedRows = new AtomicLong();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();

  /**
   * Prepares an insert.
   *
   * @param table qualified and quoted
   * @param columns the names of the first columns of the stream; what follows is not sent
   * @param remembersTokens whether the table has a deduplication window
   */
  ClickHouseInsert(
      ClickHouseClient client,
      String table,
      String catalogName,
      List<String> columns,
      boolean remembersTokens,
      ArrowExecution execution) {
    this.client = requireNonNull(client, "client");
    this.table = requireNonNull(table, "table");
    this.catalogName = requireNonNull(catalogName, "catalogName");
    this.columns = List.copyOf(columns);
    this.remembersTokens = remembersTokens;
    this.execution = requireNonNull(execution, "execution");
  }

  /**
   * Sends everything.
   *
   * @param rows sorted by partition, then key; closed by the caller
   * @param partitionColumn the column whose value names the partition, or -1 if rows are not kept
   *     apart
   * @return the rows of acknowledged chunks
   */
  long send(ArrowReader rows, int partitionColumn) throws SQLException {
    ExecutorService streams = Executors.newFixedThreadPool(STREAMS);
    Semaphore waiting = new Semaphore(STREAMS + 1);
    List<Future<?>> sent = new ArrayList<>();
    try {
      VectorSchemaRoot batch = rows.getVectorSchemaRoot();
      long chunk = 0;
      while (failure.get() == null && rows.loadNextBatch()) {
        int from = 0;
        while (from < batch.getRowCount() && failure.get() == null) {
          execution.checkCancelled();
          int to = endOfChunk(batch, from, partitionColumn);
          byte[] bytes = encode(batch, from, to - from);
          waiting.acquire();
          long number = chunk++;
          int count = to - from;
          sent.add(streams.submit(() -> send(number, bytes, count, waiting)));
          from = to;
        }
      }
      for (Future<?> each : sent) {
        each.get();
      }
    } catch (IOException e) {
      throw interrupted(streams, sqlCause(e));
    } catch (SQLException e) {
      throw interrupted(streams, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(streams, new SQLException("interrupted", "57014", e));
    } catch (ExecutionException e) {
      throw new IllegalStateException("Sending a chunk failed unnoticed", e.getCause());
    } finally {
      streams.shutdown();
      awaitEnd(streams);
    }
    if (failure.get() != null) {
      throw failed(failure.get());
    }
    return confirmedRows.get();
  }

  /** The source failed: what was sent is confirmed first, so that the message is exact. */
  private SQLException interrupted(ExecutorService streams, SQLException cause) {
    streams.shutdown();
    awaitEnd(streams);
    return failed(failure.get() == null ? cause : failure.get());
  }

  private SQLException failed(SQLException cause) {
    String confirmed =
        confirmedChunks.get() == 0
            ? "nothing was written"
            : confirmedChunks + " chunks with " + confirmedRows + " rows were confirmed before";
    return new SQLException(
        "INSERT INTO " + catalogName + " failed, " + confirmed + ": " + cause.getMessage(),
        cause.getSQLState(),
        cause.getErrorCode(),
        cause);
  }

  private static SQLException sqlCause(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return new SQLException(e.getMessage(), "08006", e);
  }

  private static int endOfChunk(VectorSchemaRoot batch, int from, int partitionColumn) {
    int limit = Math.min(batch.getRowCount(), from + CHUNK_ROWS);
    if (partitionColumn < 0) {
      return limit;
    }
    FieldVector partition = batch.getVector(partitionColumn);
    Object first = partition.getObject(from);
    // Rows are sorted by partition: look where the value changes by halving.
    if (first.equals(partition.getObject(limit - 1))) {
      return limit;
    }
    int same = from;
    int other = limit - 1;
    while (other - same > 1) {
      int middle = (same + other) >>> 1;
      if (first.equals(partition.getObject(middle))) {
        same = middle;
      } else {
        other = middle;
      }
    }
    return other;
  }

  /**
   * The chunk as a whole Arrow stream, not compressed: lz4 made in Java is slower than the wire.
   */
  private byte[] encode(VectorSchemaRoot batch, int from, int count) throws IOException {
    try (VectorSchemaRoot slice = batch.slice(from, count)) {
      List<FieldVector> vectors = slice.getFieldVectors().subList(0, columns.size());
      vectors.forEach(ClickHouseInsert::clearNullDates);
      VectorSchemaRoot columnsOnly = new VectorSchemaRoot(vectors);
      columnsOnly.setRowCount(count);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
      try (ArrowStreamWriter writer =
          new ArrowStreamWriter(columnsOnly, null, Channels.newChannel(bytes))) {
        writer.start();
        writer.writeBatch();
        writer.end();
      }
      return bytes.toByteArray();
    }
  }

  /** ClickHouse checks the range of a date under a NULL too, and DuckDB leaves anything there. */
  private static void clearNullDates(FieldVector vector) {
    if (vector instanceof DateDayVector dates && dates.getNullCount() > 0) {
      for (int row = 0; row < dates.getValueCount(); row++) {
        if (dates.isNull(row)) {
          dates.getDataBuffer().setInt((long) row * DateDayVector.TYPE_WIDTH, 0);
        }
      }
    }
  }

  private void send(long number, byte[] bytes, int count, Semaphore waiting) {
    try {
      if (failure.get() == null) {
        sendUntilKnown(number, bytes);
        confirmedChunks.incrementAndGet();
        confirmedRows.addAndGet(count);
        execution.rows().addAndGet(count);
      }
    } catch (SQLException e) {
      failure.compareAndSet(
          null,
          new SQLException(
              "chunk " + number + ": " + e.getMessage(), e.getSQLState(), e.getErrorCode(), e));
    } catch (RuntimeException e) {
      failure.compareAndSet(null, new SQLException("chunk " + number + ": " + e, e));
    } finally {
      waiting.release();
    }
  }

  private void sendUntilKnown(long number, byte[] bytes) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    if (remembersTokens) {
      settings.put("insert_deduplication_token", execution.id() + "-" + number);
      settings.put("insert_deduplicate", "1");
      settings.put("deduplicate_blocks_in_dependent_materialized_views", "1");
    } else {
      // Else deleting rows and inserting them again would give none.
      settings.put("insert_deduplicate", "0");
    }
    settings.put("max_partitions_per_insert_block", "0");
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      String queryId = execution.id() + "-c" + number + "-" + attempt;
      try {
        client.insertArrow(table, columns, ByteBuffer.wrap(bytes), settings, queryId);
        return;
      } catch (SQLException e) {
        if (!remembersTokens || attempt == ATTEMPTS || !isAmbiguous(e)) {
          throw e;
        }
        try {
          Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
        pause *= 2;
        execution.checkCancelled();
      }
    }
  }

  /** Whether the server may have done it though it did not say so. */
  private static boolean isAmbiguous(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("08");
  }

  private static void awaitEnd(ExecutorService streams) {
    boolean interrupted = false;
    while (!streams.isTerminated()) {
      try {
        streams.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
