package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ForwardingArrowReader;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.TransferPair;
import org.apache.arrow.vector.util.VectorAppender;

/**
 * The rows of another reader, in batches of a multiple of DuckDB's vector size, but for the last.
 *
 * <p>DuckDB cuts a batch into vectors of 2,048 rows and closes a row group of a Parquet file after
 * the vector that fills it. Batches end where the sender's blocks end, which depends on its parts
 * and threads, so the same rows would give other bytes. Only the rows around a border are copied.
 */
final class WholeVectors extends ForwardingArrowReader {
  static final int VECTOR_ROWS = 2_048;

  private final BufferAllocator allocator;
  private VectorSchemaRoot whole;

  /** Rows that did not fill a vector, at the begin of {@link #border}. */
  private VectorSchemaRoot border;

  private int borderRows;
  private int position;
  private boolean ended;

  /** Rows that may still be given before {@link #nextRows} is asked for more. */
  private long allowed = Long.MAX_VALUE;

  WholeVectors(ArrowReader reader, BufferAllocator allocator) {
    super(reader, allocator);
    this.allocator = allocator;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    if (whole == null) {
      whole = VectorSchemaRoot.create(source().getSchema(), allocator);
      border = VectorSchemaRoot.create(source().getSchema(), allocator);
    }
    return whole;
  }

  private VectorSchemaRoot source() throws IOException {
    return super.getVectorSchemaRoot();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    getVectorSchemaRoot().clear();
    if (allowed == 0) {
      return false;
    }
    VectorSchemaRoot source = source();
    while (!ended) {
      int rest = source.getRowCount() - position;
      if (borderRows > 0 || rest < VECTOR_ROWS) {
        int count = Math.min(rest, VECTOR_ROWS - borderRows);
        copyToBorder(source, count);
        if (borderRows == VECTOR_ROWS) {
          giveBorder();
          return true;
        }
        position = 0;
        ended = !super.loadNextBatch();
      } else {
        int count = (int) Math.min(allowed, rest - rest % VECTOR_ROWS);
        slice(source, position, count);
        position += count;
        return true;
      }
    }
    if (borderRows == 0) {
      return false;
    }
    giveBorder();
    return true;
  }

  private void copyToBorder(VectorSchemaRoot source, int count) {
    List<FieldVector> targets = border.getFieldVectors();
    for (int column = 0; column < targets.size(); column++) {
      FieldVector from = source.getVector(column);
      if (borderRows == 0) {
        targets.get(column).setInitialCapacity(VECTOR_ROWS);
        targets.get(column).allocateNew();
      }
      TransferPair rows = from.getTransferPair(from.getField(), allocator);
      rows.splitAndTransfer(position, count);
      try (ValueVector taken = rows.getTo()) {
        taken.accept(new VectorAppender(targets.get(column)), null);
      }
    }
    borderRows += count;
    position += count;
  }

  private void giveBorder() {
    border.setRowCount(borderRows);
    slice(border, 0, borderRows);
    border.clear();
    borderRows = 0;
  }

  private void slice(VectorSchemaRoot from, int start, int count) {
    for (int column = 0; column < from.getFieldVectors().size(); column++) {
      from.getVector(column)
          .makeTransferPair(whole.getVector(column))
          .splitAndTransfer(start, count);
    }
    whole.setRowCount(count);
    allowed -= count;
  }

  /** Whether there are rows that have not been given. */
  boolean hasRows() throws IOException {
    getVectorSchemaRoot();
    while (!ended && borderRows == 0 && position == source().getRowCount()) {
      position = 0;
      ended = !super.loadNextBatch();
    }
    return !ended || borderRows > 0;
  }

  /**
   * The next rows, as a reader of their own that need not be closed; it is to be read to its end
   * before the next one is asked for.
   *
   * @param rows how many at most, a multiple of {@link #VECTOR_ROWS} or {@link Long#MAX_VALUE}
   */
  ArrowReader nextRows(long rows) {
    allowed = rows;
    return new ForwardingArrowReader(this, allocator) {
      @Override
      protected void closeReadSource() {}
    };
  }

  @Override
  protected void closeReadSource() throws IOException {
    try {
      if (whole != null) {
        whole.close();
        border.close();
      }
    } finally {
      super.closeReadSource();
    }
  }
}
