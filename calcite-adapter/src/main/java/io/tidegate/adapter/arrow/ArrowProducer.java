package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Rows that no engine gives: a reader of our own, such as one of files. */
@FunctionalInterface
public interface ArrowProducer {

  /** Starts reading. The caller closes the result; it fails as an engine's does. */
  ArrowReader open(ArrowExecution execution) throws SQLException;
}
