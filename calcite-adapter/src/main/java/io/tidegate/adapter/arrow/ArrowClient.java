package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** The one seam to an engine: SQL in, an Arrow stream out. */
public interface ArrowClient {

  /** The engine's name as EXPLAIN and messages show it. */
  String name();

  /**
   * Starts a query.
   *
   * @param query the query in the engine's own SQL; the engine opens the inputs that it refers to,
   *     and closes them when the result is closed, or before it throws
   * @param execution the running statement: allocator, id, cancellation
   * @return the result; the caller closes it. A failure in mid-stream is an IOException whose cause
   *     is the engine's SQLException, never a shorter stream.
   */
  ArrowReader open(ArrowSource.EngineQuery query, ArrowExecution execution) throws SQLException;
}
