package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** A table function bound to its arguments: batches in, batches out. */
public interface ArrowTableFunction {

  /**
   * Runs over an input.
   *
   * @param input taken over: closed when the result is closed, or before this throws
   * @return the result; the caller closes it
   */
  ArrowReader apply(ArrowReader input, ArrowExecution execution) throws SQLException;
}
