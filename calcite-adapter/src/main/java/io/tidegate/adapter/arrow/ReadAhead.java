package io.tidegate.adapter.arrow;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * The batches of another reader, each read on a thread of its own while the one before is worked
 * on. It holds one batch more than is asked for.
 */
public final class ReadAhead extends ForwardingArrowReader {
  private final BufferAllocator allocator;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private VectorSchemaRoot given;
  private Future<VectorSchemaRoot> next;

  /** Reads nothing before it is asked for the first batch. */
  public ReadAhead(ArrowReader reader, BufferAllocator allocator) {
    super(reader, allocator);
    this.allocator = allocator;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    if (given == null) {
      given = empty();
    }
    return given;
  }

  private VectorSchemaRoot empty() throws IOException {
    return VectorSchemaRoot.create(super.getVectorSchemaRoot().getSchema(), allocator);
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    getVectorSchemaRoot().clear();
    if (next == null) {
      next = thread.submit(this::load);
    }
    try (VectorSchemaRoot batch = loaded()) {
      if (batch == null) {
        return false;
      }
      next = thread.submit(this::load);
      move(batch, given);
      return true;
    }
  }

  /** The next batch, or null behind the last. */
  private VectorSchemaRoot load() throws IOException {
    if (!super.loadNextBatch()) {
      return null;
    }
    VectorSchemaRoot batch = empty();
    move(super.getVectorSchemaRoot(), batch);
    return batch;
  }

  private static void move(VectorSchemaRoot from, VectorSchemaRoot to) {
    for (int column = 0; column < from.getFieldVectors().size(); column++) {
      from.getVector(column).makeTransferPair(to.getVector(column)).transfer();
    }
    to.setRowCount(from.getRowCount());
  }

  private VectorSchemaRoot loaded() throws IOException {
    try {
      return next.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Reading was interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  protected void closeReadSource() throws IOException {
    Threads.awaitEnd(thread);
    try (VectorSchemaRoot unread = next == null ? null : unread()) {
      if (given != null) {
        given.close();
      }
    } finally {
      super.closeReadSource();
    }
  }

  /** The batch that was read and not asked for; null where reading failed. */
  private VectorSchemaRoot unread() {
    try {
      return next.get();
    } catch (InterruptedException | ExecutionException e) {
      return null;
    }
  }
}
