package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Writes sorted Arrow batches into a ClickHouse table so that no row is lost and none doubled.
 *
 * <p>ClickHouse takes an Arrow stream without an end marker for a whole one, so a source must never
 * be streamed into a request: one that fails half-way would leave a short insert without an error.
 * Instead the rows are cut into chunks. A chunk is one record batch within one partition of the
 * target, encoded to bytes before its request begins; it arrives whole or not at all. Two requests
 * are under way at a time, which bounds memory to a few chunks.
 *
 * <p>When the answer to a chunk is lost, the same bytes go again under the same deduplication
 * token, if the table remembers tokens; otherwise the failure is reported, because sending again
 * might double the chunk.
 */
public final class ClickHouseInsert {
  private static final int STREAMS = 2;
  private static final int ATTEMPTS = 3;

  private final ClickHouseClient client;
  private final ChunkTarget target;
  private final OptionalInt partitionColumn;
  private final String statementId;
  private final BooleanSupplier cancelled;
  private final Deque<Sent> underWay = new ArrayDeque<>();

  /** Arrays of chunks that are confirmed, to be filled again. */
  private final Deque<ChunkBytes> free = new ArrayDeque<>();

  private long confirmedChunks;
  private long confirmedRows;

  /**
   * Prepares one insert.
   *
   * @param columns the target's columns in the order of the source's
   * @param partitionColumn index of a trailing source column with the value of the target's
   *     partition expression: chunks end where it changes, and it is not sent
   * @param statementId fresh for each statement, since the deduplication tokens are made from it
   * @param cancelled asked between chunks; true ends the insert with an error
   */
  public ClickHouseInsert(
      ClickHouseClient client,
      String database,
      String table,
      List<String> columns,
      OptionalInt partitionColumn,
      String statementId,
      BooleanSupplier cancelled)
      throws SQLException {
    this.client = requireNonNull(client, "client");
    this.partitionColumn = requireNonNull(partitionColumn, "partitionColumn");
    this.statementId = requireNonNull(statementId, "statementId");
    this.cancelled = requireNonNull(cancelled, "cancelled");
    this.target = ChunkTarget.read(client, database, table, columns);
  }

  /**
   * Writes all rows of {@code source}, which are sorted by (partition expression, key), and returns
   * how many; the caller closes the source.
   *
   * @throws SQLException naming how many chunks and rows were confirmed. They stay.
   */
  public long write(ArrowReader source) throws SQLException {
    ExecutorService streams =
        Executors.newFixedThreadPool(
            STREAMS,
            work -> {
              Thread thread = new Thread(work, "clickhouse-insert-" + statementId);
              thread.setDaemon(true);
              return thread;
            });
    long chunk = 0;
    try {
      VectorSchemaRoot batch = source.getVectorSchemaRoot();
      ArrowChunks chunks = new ArrowChunks(batch, target.columns(), partitionColumn);
      target.refuseNarrowing(batch.getSchema());
      while (source.loadNextBatch()) {
        for (ArrowChunks.Range range : chunks.ranges()) {
          if (cancelled.getAsBoolean()) {
            throw new SQLException("The insert was cancelled", "57014");
          }
          target.refuseNulls(chunks, range);
          target.refuseValues(chunks, range);
          ChunkBytes bytes = free.isEmpty() ? new ChunkBytes() : free.pop();
          chunks.encode(range, bytes);
          if (underWay.size() == STREAMS) {
            confirmOldest();
          }
          long number = chunk++;
          underWay.add(
              new Sent(number, range.rows(), bytes, streams.submit(() -> send(number, bytes))));
        }
      }
      while (!underWay.isEmpty()) {
        confirmOldest();
      }
      return confirmedRows;
    } catch (IOException e) {
      throw failed("the source failed before chunk " + chunk, ClickHouseException.of(e));
    } catch (SQLException e) {
      throw failed("it ended before chunk " + chunk, e);
    } catch (RuntimeException | Error e) {
      drain();
      throw e;
    } finally {
      streams.shutdownNow();
    }
  }

  private Void send(long chunk, ChunkBytes bytes) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    boolean repeatable = target.deduplicationWindow() > 0;
    if (repeatable) {
      settings.put("insert_deduplicate", "1");
      settings.put("insert_deduplication_token", statementId + "-" + chunk);
      settings.put("deduplicate_blocks_in_dependent_materialized_views", "1");
    } else {
      settings.put("insert_deduplicate", "0");
    }
    ClickHouseException unanswered = null;
    for (int attempt = 1; ; attempt++) {
      String queryId = statementId + "-" + chunk + "-" + attempt;
      try {
        client.insertArrow(target.table(), target.columns(), bytes.content(), settings, queryId);
        return null;
      } catch (ClickHouseException e) {
        if (unanswered != null && !e.isAmbiguous()) {
          // What became of the first attempt is still not known.
          unanswered.addSuppressed(e);
          throw unanswered;
        }
        if (!e.isAmbiguous() || !repeatable || attempt == ATTEMPTS) {
          throw e;
        }
        unanswered = e;
      }
    }
  }

  private void confirmOldest() throws SQLException {
    Sent sent = underWay.remove();
    try {
      sent.answer().get();
      confirmedChunks++;
      confirmedRows += sent.rows();
      free.push(sent.bytes());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        boolean unknown = failure instanceof ClickHouseException known && known.isAmbiguous();
        throw new ChunkFailure(
            "chunk %d (%d rows) %s"
                .formatted(
                    sent.chunk(),
                    sent.rows(),
                    unknown ? "may or may not have been written" : "was refused"),
            failure);
      }
      throw new IllegalStateException("Chunk " + sent.chunk() + " could not be sent", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException(
          "Interrupted while chunk " + sent.chunk() + " was under way", "57014", e);
    }
  }

  /** Waits for what is under way, so that the error tells all that was confirmed. */
  private String drain() {
    StringBuilder further = new StringBuilder();
    while (!underWay.isEmpty()) {
      try {
        confirmOldest();
      } catch (SQLException e) {
        further.append("; ").append(e.getMessage());
      }
    }
    return further.toString();
  }

  private SQLException failed(String where, SQLException cause) {
    String further = drain();
    boolean chunkFailed = cause instanceof ChunkFailure;
    Throwable reason = chunkFailed ? cause.getCause() : cause;
    return new SQLException(
        "Insert into %s stopped after %d confirmed chunks (%d rows), which stay; %s%s: %s"
            .formatted(
                target.table(),
                confirmedChunks,
                confirmedRows,
                chunkFailed ? cause.getMessage() : where,
                further,
                reason.getMessage()),
        cause.getSQLState(),
        cause.getErrorCode(),
        reason);
  }

  private record Sent(long chunk, int rows, ChunkBytes bytes, Future<Void> answer) {}

  /** A chunk whose request failed. */
  private static final class ChunkFailure extends SQLException {
    private static final long serialVersionUID = 1;

    ChunkFailure(String message, SQLException cause) {
      super(message, cause.getSQLState(), cause.getErrorCode(), cause);
    }
  }
}
