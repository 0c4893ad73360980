package io.tidegate.adapter.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickHouseClientTest {
  private static ClickHouseClient client;
  private BufferAllocator allocator;

  @BeforeAll
  static void connect() throws Exception {
    client = new ClickHouseClient(TestClickHouse.databaseOf(ClickHouseClientTest.class));
  }

  @AfterAll
  static void disconnect() {
    client.close();
  }

  @BeforeEach
  void openAllocator() {
    allocator = new RootAllocator();
  }

  @AfterEach
  void nothingIsOutstanding() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void everyRowOfALargeAnswerArrives() throws Exception {
    assertThat(count("SELECT number, toString(number) FROM numbers(3000000)")).isEqualTo(3_000_000);
  }

  @Test
  void answerWithoutRowsHasASchema() throws Exception {
    try (ArrowReader reader = query("SELECT 1 AS a, 'x' AS b WHERE 0")) {
      assertThat(reader.getVectorSchemaRoot().getSchema().getFields())
          .extracting(Field::getName)
          .containsExactly("a", "b");
      assertThat(reader.loadNextBatch()).isFalse();
      assertThat(reader.loadNextBatch()).isFalse();
    }
  }

  @Test
  void typesArriveAsTheirArrowTypes() throws Exception {
    String sql =
        """
        SELECT true AS bool, toInt8(1) AS i8, toUInt8(1) AS u8, toInt64(1) AS i64, toUInt64(1) AS u64,
          toInt128(1) AS i128, 1.5::Float32 AS f32, 1.5::Float64 AS f64,
          toDecimal32(1, 2) AS d32, toDecimal64(1, 2) AS d64, toDecimal128(1, 10) AS d128,
          toDate32('1960-01-01') AS day32,
          toDateTime('2020-01-01 00:00:00') AS second,
          toDateTime64('1960-01-01 00:00:00.123456', 6, 'UTC') AS micros,
          'x'::LowCardinality(String) AS low, toFixedString('abc', 3) AS fixed,
          generateUUIDv4() AS uuid, 'a'::Enum8('a' = 1) AS enumeration,
          toIPv4('1.2.3.4') AS ip4, [1, 2]::Array(Int32) AS list, NULL::Nullable(Int32) AS nothing
        """;
    try (ArrowReader reader = query(sql)) {
      List<String> types = new ArrayList<>();
      for (Field field : reader.getVectorSchemaRoot().getSchema().getFields()) {
        types.add(
            field.getName() + " " + field.getType() + (field.isNullable() ? "" : " not null"));
      }
      reader.loadNextBatch();
      assertThat(reader.getVectorSchemaRoot().getVector("micros").getObject(0).toString())
          .isEqualTo("-315619199876544");
      assertThat(types)
          .containsExactly(
              "bool Bool not null",
              "i8 Int(8, true) not null",
              "u8 Int(8, false) not null",
              "i64 Int(64, true) not null",
              "u64 Int(64, false) not null",
              "i128 FixedSizeBinary(16) not null",
              "f32 FloatingPoint(SINGLE) not null",
              "f64 FloatingPoint(DOUBLE) not null",
              "d32 Decimal(9, 2, 128) not null",
              "d64 Decimal(18, 2, 128) not null",
              "d128 Decimal(38, 10, 128) not null",
              "day32 Date(DAY) not null",
              "second Int(32, false) not null",
              "micros Timestamp(MICROSECOND, UTC) not null",
              "low Utf8 not null",
              "fixed FixedSizeBinary(3) not null",
              "uuid FixedSizeBinary(16) not null",
              "enumeration Int(8, true) not null",
              "ip4 Int(32, false) not null",
              "list List not null",
              "nothing Int(32, true)");
    }
  }

  @Test
  void errorInMidStreamIsAnErrorAndNotTheEnd() throws Exception {
    String sql = "SELECT number, throwIf(number = 1000000) FROM numbers(2000000)";
    try (ArrowReader reader = client.query(sql, Map.of(), "mid-stream", allocator)) {
      IOException failure = catchThrowableOfType(IOException.class, () -> readAll(reader));
      ClickHouseException error = (ClickHouseException) ClickHouseException.of(failure);
      assertThat(error.getErrorCode()).isEqualTo(395);
      assertThat(error.errorName()).isEqualTo("FUNCTION_THROW_IF_VALUE_IS_NON_ZERO");
      assertThat((Throwable) error)
          .hasMessageStartingWith(
              "ClickHouse rejected query mid-stream (code 395,"
                  + " FUNCTION_THROW_IF_VALUE_IS_NON_ZERO): Value passed to 'throwIf' function");
      assertThat(failure).hasMessage(error.getMessage());
      assertThatThrownBy(reader::loadNextBatch).isInstanceOf(IOException.class);
    }
  }

  @Test
  void killedQueryIsAnErrorInItsReader() throws Exception {
    String queryId = ClickHouseClient.newQueryId();
    String sql = "SELECT number, randomPrintableASCII(100) FROM system.numbers";
    try (ArrowReader reader = client.query(sql, Map.of(), queryId, allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      client.kill(queryId);
      IOException failure = catchThrowableOfType(IOException.class, () -> readAll(reader));
      assertThat(ClickHouseException.of(failure).getSQLState()).isEqualTo("57014");
    }
  }

  @Test
  void readerClosedBeforeItsEndStopsTheQuery() throws Exception {
    String queryId = ClickHouseClient.newQueryId();
    try (ArrowReader reader =
        client.query("SELECT number FROM system.numbers", Map.of(), queryId, allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
    }
    String running = "SELECT count() FROM system.processes WHERE query_id = {id:String}";
    while (client.rows(running, Map.of("id", queryId), row -> row.number(0)).get(0) > 0) {
      Thread.sleep(20);
    }
  }

  @Test
  void serverKilledInMidStreamIsAnError(@TempDir Path data) throws Exception {
    try (EmbeddedClickHouse engine = EmbeddedClickHouse.open(data, TestClickHouse.library());
        ClickHouseClient other = new ClickHouseClient(engine.endpoint());
        ArrowReader reader =
            other.query("SELECT number FROM system.numbers", Map.of(), "doomed", allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      EmbeddedClickHouseTest.killEngine(data);
      IOException failure = catchThrowableOfType(IOException.class, () -> readAll(reader));
      SQLException error = ClickHouseException.of(failure);
      assertThat(error.getMessage()).startsWith("Lost the connection to ClickHouse at 127.0.0.1:");
      assertThat(error.getSQLState()).isEqualTo("08006");
    }
  }

  @Test
  void bodyCutAtABatchBorderIsAnError() throws Exception {
    byte[] whole = arrowBytes("SELECT number FROM numbers(200000)");
    // Everything but the end marker, in an answer that is proper HTTP.
    byte[] answer = Arrays.copyOf(whole, whole.length - 8);
    try (ServerSocket server = new ServerSocket(0)) {
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> answerOnce(server, answer));
      ClickHouseEndpoint endpoint =
          ClickHouseEndpoint.of("127.0.0.1", server.getLocalPort(), "u", "p", "d");
      try (ClickHouseClient other = new ClickHouseClient(endpoint);
          ArrowReader reader = other.query("SELECT 1", Map.of(), "cut", allocator)) {
        IOException failure = catchThrowableOfType(IOException.class, () -> readAll(reader));
        assertThat(failure).hasMessageContaining("without Arrow's end marker");
        served.join();
      }
    }
  }

  @Test
  void rejectionsHaveTheirSqlState() {
    assertThat(stateOf("SELECT * FROM nowhere")).isEqualTo("42S02");
    assertThat(stateOf("SELECT nothing FROM system.one")).isEqualTo("42S22");
    assertThat(stateOf("SELEC 1")).isEqualTo("42000");
    assertThat(stateOf("SELECT nofunction(1)")).isEqualTo("42000");
    assertThat(stateOf("SELECT intDiv(1, 0)")).isEqualTo("22012");
    assertThat(stateOf("SELECT 1 FROM nodatabase.t")).isEqualTo("3D000");
    assertThat(stateOf("SELECT toInt32('x')")).isEqualTo("HY000");
  }

  @Test
  void rejectionIsOneLineWithoutVersionOrStack() {
    assertThatThrownBy(() -> client.query("SELECT * FROM nowhere", Map.of(), "7f3a", allocator))
        .isInstanceOf(ClickHouseException.class)
        .hasMessageMatching(
            "ClickHouse rejected query 7f3a \\(code 60, UNKNOWN_TABLE\\): Unknown table[^\n(]*");
  }

  @Test
  void wrongPasswordIsAnAuthenticationError() throws Exception {
    ClickHouseEndpoint right = TestClickHouse.endpoint();
    ClickHouseEndpoint wrong =
        ClickHouseEndpoint.of(right.host(), right.port(), right.user(), "wrong", "default");
    try (ClickHouseClient other = new ClickHouseClient(wrong)) {
      assertThatThrownBy(other::serverVersion)
          .hasMessageContaining("AUTHENTICATION_FAILED")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("28000");
    }
  }

  @Test
  void unreachableServerIsNamed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (ClickHouseClient other =
        new ClickHouseClient(ClickHouseEndpoint.of("127.0.0.1", port, "u", "p", "d"))) {
      assertThatThrownBy(other::serverVersion)
          .hasMessage("Cannot reach ClickHouse at 127.0.0.1:" + port + ": Connection refused")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("08001");
    }
  }

  @Test
  void silentServerTimesOut() throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        ClickHouseClient other =
            new ClickHouseClient(
                ClickHouseEndpoint.of("127.0.0.1", server.getLocalPort(), "u", "p", "d")
                    .withRequestTimeout(Duration.ofMillis(200)))) {
      assertThatThrownBy(other::serverVersion)
          .hasMessageContaining("was silent for 200 ms")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("HYT00");
    }
  }

  @Test
  void workingServerDoesNotTimeOut() throws Exception {
    ClickHouseEndpoint hasty =
        TestClickHouse.endpoint().withRequestTimeout(Duration.ofMillis(1_500));
    try (ClickHouseClient other = new ClickHouseClient(hasty)) {
      String sql = "SELECT sum(sleepEachRow(1)) FROM numbers(3) SETTINGS max_block_size = 1";
      assertThat(other.rows(sql, Map.of(), row -> row.number(0))).containsExactly(0L);
    }
  }

  @Test
  void executeCountsWrittenRows() throws Exception {
    client.execute("CREATE TABLE written (a Int64) ORDER BY a", Map.of(), "ddl");
    String insert = "INSERT INTO written SELECT number FROM numbers({n:UInt64})";
    assertThat(client.execute(insert, Map.of("n", 1_234_567), "count")).isEqualTo(1_234_567);
  }

  @Test
  void failureOfAnInsertSelectIsAnError() throws Exception {
    client.execute("CREATE TABLE failing (a UInt64, b UInt8) ORDER BY a", Map.of(), "ddl-failing");
    assertThatThrownBy(
            () ->
                client.execute(
                    "INSERT INTO failing SELECT number, sleepEachRow(1) + throwIf(number = 2)"
                        + " FROM numbers(4) SETTINGS max_block_size = 1",
                    Map.of(),
                    "late"))
        .isInstanceOf(ClickHouseException.class)
        .hasMessageContaining("code 395");
  }

  @Test
  void queryIsFoundInTheQueryLogByItsId() throws Exception {
    String queryId = ClickHouseClient.newQueryId();
    client.execute("SELECT 1 FORMAT Null", Map.of(), queryId);
    client.execute("SYSTEM FLUSH LOGS", Map.of(), "flush");
    String log = "SELECT type::String FROM system.query_log WHERE query_id = {id:String}";
    assertThat(client.rows(log, Map.of("id", queryId), row -> row.text(0))).contains("QueryFinish");
  }

  @Test
  void randomTextComesBackEqual() throws Exception {
    List<String> texts = new ArrayList<>(List.of("", "\\N", "\\", "'", "\t\n\r\0\b", "NULL", "😀"));
    texts.add("x' OR 1=1 --");
    Random random = new Random(7);
    while (texts.size() < 10_000) {
      texts.add(randomText(random));
    }
    assertThat(echo("Array(String)", texts)).isEqualTo(texts);
    for (String text : texts.subList(0, 300)) {
      assertThat(echo("String", text)).isEqualTo(text);
      assertThat(echo("Nullable(String)", text)).isEqualTo(text);
    }
  }

  @Test
  void statementOfALargeRequestKeepsItsText() throws Exception {
    List<String> rows =
        client.rows(
            "SELECT 'für 😀 \\\\', length({p:String})",
            Map.of("p", "ä".repeat(10_000), "q", "x".repeat(100_000)),
            row -> row.text(0) + row.value(1));
    assertThat(rows).containsExactly("für 😀 \\20000");
    assertThat(echo("String", "ä".repeat(30_000))).isEqualTo("ä".repeat(30_000));
  }

  @Test
  void parametersOfEveryTypeComeBackEqual() throws Exception {
    assertThat(echo("Nullable(String)", null)).isNull();
    assertThat(echo("Nullable(Int32)", null)).isNull();
    assertThat(echo("Array(Nullable(String))", Arrays.asList("a", null, "NULL")))
        .isEqualTo(Arrays.asList("a", null, "NULL"));
    assertThat(echo("Int64", Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(echo("Float64", Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(echo("Float64", Double.NaN)).isEqualTo(Double.NaN);
    assertThat(echo("Float64", Double.MIN_VALUE)).isEqualTo(Double.MIN_VALUE);
    assertThat(echo("Bool", true)).isEqualTo(true);
    assertThat(echo("Decimal(38, 10)", new BigDecimal("-1E-10")))
        .isEqualTo(new BigDecimal("-0.0000000001"));
    assertThat(echo("Date32", LocalDate.of(1900, 1, 1)))
        .isEqualTo((int) LocalDate.of(1900, 1, 1).toEpochDay());
    LocalDateTime micros = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000);
    assertThat(echo("DateTime64(6, 'UTC')", micros)).isEqualTo(-1L);
    assertThat(echo("Array(DateTime64(6, 'UTC'))", List.of(micros))).isEqualTo(List.of(-1L));
  }

  @Test
  void valueThatClickHouseWouldChangeIsRefused() {
    assertThatThrownBy(() -> echo("Date32", LocalDate.of(1899, 12, 31)))
        .hasMessage(
            "Parameter p is 1899-12-31, but ClickHouse has dates from 1900-01-01 to 2299-12-31 only");
    assertThatThrownBy(() -> echo("String", "\ud800")).hasMessageContaining("not valid text");
    assertThatThrownBy(() -> echo("String", new Object())).hasMessageContaining("java.lang.Object");
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(4)) {
        case 0 -> text.append("\\'\"`\t\n\r\0\b,[]{}%&=+ \u007f".charAt(random.nextInt(20)));
        case 1 -> text.append((char) ('a' + random.nextInt(26)));
        case 2 -> text.appendCodePoint(0x80 + random.nextInt(0x700));
        default -> text.appendCodePoint(0x1F300 + random.nextInt(0x300));
      }
    }
    return text.toString();
  }

  private Object echo(String type, Object value) throws SQLException {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("p", value);
    List<Object> rows =
        client.rows(
            "SELECT {p:" + type + "}", parameters, row -> Optional.ofNullable(plain(row.value(0))));
    return ((Optional<?>) rows.get(0)).orElse(null);
  }

  private static Object plain(Object value) {
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(element -> plain.add(plain(element)));
      return plain;
    }
    return value instanceof Text text ? text.toString() : value;
  }

  private String stateOf(String sql) {
    return catchThrowableOfType(SQLException.class, () -> count(sql)).getSQLState();
  }

  private ArrowReader query(String sql) throws SQLException {
    return client.query(sql, Map.of(), ClickHouseClient.newQueryId(), allocator);
  }

  private long count(String sql) throws SQLException {
    try (ArrowReader reader = query(sql)) {
      return readAll(reader);
    } catch (IOException e) {
      throw ClickHouseException.of(e);
    }
  }

  private static long readAll(ArrowReader reader) throws IOException {
    long rows = 0;
    while (reader.loadNextBatch()) {
      rows += reader.getVectorSchemaRoot().getRowCount();
    }
    return rows;
  }

  private byte[] arrowBytes(String sql) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (ArrowReader reader = query(sql);
        var writer = new ArrowStreamWriter(reader.getVectorSchemaRoot(), null, bytes)) {
      while (reader.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
    }
    return bytes.toByteArray();
  }

  private static void answerOnce(ServerSocket server, byte[] body) {
    try (Socket socket = server.accept()) {
      InputStream in = socket.getInputStream();
      byte[] request = new byte[64 << 10];
      int length = 0;
      while (!new String(request, 0, length, StandardCharsets.ISO_8859_1).endsWith("SELECT 1")) {
        length += in.read(request, length, request.length - length);
      }
      String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(body);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
