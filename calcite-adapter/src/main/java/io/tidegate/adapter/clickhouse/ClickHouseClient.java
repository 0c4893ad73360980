package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.enums.SSLMode;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wire to one ClickHouse server: SQL and Arrow in, Arrow out, over HTTP.
 *
 * <p>The only class that knows the vendor's client, which is used for what it is good at - pooled
 * connections, TLS, authentication - with its retries and its compression off: a retry may double
 * an insert, and compressing in Java is slower than any network this runs on. Thread-safe.
 *
 * @see <a href="https://clickhouse.com/docs/interfaces/http">the HTTP interface</a>
 */
public final class ClickHouseClient implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ClickHouseClient.class);
  private static final int MAX_CONNECTIONS = 256;

  /** Above this the parameters go in the request's body: a server takes 1 MiB of URI by default. */
  private static final int LONGEST_URI_PARAMETERS = 64 << 10;

  private static final long LONGEST_KILL_MILLIS = 10_000;

  private final ClickHouseEndpoint endpoint;
  private final Client client;

  public ClickHouseClient(ClickHouseEndpoint endpoint) {
    this.endpoint = requireNonNull(endpoint, "endpoint");
    Client.Builder builder =
        new Client.Builder()
            .addEndpoint((endpoint.secure() ? "https://" : "http://") + endpoint.address())
            .setUsername(endpoint.user())
            .setPassword(endpoint.password())
            .setDefaultDatabase(endpoint.database())
            .setClientName("tidegate")
            .setConnectTimeout(endpoint.connectTimeout().toMillis(), ChronoUnit.MILLIS)
            .setSocketTimeout(endpoint.requestTimeout().toMillis(), ChronoUnit.MILLIS)
            .setConnectionRequestTimeout(endpoint.requestTimeout().toMillis(), ChronoUnit.MILLIS)
            .setMaxConnections(MAX_CONNECTIONS)
            .setMaxRetries(0)
            .retryOnFailures(ClientFaultCause.None)
            .compressServerResponse(false)
            .compressClientRequest(false)
            .useHttpCompression(false)
            .useServerTimeZone(false)
            .useTimeZone("UTC");
    if (endpoint.secure()) {
      builder.setSSLMode(endpoint.verify() ? SSLMode.STRICT : SSLMode.TRUST);
    }
    ClickHouseSettings.SESSION.forEach(builder::serverSetting);
    this.client = builder.build();
  }

  public ClickHouseEndpoint endpoint() {
    return endpoint;
  }

  /**
   * Runs a query; the caller closes the reader, and with it the answer.
   *
   * @param parameters values of the {@code {name:Type}} placeholders in {@code sql}; a server takes
   *     128 KiB of text per value unless its {@code http_max_field_value_size} says otherwise
   * @param queryId what to {@link #kill}, and what errors name
   * @throws SQLException if the server rejects the query before its first rows; later, {@link
   *     ArrowReader#loadNextBatch} throws, never giving fewer rows. A reader closed before its end
   *     kills the query.
   */
  public ArrowReader query(
      String sql, Map<String, Object> parameters, String queryId, BufferAllocator allocator)
      throws SQLException {
    QueryResponse response =
        send(sql, parameters, queryId, new QuerySettings().setFormat(ClickHouseFormat.ArrowStream));
    InputStream body = response.getInputStream();
    ClickHouseStream stream =
        new ClickHouseStream(body, response, () -> cutConnection(body, queryId));
    ClickHouseReader reader =
        new ClickHouseReader(
            stream,
            allocator,
            failure -> streamFailure(stream, failure, queryId),
            () -> killQuietly(queryId));
    try {
      reader.getVectorSchemaRoot();
      return reader;
    } catch (IOException | RuntimeException e) {
      try (reader) {
        throw e instanceof IOException failure
            ? ClickHouseException.of(failure)
            : failed(e, queryId);
      } catch (IOException suppressed) {
        throw new IllegalStateException("An answer given up cannot fail to close", suppressed);
      }
    }
  }

  /** Runs a statement without an answer; returns the rows it wrote, if it wrote any. */
  public long execute(String sql, Map<String, Object> parameters, String queryId)
      throws SQLException {
    return execute(sql, parameters, queryId, new QuerySettings());
  }

  /** Runs a statement in which names without a database are of the given one. */
  long executeIn(String database, String sql, String queryId) throws SQLException {
    return execute(sql, Map.of(), queryId, new QuerySettings().setDatabase(database));
  }

  private long execute(
      String sql, Map<String, Object> parameters, String queryId, QuerySettings settings)
      throws SQLException {
    settings.waitEndOfQuery(true);
    try (QueryResponse response = send(sql, parameters, queryId, settings)) {
      return response.getWrittenRows();
    } catch (SQLException e) {
      throw e;
    } catch (Exception e) {
      throw failed(e, queryId);
    }
  }

  /** All rows of a small answer, such as one about metadata. */
  <T> List<T> rows(String sql, Map<String, Object> parameters, ClickHouseRow.Mapper<T> mapper)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator();
        ArrowReader reader = query(sql, parameters, newQueryId(), allocator)) {
      VectorSchemaRoot batch = reader.getVectorSchemaRoot();
      ClickHouseRow row = new ClickHouseRow(batch);
      while (reader.loadNextBatch()) {
        for (int i = 0; i < batch.getRowCount(); i++) {
          row.moveTo(i);
          rows.add(mapper.map(row));
        }
      }
    } catch (IOException e) {
      throw ClickHouseException.of(e);
    }
    return rows;
  }

  /**
   * Inserts one Arrow stream as one request.
   *
   * @param table its qualified name, quoted
   * @param columns their names, not quoted, in the order of the stream
   * @param arrowStream the whole stream, its end marker included
   * @param settings further settings, such as the deduplication token
   */
  void insertArrow(
      String table,
      List<String> columns,
      ByteBuffer arrowStream,
      Map<String, String> settings,
      String queryId)
      throws SQLException {
    InsertSettings insertSettings = new InsertSettings().setQueryId(queryId);
    settings.forEach(insertSettings::serverSetting);
    List<String> quoted =
        columns.stream().map(ClickHouseIdentifiers::quote).collect(Collectors.toList());
    ByteBuffer bytes = arrowStream.duplicate();
    try (InsertResponse response =
        await(
            client.insert(
                table,
                quoted,
                out ->
                    out.write(
                        bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()),
                ClickHouseFormat.ArrowStream,
                insertSettings),
            queryId)) {
      LOGGER.debug("Inserted {} rows in query {}", response.getWrittenRows(), queryId);
    } catch (SQLException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e, queryId);
    }
  }

  /** Asks the server to stop a query; one that is over already is no error. */
  public void kill(String queryId) throws SQLException {
    QuerySettings settings = new QuerySettings();
    settings.setNetworkTimeout(
        Math.min(endpoint.requestTimeout().toMillis(), LONGEST_KILL_MILLIS), ChronoUnit.MILLIS);
    execute(
        "KILL QUERY WHERE query_id = {query_id:String} ASYNC FORMAT Null",
        Map.of("query_id", queryId),
        newQueryId(),
        settings);
  }

  /** The server's version, which also shows that it can be reached. */
  public String serverVersion() throws SQLException {
    return rows("SELECT version()", Map.of(), row -> row.text(0)).get(0);
  }

  @Override
  public void close() {
    client.close();
  }

  static String newQueryId() {
    return "tidegate-" + UUID.randomUUID();
  }

  private QueryResponse send(
      String sql, Map<String, Object> parameters, String queryId, QuerySettings settings)
      throws SQLException {
    settings.setQueryId(requireNonNull(queryId, "queryId"));
    Map<String, Object> texts = new HashMap<>();
    long length = 0;
    for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
      String text = ClickHouseParameters.text(parameter.getKey(), parameter.getValue());
      length += text.length();
      texts.put(parameter.getKey(), new Verbatim(text));
    }
    if (length > LONGEST_URI_PARAMETERS) {
      settings.setOption("client.http.use_form_request_for_query", true);
    }
    try {
      return await(
          texts.isEmpty() ? client.query(sql, settings) : client.query(sql, texts, settings),
          queryId);
    } catch (RuntimeException e) {
      throw failed(e, queryId);
    }
  }

  /** A parameter whose text is ready; the client escapes strings in its own way. */
  private record Verbatim(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private <T> T await(Future<T> future, String queryId) throws SQLException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failed(e.getCause(), queryId);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      killQuietly(queryId);
      throw new SQLException("Interrupted while ClickHouse ran query " + queryId, "57014", e);
    }
  }

  private ClickHouseException streamFailure(
      ClickHouseStream stream, IOException failure, String queryId) {
    if (!(rootOf(failure) instanceof SocketTimeoutException)) {
      ClickHouseException told = ClickHouseException.inStream(stream.drainTail(), queryId, failure);
      if (told != null) {
        return told;
      }
    }
    return failed(failure, queryId);
  }

  private ClickHouseException failed(Throwable failure, String queryId) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof ClickHouseException known) {
        return known;
      }
      if (each instanceof ServerException server) {
        return ClickHouseException.rejected(
            server.getCode(), server.getMessage(), queryId, failure);
      }
    }
    Throwable root = rootOf(failure);
    boolean connecting =
        failure instanceof ConnectionInitiationException
            || failure.getCause() instanceof ConnectionInitiationException;
    if (connecting && !(root.getClass().getSimpleName().equals("NoHttpResponseException"))) {
      return ClickHouseException.unreachable(endpoint, failure);
    }
    return root instanceof SocketTimeoutException
        ? ClickHouseException.silent(endpoint, queryId, failure)
        : ClickHouseException.lost(endpoint, queryId, failure);
  }

  /**
   * An answer that ends early has to take its connection with it, or its rest is read to no end.
   */
  private void cutConnection(InputStream body, String queryId) {
    if (body instanceof EofSensorInputStream connected) {
      try {
        connected.abort();
      } catch (IOException e) {
        LOGGER.debug("Could not cut the connection of query {}", queryId, e);
      }
    } else {
      killQuietly(queryId);
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private void killQuietly(String queryId) {
    try {
      kill(queryId);
    } catch (SQLException e) {
      LOGGER.debug("Could not kill query {}", queryId, e);
    }
  }
}
