package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ForwardingArrowReader;
import io.tidegate.adapter.arrow.KeyRows;
import io.tidegate.adapter.arrow.KeyedClient;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ClickHouse server as the planner's store: queries in, Arrow out; a cancelled one is killed. */
public final class ClickHouseEngine implements KeyedClient, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClickHouseEngine.class);

  private final ClickHouseClient client;
  private final AtomicLong queries = new AtomicLong();

  public ClickHouseEngine(ClickHouseClient client) {
    this.client = requireNonNull(client, "client");
  }

  public ClickHouseClient client() {
    return client;
  }

  @Override
  public String name() {
    return "ClickHouse";
  }

  /** The id of the next query of a statement; what system.query_log shows. */
  String queryId(ArrowExecution execution) {
    return execution.id() + "-q" + queries.incrementAndGet();
  }

  @Override
  public ArrowReader open(ArrowSource.EngineQuery query, ArrowExecution execution)
      throws SQLException {
    if (!query.inputs().isEmpty()) {
      throw new IllegalStateException("ClickHouse reads no Arrow inputs");
    }
    return open(query.sql(), Map.of(), execution);
  }

  @Override
  public ArrowReader open(ArrowSource.EngineQuery query, KeyRows keys, ArrowExecution execution)
      throws SQLException {
    KeyParameters parameters = KeyParameters.of(keys);
    return open(parameters.with() + query.sql(), parameters.values(), execution);
  }

  private ArrowReader open(String sql, Map<String, Object> parameters, ArrowExecution execution)
      throws SQLException {
    String queryId = queryId(execution);
    Runnable kill = kill(queryId);
    execution.onCancel(kill);
    try {
      return new Answer(
          client.query(sql, parameters, queryId, execution.allocator()), execution, kill);
    } catch (SQLException | RuntimeException | Error e) {
      execution.removeCancelAction(kill);
      if (execution.isCancelled()) {
        execution.checkCancelled();
      }
      throw e;
    }
  }

  /** Runs a statement that stays in ClickHouse; returns the rows that it wrote. */
  long execute(String sql, ArrowExecution execution) throws SQLException {
    return executeIn(client.endpoint().database(), sql, execution);
  }

  /** The same with another database for the names that tell none. */
  long executeIn(String database, String sql, ArrowExecution execution) throws SQLException {
    String queryId = queryId(execution);
    Runnable kill = kill(queryId);
    execution.onCancel(kill);
    try {
      return client.executeIn(database, sql, queryId);
    } finally {
      execution.removeCancelAction(kill);
    }
  }

  private Runnable kill(String queryId) {
    return () -> {
      try {
        client.kill(queryId);
      } catch (SQLException e) {
        LOGGER.warn("Could not kill query {}", queryId, e);
      }
    };
  }

  @Override
  public void close() {
    client.close();
  }

  /** An answer that is no longer killed once it is closed. */
  private static final class Answer extends ForwardingArrowReader {
    private final ArrowExecution execution;
    private final Runnable kill;

    Answer(ArrowReader reader, ArrowExecution execution, Runnable kill) {
      super(reader, execution.allocator());
      this.execution = execution;
      this.kill = kill;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      boolean more = super.loadNextBatch();
      if (more) {
        execution.rows().addAndGet(getVectorSchemaRoot().getRowCount());
      }
      return more;
    }

    @Override
    protected void closeReadSource() throws IOException {
      execution.removeCancelAction(kill);
      super.closeReadSource();
    }
  }
}
