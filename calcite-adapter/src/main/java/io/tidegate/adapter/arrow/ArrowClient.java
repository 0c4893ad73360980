package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowReader;

/** The one seam to an engine: SQL in, an Arrow stream out. */
public interface ArrowClient {

  /** The engine's name as EXPLAIN and messages show it. */
  String name();

  /**
   * Starts a query.
   *
   * @param sql the query in the engine's own SQL
   * @param inputs Arrow streams that the SQL refers to by name; the client takes them over and
   *     closes them when the result is closed, or before it throws. Empty for an engine that takes
   *     none.
   * @param execution the running statement: allocator, id, cancellation
   * @return the result; the caller closes it. A failure in mid-stream is an IOException whose cause
   *     is the engine's SQLException, never a shorter stream.
   */
  ArrowReader open(String sql, Map<String, ArrowReader> inputs, ArrowExecution execution)
      throws SQLException;

  /**
   * Starts a query again that failed without a name, in a way that gives one, such as without
   * streaming. An engine whose errors have names never comes here.
   */
  default ArrowReader openAgain(
      String sql, Map<String, ArrowReader> inputs, ArrowExecution execution) throws SQLException {
    return open(sql, inputs, execution);
  }
}
