package io.tidegate.adapter.arrow;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * One running statement: it opens a tree of sources, owns the memory they use, counts rows, and can
 * be cancelled from another thread. Closing it closes what it opened in reverse order.
 */
public final class ArrowExecution implements AutoCloseable {
  private final String id;
  private final String sql;
  private final BufferAllocator allocator;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicLong rows = new AtomicLong();
  private final CopyOnWriteArrayList<Runnable> cancelActions = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private boolean closed;

  public ArrowExecution(String id, String sql, BufferAllocator parent) {
    this.id = requireNonNull(id, "id");
    this.sql = requireNonNull(sql, "sql");
    this.allocator = parent.newChildAllocator("statement " + id, 0, Long.MAX_VALUE);
  }

  /** The statement's id: a prefix of the engines' query ids and of insert tokens. */
  public String id() {
    return id;
  }

  /** The statement as its user wrote it. */
  public String sql() {
    return sql;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  /** Rows that have left an engine for this statement so far: what progress shows. */
  public AtomicLong rows() {
    return rows;
  }

  /** Opens a tree of sources, inputs first. The caller closes the reader. */
  public ArrowReader open(ArrowSource source) throws SQLException {
    checkCancelled();
    if (source instanceof ArrowSource.TableFunctionCall call) {
      return call.function().apply(open(call.input()), this);
    }
    if (source instanceof ArrowSource.KeyedQuery keyed) {
      Optional<KeyRows> keys = KeyRows.read(open(keyed.keys()), keyed.keyTypes());
      return keys.isPresent()
          ? keyed.engine().open(keyed.query(), keys.get(), this)
          : open(keyed.whole());
    }
    if (source instanceof ArrowSource.Produced produced) {
      return produced.producer().open(this);
    }
    ArrowSource.EngineQuery query = (ArrowSource.EngineQuery) source;
    return query.engine().open(query, this);
  }

  /** Opens the inputs of a query. The caller passes them on or closes them. */
  public Map<String, ArrowReader> openInputs(ArrowSource.EngineQuery query) throws SQLException {
    Map<String, ArrowReader> inputs = new HashMap<>();
    try {
      for (Map.Entry<String, ArrowSource> input : query.inputs().entrySet()) {
        inputs.put(input.getKey(), open(input.getValue()));
      }
      return inputs;
    } catch (SQLException | RuntimeException | Error e) {
      for (ArrowReader reader : inputs.values()) {
        closeQuietly(reader, e);
      }
      throw e;
    }
  }

  /** Keeps a resource until the statement ends. */
  public synchronized void hold(AutoCloseable resource) {
    held.push(resource);
  }

  /** Registers what stops an engine's work for this statement; run at once if already cancelled. */
  public void onCancel(Runnable action) {
    cancelActions.add(action);
    if (cancelled.get()) {
      action.run();
    }
  }

  public void removeCancelAction(Runnable action) {
    cancelActions.remove(action);
  }

  /** Stops the statement; safe from any thread and more than once. */
  public void cancel() {
    if (cancelled.compareAndSet(false, true)) {
      cancelActions.forEach(Runnable::run);
    }
  }

  public boolean isCancelled() {
    return cancelled.get();
  }

  public void checkCancelled() throws SQLException {
    if (cancelled.get()) {
      throw new SQLException("Statement " + id + " was cancelled", "57014");
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    cancelActions.clear();
    // Last of all; Arrow memory that was not given back is a failure too.
    held.addLast(allocator);
    try {
      AutoCloseables.close(held);
    } catch (Exception e) {
      throw new SQLException("Statement " + id + " did not end cleanly: " + e, e);
    }
  }

  static void closeQuietly(AutoCloseable resource, Throwable cause) {
    try {
      resource.close();
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }
}
