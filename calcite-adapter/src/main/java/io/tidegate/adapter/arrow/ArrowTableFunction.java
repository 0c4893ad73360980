package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
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

  /**
   * The function that gives only some of its output's columns, in their order; empty if it gives
   * all of them or none.
   *
   * @param columns the positions of at least one
   */
  default Optional<ArrowTableFunction> only(List<Integer> columns) {
    return Optional.empty();
  }
}
