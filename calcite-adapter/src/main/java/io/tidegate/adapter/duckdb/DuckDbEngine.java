package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowClient;
import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.SqlFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;

/**
 * The local engine: one DuckDB instance in this process, a connection for each statement. The only
 * class that knows DuckDB's driver.
 */
public final class DuckDbEngine implements ArrowClient, AutoCloseable {

  /** Rows in an Arrow batch that leaves DuckDB; a multiple of DuckDB's vector of 2,048. */
  private static final int BATCH_ROWS = 262_144;

  /** What each statement of {@link #oneThread} may take: a row group, and the sort of one. */
  private static final int ONE_THREAD_MB = 128;

  private final DuckDBConnection root;
  private final Settings settings;
  private final AtomicLong connections = new AtomicLong(1);
  private DuckDbEngine oneThread;

  private DuckDbEngine(DuckDBConnection root, Settings settings) {
    this.root = root;
    this.settings = settings;
  }

  /**
   * Settings of the instance.
   *
   * @param memoryLimit as DuckDB writes it, such as {@code 4GB}; beyond it DuckDB spills
   * @param threads worker threads
   * @param temporaryDirectory where it spills to; made when first needed
   */
  public record Settings(String memoryLimit, int threads, Path temporaryDirectory) {
    public Settings {
      requireNonNull(memoryLimit, "memoryLimit");
      requireNonNull(temporaryDirectory, "temporaryDirectory");
    }
  }

  public static DuckDbEngine start(Settings settings) throws SQLException {
    Properties properties = new Properties();
    // No extension can be fetched where there is no network, and a query must not try to.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("memory_limit", settings.memoryLimit());
    properties.setProperty("threads", Integer.toString(settings.threads()));
    properties.setProperty("temp_directory", settings.temporaryDirectory().toString());
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    DuckDBConnection root =
        (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", properties);
    DuckDbEngine engine = new DuckDbEngine(root, settings);
    engine.execute("SET TimeZone = 'UTC'");
    return engine;
  }

  @Override
  public String name() {
    return "DuckDB";
  }

  /**
   * Attaches a database file under a catalog name. A file that another process holds is refused.
   */
  public void attach(Path file, String catalog) throws SQLException {
    execute(
        "ATTACH "
            + new DuckDbDialect().string(file.toString())
            + " AS "
            + DuckDbDialect.quote(catalog));
  }

  public String version() throws SQLException {
    return rows("SELECT version()", row -> row.getString(1)).get(0);
  }

  /** Where rows go that memory is not for; made when first needed. */
  Path spillDirectory() {
    return settings.temporaryDirectory();
  }

  /** How many threads a statement may have. */
  int threads() {
    return settings.threads();
  }

  /**
   * An instance whose statements run on the thread that asks for them, for many small ones at once:
   * in one with more threads these wait for each other. It knows no other database's tables. Made
   * when first needed, closed with this one.
   */
  synchronized DuckDbEngine oneThread() throws SQLException {
    if (oneThread == null) {
      String memory = ONE_THREAD_MB * settings.threads() + "MB";
      oneThread = start(new Settings(memory, 1, settings.temporaryDirectory()));
    }
    return oneThread;
  }

  /** How many connections this engine has opened so far, its own included. */
  public long connectionsOpened() {
    return connections.get();
  }

  private DuckDBConnection connect() throws SQLException {
    DuckDBConnection connection = (DuckDBConnection) root.duplicate();
    connections.incrementAndGet();
    return connection;
  }

  /** Runs a statement outside any query, such as DDL. */
  public void execute(String sql) throws SQLException {
    try (DuckDBConnection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  /** One row of a metadata query. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A small query for metadata. */
  public <T> List<T> rows(String sql, Row<T> row) throws SQLException {
    try (DuckDBConnection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    } catch (SQLException e) {
      throw DuckDbErrors.translate(e);
    }
  }

  @Override
  public ArrowReader open(ArrowSource.EngineQuery query, ArrowExecution execution)
      throws SQLException {
    DuckDbSession session = session(execution.openInputs(query), execution);
    try {
      return session.query(query.sql());
    } catch (SQLException | RuntimeException | Error e) {
      session.closeQuietly(e);
      if (e instanceof SQLException failure && DuckDbErrors.isNameless(failure)) {
        throw namedFailure(query, execution, failure);
      }
      throw e;
    }
  }

  /**
   * Runs a query again for its error. The driver forgets why a query failed that it streams, if it
   * failed before its first batch; its chunked result remembers that, and a stream that hardly runs
   * ahead of its reader remembers a later failure.
   */
  private SQLException namedFailure(
      ArrowSource.EngineQuery query, ArrowExecution execution, SQLException nameless)
      throws SQLException {
    try (DuckDbSession session = session(execution.openInputs(query), execution)) {
      session.readToEnd(query.sql());
    }
    try (DuckDbSession session = session(execution.openInputs(query), execution);
        ArrowReader rows = session.queryStepByStep(query.sql())) {
      while (rows.loadNextBatch()) {
        // Only its error is wanted.
      }
      return nameless;
    } catch (IOException e) {
      SQLException failure = SqlFailure.causeOf(e);
      return failure == null ? nameless : failure;
    }
  }

  /**
   * Rows on their way between two places, which their statement has counted before, in an order.
   *
   * @param rows taken over
   * @param name under which the query reads them
   */
  ArrowReader sorted(ArrowReader rows, String name, String query, ArrowExecution execution)
      throws SQLException {
    DuckDbSession session = session(Map.of(name, rows), execution);
    try {
      return session.countedElsewhere(query);
    } catch (SQLException | RuntimeException | Error e) {
      session.closeQuietly(e);
      throw e;
    }
  }

  /** A connection of its own for a statement, with Arrow inputs; the caller closes it. */
  DuckDbSession session(Map<String, ArrowReader> inputs, ArrowExecution execution)
      throws SQLException {
    return new DuckDbSession(new Connection(connect()), inputs, execution);
  }

  /** A connection that stays, for {@link DuckDbPool}; the caller closes it. */
  Connection connection() throws SQLException {
    return new Connection(connect());
  }

  @Override
  public synchronized void close() throws SQLException {
    try {
      root.close();
    } finally {
      if (oneThread != null) {
        oneThread.close();
      }
    }
  }

  /** DuckDB's connection as the rest of this package sees it. */
  static final class Connection implements AutoCloseable {
    private final DuckDBConnection connection;

    private Connection(DuckDBConnection connection) {
      this.connection = connection;
    }

    Statement statement() throws SQLException {
      return connection.createStatement();
    }

    PreparedStatement prepare(String sql) throws SQLException {
      return connection.prepareStatement(sql);
    }

    /** Makes a stream readable as a table, once. DuckDB takes the stream over. */
    void register(String name, ArrowArrayStream stream) {
      connection.registerArrowStream(name, stream);
    }

    /** Reads a query's result chunk by chunk and drops it. */
    void readToEnd(String sql) throws SQLException {
      try (DuckDBPreparedStatement statement = connection.prepare(sql);
          DuckDBChunkedResult result = statement.query()) {
        while (result.nextChunk()) {
          // Only its error is wanted.
        }
      }
    }

    /** The rest of a result as Arrow batches. */
    static ArrowReader export(ResultSet result, BufferAllocator allocator) throws SQLException {
      return (ArrowReader)
          result.unwrap(DuckDBResultSet.class).arrowExportStream(allocator, BATCH_ROWS);
    }

    static void export(BufferAllocator allocator, ArrowReader reader, ArrowArrayStream stream) {
      Data.exportArrayStream(allocator, reader, stream);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
