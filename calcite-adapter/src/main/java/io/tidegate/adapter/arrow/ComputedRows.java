package io.tidegate.adapter.arrow;

import java.io.IOException;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * A reader of rows that are computed batch by batch. What is wrong with the rows they are computed
 * from, an {@link IllegalArgumentException}, becomes SQLSTATE 22023.
 */
public abstract class ComputedRows extends ArrowReader {
  protected ComputedRows(BufferAllocator allocator) {
    super(allocator);
  }

  /** Fills the vectors, which have no memory yet, and returns the number of rows; 0 at the end. */
  protected abstract int fill(VectorSchemaRoot root) throws SQLException, IOException;

  @Override
  public final boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    // Whoever got the last batch may still hold its memory.
    root.clear();
    try {
      int rows = fill(root);
      root.setRowCount(rows);
      return rows > 0;
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), new SQLException(e.getMessage(), "22023", e));
    }
  }
}
