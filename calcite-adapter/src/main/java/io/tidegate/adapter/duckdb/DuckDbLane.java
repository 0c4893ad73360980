package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One connection of a {@link DuckDbPool}, as whoever has it sees it: statements whose values are
 * bound, never part of the text.
 */
public final class DuckDbLane {
  private final DuckDbEngine.Connection connection;
  private final int timeoutSeconds;

  DuckDbLane(DuckDbEngine.Connection connection, Duration timeout) {
    this.connection = requireNonNull(connection, "connection");
    this.timeoutSeconds = (int) Math.max(1, timeout.toSeconds());
  }

  /** Something that is told of each batch; the batch is its own for the time of the call only. */
  @FunctionalInterface
  public interface Batches {
    void next(VectorSchemaRoot batch) throws SQLException;
  }

  /** Runs a query and reads its rows. */
  public <T> List<T> rows(String sql, List<?> values, DuckDbEngine.Row<T> row) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet result = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  /** Runs a query and passes its rows on as Arrow batches; returns how many rows there were. */
  public long batches(String sql, List<?> values, BufferAllocator allocator, Batches batches)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, values);
        ResultSet result = statement.executeQuery();
        ArrowReader reader = DuckDbEngine.Connection.export(result, allocator)) {
      long rows = 0;
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
        batches.next(reader.getVectorSchemaRoot());
      }
      return rows;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    } catch (IOException e) {
      throw DuckDbErrors.translate(new SQLException(e.getMessage(), e));
    }
  }

  /** Runs a statement that changes something, or none; returns how many rows it was about. */
  public long update(String sql, List<?> values) throws SQLException {
    try (PreparedStatement statement = prepare(sql, values)) {
      return statement.executeLargeUpdate();
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  /** Runs one statement for each row of values. */
  public void updateEach(String sql, Iterable<? extends List<?>> rows) throws SQLException {
    try (PreparedStatement statement = connection.prepare(sql)) {
      statement.setQueryTimeout(timeoutSeconds);
      for (List<?> row : rows) {
        bind(statement, row);
        statement.execute();
      }
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  /** Runs a statement that may read an Arrow stream as the relation {@code name}, once. */
  public void update(String sql, String name, ArrowReader reader, BufferAllocator allocator)
      throws SQLException {
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      DuckDbEngine.Connection.export(allocator, reader, stream);
      connection.register(name, stream);
      try {
        update(sql, List.of());
      } finally {
        update("DROP VIEW IF EXISTS " + DuckDbDialect.quote(name), List.of());
      }
    }
  }

  /** Does the work in one transaction; after a failure nothing of it is there. */
  public <T> T transaction(DuckDbPool.Work<T> work) throws SQLException {
    run("BEGIN TRANSACTION");
    T result;
    try {
      result = work.with(this);
      run("COMMIT");
    } catch (SQLException | RuntimeException | Error e) {
      try {
        run("ROLLBACK");
      } catch (SQLException rollback) {
        e.addSuppressed(rollback);
      }
      throw e;
    }
    return result;
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.statement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  private PreparedStatement prepare(String sql, List<?> values) throws SQLException {
    PreparedStatement statement = connection.prepare(sql);
    try {
      statement.setQueryTimeout(timeoutSeconds);
      bind(statement, values);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(PreparedStatement statement, List<?> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  void close() throws SQLException {
    connection.close();
  }
}
