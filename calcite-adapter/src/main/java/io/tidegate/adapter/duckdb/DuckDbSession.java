package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ForwardingArrowReader;
import io.tidegate.adapter.arrow.SqlFailure;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One statement's connection with its Arrow inputs. An input that fails makes DuckDB fail with a
 * text of its own, so the input's error is kept and thrown in its place.
 *
 * <p>Closing goes result, connection, then inputs: DuckDB reads the inputs until its query is
 * closed, and closing them first can kill the JVM.
 */
final class DuckDbSession implements AutoCloseable {
  /**
   * How far a query may run ahead of its reader. Rows that keep their order come from one row group
   * at a time; with DuckDB's own 10 MiB its other threads wait for that one.
   */
  private static final String STREAM_AHEAD = "SET streaming_buffer_size = '128MiB'";

  private final DuckDbEngine.Connection connection;
  private final ArrowExecution execution;
  private final List<GuardedInput> inputs = new ArrayList<>();
  private final List<ArrowArrayStream> streams = new ArrayList<>();
  private volatile Statement statement;
  private final Runnable cancel;
  private boolean closed;

  DuckDbSession(
      DuckDbEngine.Connection connection,
      Map<String, ArrowReader> readers,
      ArrowExecution execution)
      throws SQLException {
    this.connection = connection;
    this.execution = execution;
    this.statement = connection.statement();
    this.cancel = this::cancel;
    for (Map.Entry<String, ArrowReader> input : readers.entrySet()) {
      GuardedInput guarded =
          new GuardedInput(
              new ZonelessTimestamps(input.getValue(), execution.allocator()), execution);
      inputs.add(guarded);
      ArrowArrayStream stream = ArrowArrayStream.allocateNew(execution.allocator());
      streams.add(stream);
      DuckDbEngine.Connection.export(execution.allocator(), guarded, stream);
      connection.register(input.getKey(), stream);
    }
    execution.onCancel(cancel);
  }

  /** Runs a query; closing the reader closes this session. */
  ArrowReader query(String sql) throws SQLException {
    update(STREAM_AHEAD);
    return read(sql, true);
  }

  /** The same, but for a query that does not run far ahead of its reader. */
  ArrowReader queryStepByStep(String sql) throws SQLException {
    return read(sql, true);
  }

  /** That for rows on their way between two places: their statement has counted them before. */
  ArrowReader countedElsewhere(String sql) throws SQLException {
    return read(sql, false);
  }

  private ArrowReader read(String sql, boolean counted) throws SQLException {
    try {
      ResultSet result = statement.executeQuery(sql);
      ArrowReader reader = DuckDbEngine.Connection.export(result, execution.allocator());
      return new SessionReader(reader, result, counted);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Runs a query for its error only. */
  void readToEnd(String sql) throws SQLException {
    try {
      connection.readToEnd(sql);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Runs a statement that returns nothing but a count. */
  long update(String sql) throws SQLException {
    try {
      statement.execute(sql);
      try (ResultSet result = statement.getResultSet()) {
        return result != null && result.next()
            ? result.getLong(1)
            : statement.getLargeUpdateCount();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The rows of a small result. */
  <T> List<T> rows(String sql, DuckDbEngine.Row<T> row) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    } catch (SQLException e) {
      if (inputs.isEmpty() && DuckDbErrors.isNameless(e)) {
        readToEnd(sql);
      }
      throw failure(e);
    }
  }

  private SQLException failure(SQLException e) {
    for (GuardedInput input : inputs) {
      if (input.failure != null) {
        SQLException cause = SqlFailure.causeOf(input.failure);
        return cause != null ? cause : new SQLException(input.failure.getMessage(), input.failure);
      }
    }
    if (execution.isCancelled()) {
      return new SQLException("Statement " + execution.id() + " was cancelled", "57014", e);
    }
    return DuckDbErrors.translate(e);
  }

  /** Undoes the open transaction after a failure, which stays the one that is thrown. */
  void rollback(Throwable cause) {
    try (Statement rollback = connection.statement()) {
      rollback.execute("ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void cancel() {
    try {
      statement.cancel();
    } catch (SQLException e) {
      // Already finished: there is nothing to stop.
    }
  }

  void closeQuietly(Throwable cause) {
    try {
      close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    execution.removeCancelAction(cancel);
    SQLException failure = null;
    try {
      statement.close();
    } catch (SQLException e) {
      failure = e;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      failure = failure == null ? e : failure;
    }
    for (ArrowArrayStream stream : streams) {
      stream.close();
    }
    for (GuardedInput input : inputs) {
      try {
        input.close();
      } catch (IOException e) {
        failure = failure == null ? new SQLException(e.getMessage(), e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Remembers why an input failed. DuckDB asks once more after a failure, so it goes on failing: a
   * reader must not be used behind its error.
   */
  private static final class GuardedInput extends ForwardingArrowReader {
    private final ArrowExecution execution;
    private volatile Throwable failure;

    GuardedInput(ArrowReader reader, ArrowExecution execution) {
      super(reader, execution.allocator());
      this.execution = execution;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      if (failure != null) {
        throw new IOException(failure);
      }
      try {
        execution.checkCancelled();
        return super.loadNextBatch();
      } catch (SQLException e) {
        failure = e;
        throw new IOException(e);
      } catch (IOException | RuntimeException e) {
        failure = e;
        throw e;
      }
    }
  }

  /** A result that closes its session behind it. */
  private final class SessionReader extends ForwardingArrowReader {
    private final ResultSet result;
    private final boolean counted;

    SessionReader(ArrowReader reader, ResultSet result, boolean counted) {
      super(reader, execution.allocator());
      this.result = result;
      this.counted = counted;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      try {
        boolean more = super.loadNextBatch();
        if (more && counted) {
          execution.rows().addAndGet(getVectorSchemaRoot().getRowCount());
        }
        return more;
      } catch (IOException | RuntimeException e) {
        SQLException failure = failure(new SQLException(e.getMessage(), e));
        throw new IOException(failure.getMessage(), failure);
      }
    }

    @Override
    protected void closeReadSource() throws IOException {
      try {
        super.closeReadSource();
      } finally {
        try {
          result.close();
          DuckDbSession.this.close();
        } catch (SQLException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    }
  }
}
