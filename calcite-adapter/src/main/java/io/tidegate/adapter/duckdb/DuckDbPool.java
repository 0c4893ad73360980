package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A fixed number of connections that stay open for as long as the pool does. All but one are lent
 * to whoever asks first; the last is the one lane of those who write to an attached database, in
 * the order in which they came.
 *
 * <p>Safe for any number of threads. A thread that already has a connection must not ask for
 * another of the same kind: it would wait for itself.
 */
public final class DuckDbPool implements AutoCloseable {
  private final DuckDbEngine engine;
  private final BlockingQueue<DuckDbLane> readers;
  private final Semaphore writing = new Semaphore(1, true);
  private final DuckDbLane writer;
  private final List<DuckDbLane> all = new ArrayList<>();
  private final Duration patience;

  /** Something to do with a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T with(DuckDbLane lane) throws SQLException;
  }

  /**
   * Opens the connections.
   *
   * @param readers how many there are beside the writing one; at least 1
   * @param patience how long to wait for a connection, and how long a statement may take
   */
  public DuckDbPool(DuckDbEngine engine, int readers, Duration patience) throws SQLException {
    this.engine = requireNonNull(engine, "engine");
    this.patience = requireNonNull(patience, "patience");
    this.readers = new ArrayBlockingQueue<>(readers);
    try {
      for (int i = 0; i < readers; i++) {
        this.readers.add(open());
      }
      this.writer = open();
    } catch (SQLException | RuntimeException | Error e) {
      closeAll(e);
      throw e;
    }
  }

  private DuckDbLane open() throws SQLException {
    DuckDbLane lane = new DuckDbLane(engine.connection(), patience);
    all.add(lane);
    return lane;
  }

  /** Lends a connection for the time of the work. */
  public <T> T read(Work<T> work) throws SQLException {
    DuckDbLane lane;
    try {
      lane = readers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (lane == null) {
      throw busy(all.size() - 1 + " reading connections");
    }
    try {
      return work.with(lane);
    } finally {
      readers.add(lane);
    }
  }

  /**
   * Does the work in the writing lane, in one transaction: all of it or, after a failure, nothing.
   */
  public <T> T write(Work<T> work) throws SQLException {
    return exclusively(lane -> lane.transaction(work));
  }

  /**
   * Has the writing lane to itself for several transactions; nobody writes in between.
   *
   * @param work calls {@link DuckDbLane#transaction} itself
   */
  public <T> T exclusively(Work<T> work) throws SQLException {
    try {
      if (!writing.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy("the writing connection");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return work.with(writer);
    } finally {
      writing.release();
    }
  }

  private SQLException busy(String what) {
    return new SQLException(
        "Waited " + patience.toMillis() + " ms for " + what + ", which are all in use", "57014");
  }

  private static SQLException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SQLException("Interrupted while waiting for a connection", "57014", e);
  }

  private void closeAll(Throwable cause) {
    for (DuckDbLane lane : all) {
      try {
        lane.close();
      } catch (SQLException e) {
        cause.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    SQLException failure = new SQLException("Closing the connections to DuckDB failed", "58030");
    closeAll(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
