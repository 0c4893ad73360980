package io.tidegate.adapter.duckdb;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The rows of one partition on their way from the sorted rows to the COPY that writes them: one
 * thread puts slices of batches in, another reads them. It holds a few slices, so that a partition
 * of any size needs little memory.
 */
final class PartitionStream extends ArrowReader {
  private static final int SLICES = 2;
  private static final long LOOK_MILLIS = 50;

  private final Schema schema;
  private final BlockingQueue<VectorSchemaRoot> slices = new ArrayBlockingQueue<>(SLICES);
  private volatile boolean complete;
  private volatile boolean abandoned;
  private volatile boolean unread;

  PartitionStream(Schema schema, BufferAllocator allocator) {
    super(allocator);
    this.schema = schema;
  }

  /**
   * Hands a slice over, waiting for room.
   *
   * @param stop asked while waiting; true gives up
   * @return false if nobody will read it: the caller keeps it
   */
  boolean put(VectorSchemaRoot slice, BooleanSupplier stop) throws InterruptedException {
    while (!unread && !stop.getAsBoolean()) {
      if (slices.offer(slice, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (unread) {
          // The reader was closed in between and has looked for the last time.
          drop();
        }
        return true;
      }
    }
    return false;
  }

  /** Says that all rows were put. */
  void complete() {
    complete = true;
  }

  /** Says that the rest will not come: the reader fails, so that nothing shorter is written. */
  void abandon() {
    abandoned = true;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    VectorSchemaRoot root = getVectorSchemaRoot();
    root.clear();
    try {
      while (true) {
        // Complete is looked at first: what was put before it is then in the queue.
        boolean noMore = complete;
        VectorSchemaRoot slice = slices.poll(noMore ? 0 : LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (slice != null) {
          take(slice, root);
          return true;
        }
        if (abandoned) {
          throw new IOException("The rows of this partition broke off");
        }
        if (noMore) {
          return false;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for rows", e);
    }
  }

  private static void take(VectorSchemaRoot slice, VectorSchemaRoot root) {
    try (slice) {
      for (int i = 0; i < root.getFieldVectors().size(); i++) {
        slice.getVector(i).makeTransferPair(root.getVector(i)).transfer();
      }
      root.setRowCount(slice.getRowCount());
    }
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    unread = true;
    drop();
  }

  private void drop() {
    for (VectorSchemaRoot slice = slices.poll(); slice != null; slice = slices.poll()) {
      slice.close();
    }
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
