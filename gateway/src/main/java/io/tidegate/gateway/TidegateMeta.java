package io.tidegate.gateway;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.AvaticaPreparedStatement;
import org.apache.calcite.avatica.AvaticaUtils;
import org.apache.calcite.avatica.NoSuchStatementException;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.jdbc.JdbcMeta;
import org.apache.calcite.avatica.jdbc.StatementInfo;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What Avatica's requests do: {@link JdbcMeta} with three things put right.
 *
 * <ul>
 *   <li>Frames of thousands of rows ({@link RowFrames}).
 *   <li>A statement at work is never taken for idle ({@link RunningStatements}).
 *   <li>A result that is gone is an error. By itself the client would silently run the query again
 *       and skip the rows it has seen, which for an unordered query gives wrong rows.
 * </ul>
 */
final class TidegateMeta extends JdbcMeta implements AutoCloseable {
  private static final String CACHE_KEYS = "avatica.";

  private final SessionOpener sessions;
  private final RunningStatements running;
  private final Duration idleStatement;
  private final Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);

  /** Opens the connection behind one client's connection. */
  @FunctionalInterface
  interface SessionOpener {
    Connection open(Properties properties) throws SQLException;
  }

  /**
   * How long what nobody uses stays open.
   *
   * @param connection an unused connection; the client opens another without noticing
   * @param statement an unused statement and the rest of its result
   */
  record Idle(Duration connection, Duration statement) {
    static final Idle DEFAULT = new Idle(Duration.ofHours(8), Duration.ofHours(1));
  }

  TidegateMeta(SessionOpener sessions, Idle idle) throws SQLException {
    super("jdbc:tidegate:", cacheProperties(idle));
    this.sessions = sessions;
    this.idleStatement = idle.statement();
    Duration shortest =
        idle.connection().compareTo(idle.statement()) < 0 ? idle.connection() : idle.statement();
    this.running =
        new RunningStatements(
            shortest,
            request -> {
              getConnectionCache().getIfPresent(request.connectionId());
              getStatementCache().getIfPresent(request.statementId());
            },
            () -> {
              getStatementCache().cleanUp();
              getConnectionCache().cleanUp();
            });
  }

  private static Properties cacheProperties(Idle idle) {
    Properties properties = new Properties();
    String unit = TimeUnit.MILLISECONDS.name();
    properties.setProperty(
        ConnectionCacheSettings.EXPIRY_DURATION.key(), millis(idle.connection()));
    properties.setProperty(ConnectionCacheSettings.EXPIRY_UNIT.key(), unit);
    properties.setProperty(StatementCacheSettings.EXPIRY_DURATION.key(), millis(idle.statement()));
    properties.setProperty(StatementCacheSettings.EXPIRY_UNIT.key(), unit);
    return properties;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  @Override
  protected Connection createConnection(String url, Properties info) throws SQLException {
    Properties properties = new Properties();
    info.forEach(
        (key, value) -> {
          if (!((String) key).startsWith(CACHE_KEYS)) {
            properties.put(key, value);
          }
        });
    return sessions.open(properties);
  }

  @Override
  public StatementHandle createStatement(ConnectionHandle connection) {
    try {
      ServedStatement served = new ServedStatement(session(connection).createStatement());
      return new StatementHandle(connection.id, keep(served), null);
    } catch (SQLException e) {
      throw new RequestFailure(e);
    }
  }

  @Override
  public StatementHandle prepare(ConnectionHandle connection, String sql, long maxRowCount) {
    try {
      PreparedStatement prepared = session(connection).prepareStatement(sql);
      limit(prepared, maxRowCount);
      StatementType type =
          prepared.isWrapperFor(AvaticaPreparedStatement.class)
              ? prepared.unwrap(AvaticaPreparedStatement.class).getStatementType()
              : null;
      Signature signature =
          signature(prepared.getMetaData(), prepared.getParameterMetaData(), sql, type);
      return new StatementHandle(connection.id, keep(new ServedStatement(prepared)), signature);
    } catch (SQLException e) {
      throw new RequestFailure(e);
    }
  }

  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle handle,
      String sql,
      long maxRowCount,
      int maxRowsInFirstFrame,
      PrepareCallback callback)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      ServedStatement served = served(handle);
      limit(served.statement(), maxRowCount);
      return result(handle, served, served.statement().execute(sql));
    } catch (SQLException e) {
      throw new RequestFailure(e);
    }
  }

  @Override
  public ExecuteResult execute(
      StatementHandle handle, List<TypedValue> parameterValues, int maxRowsInFirstFrame)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      ServedStatement served = served(handle);
      PreparedStatement prepared = (PreparedStatement) served.statement();
      if (parameterValues != null) {
        for (int i = 0; i < parameterValues.size(); i++) {
          TypedValue value = parameterValues.get(i);
          if (value == null) {
            throw new SQLException("Parameter " + (i + 1) + " has no value", "07002");
          }
          prepared.setObject(i + 1, value.toJdbc(utc));
        }
      }
      return result(handle, served, prepared.execute());
    } catch (SQLException e) {
      throw new RequestFailure(e);
    }
  }

  @Override
  public Frame fetch(StatementHandle handle, long offset, int fetchMaxRowCount) {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      getConnectionCache().getIfPresent(handle.connectionId);
      StatementInfo info = getStatementCache().getIfPresent(handle.id);
      if (!(info instanceof ServedStatement served) || served.getResultSet() == null) {
        throw new SQLException(
            "The rest of the result is gone: its statement was closed, or idle for longer than "
                + idleStatement.toMinutes()
                + " minutes",
            "24000");
      }
      return served.nextFrame(offset);
    } catch (SQLException e) {
      throw new RequestFailure(e);
    }
  }

  @Override
  public boolean syncResults(StatementHandle handle, QueryState state, long offset)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      return super.syncResults(handle, state, offset);
    }
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle handle, List<String> commands)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      return super.prepareAndExecuteBatch(handle, commands);
    }
  }

  @Override
  public ExecuteBatchResult executeBatch(
      StatementHandle handle, List<List<TypedValue>> updateBatches)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      return super.executeBatch(handle, updateBatches);
    }
  }

  @Override
  public ExecuteBatchResult executeBatchProtobuf(
      StatementHandle handle, List<Requests.UpdateBatch> updateBatches)
      throws NoSuchStatementException {
    try (RunningStatements.Mark mark = running.begin(handle.connectionId, handle.id)) {
      return super.executeBatchProtobuf(handle, updateBatches);
    }
  }

  /** Closes every client's connection; a statement at work fails. */
  @Override
  public void close() {
    running.close();
    getStatementCache().invalidateAll();
    getConnectionCache().invalidateAll();
  }

  private ExecuteResult result(StatementHandle handle, ServedStatement served, boolean rows)
      throws SQLException {
    MetaResultSet result;
    if (rows) {
      ResultSet resultSet = served.statement().getResultSet();
      Signature signature = signature(resultSet.getMetaData());
      served.setResultSet(resultSet);
      result =
          MetaResultSet.create(
              handle.connectionId, handle.id, true, signature, served.nextFrame(0));
    } else {
      served.setResultSet(null);
      long count = AvaticaUtils.getLargeUpdateCount(served.statement());
      // -1 would tell the client that rows follow; a statement without a count changed none.
      result = MetaResultSet.count(handle.connectionId, handle.id, Math.max(0, count));
    }
    return new ExecuteResult(List.of(result));
  }

  private Connection session(ConnectionHandle connection) throws SQLException {
    return getConnection(connection.id);
  }

  private int keep(ServedStatement served) {
    int id = getStatementIdGenerator().getAndIncrement();
    getStatementCache().put(id, served);
    return id;
  }

  private ServedStatement served(StatementHandle handle) throws NoSuchStatementException {
    getConnectionCache().getIfPresent(handle.connectionId);
    if (getStatementCache().getIfPresent(handle.id) instanceof ServedStatement served) {
      return served;
    }
    throw new NoSuchStatementException(handle);
  }

  private static void limit(Statement statement, long maxRowCount) throws SQLException {
    if (maxRowCount > 0) {
      AvaticaUtils.setLargeMaxRows(statement, maxRowCount);
    } else if (maxRowCount < 0) {
      statement.setMaxRows(0);
    }
  }

  /** Carries an {@link SQLException} through signatures that have none. */
  private static final class RequestFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RequestFailure(SQLException cause) {
      super(cause);
    }
  }
}
