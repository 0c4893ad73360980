package io.tidegate.adapter.ports;

import java.util.function.Consumer;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Reads slices of lake tables. A slice is read whole or fails; one read sees one state. */
public interface SlicePort {

  /**
   * Reads a slice into memory.
   *
   * @param maxRows a larger slice is refused with {@link PortException.Code#TOO_LARGE}
   */
  RowSet read(Slice slice, int maxRows);

  /**
   * Reads a slice of any size batch by batch.
   *
   * @param batches given each Arrow batch, which is valid during the call only
   * @return the number of rows
   */
  long scan(Slice slice, Consumer<VectorSchemaRoot> batches);
}
