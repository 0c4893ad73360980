package io.tidegate.adapter.arrow;

import java.sql.SQLException;

/** A statement that changes a store: an INSERT into the lake or into ClickHouse, a DDL. */
public interface ArrowUpdate {

  /**
   * Runs it to its end.
   *
   * @return the rows that it wrote and that the store has acknowledged
   */
  long run(ArrowExecution execution) throws SQLException;

  /** What EXPLAIN shows, one engine query or step a line. */
  String explain();
}
