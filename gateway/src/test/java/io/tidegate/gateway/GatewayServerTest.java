package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock Avatica clients against the server, with DuckDB behind it. */
class GatewayServerTest {
  @TempDir Path directory;
  private GatewayServer server;

  @BeforeEach
  void start() throws SQLException {
    server = start(TidegateMeta.Idle.DEFAULT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void clientListsSchemasTablesAndColumns(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE trades (symbol VARCHAR, price DECIMAL(18,8))");
      assertThat(column(connection.getMetaData().getSchemas(), "TABLE_SCHEM")).contains("main");
      assertThat(
              column(connection.getMetaData().getTables(null, "main", "tr%", null), "TABLE_NAME"))
          .containsExactly("trades");
      assertThat(
              column(connection.getMetaData().getColumns(null, "main", "trades", "%"), "TYPE_NAME"))
          .containsExactly("VARCHAR", "DECIMAL(18,8)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void clientPreparesWithParametersAndInserts(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (n BIGINT, s VARCHAR, d DECIMAL(20,3), x DOUBLE)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?)")) {
        insert.setLong(1, Long.MAX_VALUE);
        insert.setString(2, "x' OR 1=1 -- 🚀\\");
        insert.setBigDecimal(3, new BigDecimal("12345678901234567.890"));
        insert.setDouble(4, 0.1);
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      assertThat(statement.executeUpdate("INSERT INTO t SELECT 1, NULL, NULL, NULL")).isEqualTo(1);
      try (PreparedStatement select =
          connection.prepareStatement("SELECT * FROM t WHERE n > ? ORDER BY n")) {
        select.setLong(1, 1);
        try (ResultSet result = select.executeQuery()) {
          assertThat(result.next()).isTrue();
          assertThat(result.getLong(1)).isEqualTo(Long.MAX_VALUE);
          assertThat(result.getString(2)).isEqualTo("x' OR 1=1 -- 🚀\\");
          assertThat(result.getBigDecimal(3)).isEqualByComparingTo("12345678901234567.890");
          assertThat(result.getDouble(4)).isEqualTo(0.1);
          assertThat(result.next()).isFalse();
        }
        select.setLong(1, 0);
        try (ResultSet again = select.executeQuery()) {
          assertThat(again.next()).isTrue();
          assertThat(again.getString(2)).isNull();
          assertThat(again.next()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void everyRowOfALongResultArrivesOnceAndInOrder(String serialization) throws SQLException {
    int rows = 3 * RowFrames.FRAME_ROWS + 7;
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT range AS n FROM range(" + rows + ") ORDER BY 1")) {
      for (long expected = 0; expected < rows; expected++) {
        assertThat(result.next()).isTrue();
        assertThat(result.getLong(1)).isEqualTo(expected);
      }
      assertThat(result.next()).isFalse();
    }
  }

  @Test
  void serverSendsThousandsOfRowsToAClientThatAsksForAHundred() throws Exception {
    String connectionId = "frames";
    post("{\"request\":\"openConnection\",\"connectionId\":\"" + connectionId + "\"}");
    post("{\"request\":\"createStatement\",\"connectionId\":\"" + connectionId + "\"}");
    String answer =
        post(
            "{\"request\":\"prepareAndExecute\",\"connectionId\":\"frames\",\"statementId\":0,"
                + "\"sql\":\"SELECT 7 AS n FROM range(25000)\",\"maxRowCount\":-1}");
    assertThat(answer.split("\\[7]", -1)).hasSize(RowFrames.FRAME_ROWS + 1);
    answer =
        post(
            "{\"request\":\"fetch\",\"connectionId\":\"frames\",\"statementId\":0,"
                + "\"offset\":10000,\"fetchMaxRowCount\":100}");
    assertThat(answer.split("\\[7]", -1)).hasSize(RowFrames.FRAME_ROWS + 1);
    answer =
        post(
            "{\"request\":\"fetch\",\"connectionId\":\"frames\",\"statementId\":0,"
                + "\"offset\":10000,\"fetchMaxRowCount\":100}");
    assertThat(answer).contains("\"24000\"", "20000 were sent and are gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void timesAreUtcInEveryFrame(String serialization) throws SQLException {
    // Avatica keeps the zone it first saw, so the build gives this JVM one that is not UTC.
    assertThat(TimeZone.getDefault().getRawOffset()).isNotZero();
    String digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))";
    try (GatewayServer calcite = calcite();
        Connection connection = connect(calcite, serialization);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT TIMESTAMP '1969-07-20 20:17:40.123', DATE '1969-07-20' FROM "
                    + String.join(" CROSS JOIN ", digits, digits, digits, digits))) {
      int rows = 0;
      while (result.next()) {
        assertThat(result.getTimestamp(1)).isEqualTo(Timestamp.valueOf("1969-07-20 20:17:40.123"));
        assertThat(result.getString(2)).isEqualTo("1969-07-20");
        rows++;
      }
      assertThat(rows).isEqualTo(11 * 11 * 11 * 11).isGreaterThan(RowFrames.FRAME_ROWS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void errorsComeWithSqlStateAndOneLine(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      SQLException error =
          catchThrowableOfType(
              SQLException.class, () -> statement.executeQuery("SELECT * FROM nowhere"));
      SqlError named = SqlErrors.of(error);
      assertThat(named.sqlState()).isEqualTo("HY000");
      assertThat(named.message())
          .startsWith("Catalog Error: Table with name nowhere does not exist!")
          .doesNotContain("Exception", "\n", "Remote driver error");
    }
  }

  @Test
  void sqlStateOfTheDriverReachesTheClient() throws SQLException {
    try (GatewayServer calcite = calcite();
        Connection connection = connect(calcite, "protobuf");
        Statement statement = connection.createStatement()) {
      SQLException error =
          catchThrowableOfType(
              SQLException.class, () -> statement.executeQuery("SELECT * FROM nowhere"));
      assertThat(SqlErrors.of(error).line())
          .isEqualTo("error [42S02]: Object 'NOWHERE' not found (line 1, column 15)");
      SQLException prepared =
          catchThrowableOfType(
              SQLException.class, () -> connection.prepareStatement("SELECT zz FROM (VALUES (1))"));
      assertThat(SqlErrors.of(prepared).sqlState()).isEqualTo("42S22");
    }
  }

  @Test
  void notANumberArrivesOverProtobufAndIsAnErrorOverJson() throws SQLException {
    String sql = "SELECT CAST('NaN' AS DOUBLE), CAST('-Infinity' AS DOUBLE)";
    try (Connection connection = connect("protobuf");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      assertThat(result.getDouble(1)).isNaN();
      assertThat(result.getDouble(2)).isEqualTo(Double.NEGATIVE_INFINITY);
    }
    try (Connection connection = connect("json");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      assertThatThrownBy(() -> result.getDouble(1)).isInstanceOf(ClassCastException.class);
    }
  }

  @Test
  void commandLineSaysTheSameRemotely() {
    CommandLineRun run =
        CommandLineRun.of(
            "sql",
            "--url",
            server.jdbcUrl(),
            "--format",
            "csv",
            "-e",
            "SELECT 1 AS a, NULL AS b; SELECT * FROM nowhere");
    assertThat(run.out()).isEqualTo("a,b\r\n1,\r\n");
    assertThat(run.err()).startsWith("error [HY000]: Catalog Error: Table with name nowhere");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void statementAtWorkOutlivesTheIdleTime() throws SQLException {
    server.close();
    Duration idle = Duration.ofMillis(200);
    server =
        GatewayServer.start(
            properties -> SlowSession.around(session(properties), idle.multipliedBy(6)),
            new TidegateMeta.Idle(idle, idle),
            StillWorking.BEAT,
            "127.0.0.1",
            0);
    try (Connection connection = connect("protobuf");
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("CREATE TABLE slow AS SELECT 1 AS n")).isGreaterThan(-1);
      try (ResultSet result = statement.executeQuery("SELECT n FROM slow")) {
        assertThat(result.next()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void clientDoesNotGiveUpOnAStatementThatTakesLong(String serialization) throws SQLException {
    Duration patience = Duration.ofMillis(500);
    try (GatewayServer slow =
            GatewayServer.start(
                properties -> SlowSession.around(session(properties), patience.multipliedBy(3)),
                TidegateMeta.Idle.DEFAULT,
                patience.dividedBy(10),
                "127.0.0.1",
                0);
        Connection connection =
            DriverManager.getConnection(
                "jdbc:avatica:remote:url="
                    + slow.url()
                    + ";serialization="
                    + serialization
                    + ";http_response_timeout="
                    + patience.toMillis());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 42")) {
      assertThat(result.next()).isTrue();
      assertThat(result.getInt(1)).isEqualTo(42);
    }
  }

  @Test
  void idleStatementIsClosedAndItsResultIsAnErrorNotAShorterOne() throws Exception {
    server.close();
    server = start(new TidegateMeta.Idle(Duration.ofMinutes(1), Duration.ofMillis(200)));
    try (Connection connection = connect("protobuf");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM range(30000)")) {
      for (int i = 0; i < RowFrames.FRAME_ROWS - 1; i++) {
        assertThat(result.next()).isTrue();
      }
      Thread.sleep(800);
      assertThatThrownBy(
              () -> {
                while (result.next()) {
                  // to where the next frame is asked for
                }
              })
          .satisfies(error -> assertThat(SqlErrors.of(error).sqlState()).isEqualTo("24000"));
    }
  }

  @Test
  void portInUseIsOneLine() {
    SQLException error =
        catchThrowableOfType(
            SQLException.class,
            () -> GatewayServer.start(this::session, "127.0.0.1", server.port()));
    assertThat(SqlErrors.of(error).line())
        .isEqualTo(
            "error [08000]: Cannot listen on 127.0.0.1:%d: Address already in use (another server"
                    .formatted(server.port())
                + " may have the port; choose one with --port)");
  }

  @Test
  void browserIsToldWhatThisIs() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(server.url())).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).contains("jdbc:avatica:remote:");
  }

  private GatewayServer start(TidegateMeta.Idle idle) throws SQLException {
    return GatewayServer.start(this::session, idle, StillWorking.BEAT, "127.0.0.1", 0);
  }

  /** DuckDB takes none of the client's properties. */
  private Connection session(Properties properties) throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("test.duckdb"));
  }

  private static GatewayServer calcite() throws SQLException {
    return GatewayServer.start(
        properties -> DriverManager.getConnection("jdbc:calcite:"), "127.0.0.1", 0);
  }

  private Connection connect(String serialization) throws SQLException {
    return connect(server, serialization);
  }

  private static Connection connect(GatewayServer server, String serialization)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:avatica:remote:url=" + server.url() + ";serialization=" + serialization);
  }

  private String post(String request) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url()))
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static List<String> column(ResultSet result, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    while (result.next()) {
      values.add(result.getString(name));
    }
    return values;
  }
}
