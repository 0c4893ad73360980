package io.tidegate.adapter.arrow;

import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** An engine that can be given keys with a query, so that it sends only the rows that have them. */
public interface KeyedClient extends ArrowClient {

  /**
   * Starts a query that reads keys as a relation of the name {@link ArrowSource.KeyedQuery#KEYS}.
   * Otherwise as {@link #open(ArrowSource.EngineQuery, ArrowExecution)}.
   */
  ArrowReader open(ArrowSource.EngineQuery query, KeyRows keys, ArrowExecution execution)
      throws SQLException;
}
