package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every getter of every type gives a remote client what it gives in this process. Where Avatica's
 * own client makes something else of what it was sent, the test says so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JdbcGettersTest {
  private static final Calendar TOKYO =
      Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"), Locale.ROOT);

  /** What is asked of each column. */
  private static final Map<String, Getter> GETTERS = new LinkedHashMap<>();

  static {
    GETTERS.put("getBoolean", ResultSet::getBoolean);
    GETTERS.put("getByte", ResultSet::getByte);
    GETTERS.put("getShort", ResultSet::getShort);
    GETTERS.put("getInt", ResultSet::getInt);
    GETTERS.put("getLong", ResultSet::getLong);
    GETTERS.put("getFloat", ResultSet::getFloat);
    GETTERS.put("getDouble", ResultSet::getDouble);
    GETTERS.put("getBigDecimal", ResultSet::getBigDecimal);
    GETTERS.put("getString", ResultSet::getString);
    GETTERS.put("getBytes", ResultSet::getBytes);
    GETTERS.put("getDate", ResultSet::getDate);
    GETTERS.put("getDate in Tokyo", (rows, column) -> rows.getDate(column, TOKYO));
    GETTERS.put("getTime", ResultSet::getTime);
    GETTERS.put("getTimestamp", ResultSet::getTimestamp);
    GETTERS.put("getTimestamp in Tokyo", (rows, column) -> rows.getTimestamp(column, TOKYO));
    GETTERS.put("getArray", ResultSet::getArray);
    GETTERS.put("getObject", ResultSet::getObject);
  }

  @FunctionalInterface
  private interface Getter {
    Object get(ResultSet rows, int column) throws SQLException;
  }

  /** Of numbers that the getter's type has no room for each client makes something else. */
  private static final Set<String> NARROW =
      Set.of("getBoolean", "getByte", "getShort", "getInt", "getLong", "getBigDecimal");

  private Connection local;
  private GatewayServer server;

  @BeforeAll
  void open(@TempDir Path directory) throws Exception {
    String catalog =
        DataSourceOptions.catalogUrl(
            ShippedCatalog.DUCKDB.in(directory, JdbcGettersTest.class).file());
    local = DriverManager.getConnection(catalog);
    server =
        GatewayServer.start(
            properties -> DriverManager.getConnection(catalog, properties), "127.0.0.1", 0);
  }

  @AfterAll
  void close() throws SQLException {
    server.close();
    local.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUE",
        "CAST(-128 AS TINYINT)",
        "CAST(-32768 AS SMALLINT)",
        "2147483647",
        "7",
        "9223372036854775807",
        "CAST(1.5 AS REAL)",
        "1.25E4",
        "12.50",
        "CAST('12345678901234567890123456789.123456789' AS DECIMAL(38, 9))",
        "'x'",
        "'12'",
        "CAST('é😀''\\' AS VARCHAR)",
        "DATE '1969-12-31'",
        "DATE '2024-02-29'",
        "TIME '12:34:56'",
        "TIMESTAMP '1969-12-31 23:59:59.999'",
        "TIMESTAMP '2024-02-29 12:34:56'",
        "ARRAY[1, 2, NULL]",
        "ARRAY['a', 'b']",
        "CAST(NULL AS INTEGER)",
        "CAST(NULL AS DECIMAL(10, 2))",
        "CAST(NULL AS VARCHAR)",
        "CAST(NULL AS TIMESTAMP)",
        "CAST(NULL AS DATE)",
        "CAST(NULL AS BOOLEAN)"
      })
  void remoteGettersAnswerAsLocalOnes(String value) throws SQLException {
    assertSame(value, Set.of(), Set.of("json", "protobuf"));
  }

  @Test
  void numbersBeyondOtherTypesAreTheSameAsTheirOwn() throws SQLException {
    assertSame("CAST('NaN' AS DOUBLE)", NARROW, Set.of("protobuf"));
    assertSame("CAST('-Infinity' AS DOUBLE)", NARROW, Set.of("protobuf"));
    assertSame("1.7976931348623157E308", NARROW, Set.of("protobuf"));
    Set<String> written = new HashSet<>(NARROW);
    written.add("getString"); // E+308 in JSON
    assertSame("1.7976931348623157E308", written, Set.of("json"));
  }

  @Test
  void bytesAreTheSameButForTheirText() throws SQLException {
    assertSame("X'00ff'", Set.of("getString"), Set.of("json", "protobuf"));
  }

  private void assertSame(String value, Set<String> not, Set<String> serializations)
      throws SQLException {
    Map<String, String> expected = answers(local, value);
    expected.keySet().removeAll(not);
    for (String serialization : serializations) {
      // A Date is midnight in the JVM's zone, a Timestamp in the connection's, which is UTC here.
      Map<String, String> given = answers(serialization, "", value);
      given.entrySet().removeIf(answer -> !isDate(expected.get(answer.getKey())));
      answers(serialization, ";timeZone=UTC", value)
          .forEach(
              (getter, answer) -> {
                if (!not.contains(getter)) {
                  given.putIfAbsent(getter, answer);
                }
              });
      assertThat(given).as(serialization).containsExactlyInAnyOrderEntriesOf(expected);
    }
  }

  private static boolean isDate(String answer) {
    return answer != null && answer.startsWith("Date ");
  }

  private Map<String, String> answers(String serialization, String options, String value)
      throws SQLException {
    try (Connection remote =
        DriverManager.getConnection(
            "jdbc:avatica:remote:url="
                + server.url()
                + ";serialization="
                + serialization
                + options)) {
      return answers(remote, value);
    }
  }

  private static Map<String, String> answers(Connection connection, String value)
      throws SQLException {
    Map<String, String> answers = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + value + " AS v")) {
      ResultSetMetaData data = rows.getMetaData();
      answers.put("label", data.getColumnLabel(1));
      answers.put("type", data.getColumnTypeName(1) + " " + data.getColumnType(1));
      answers.put("class", data.getColumnClassName(1));
      answers.put("precision", data.getPrecision(1) + ", " + data.getScale(1));
      answers.put("nullable", "" + data.isNullable(1));
      answers.put("signed", "" + data.isSigned(1));
      assertThat(rows.next()).isTrue();
      for (Map.Entry<String, Getter> getter : GETTERS.entrySet()) {
        answers.put(getter.getKey(), answer(rows, getter.getValue()));
      }
      assertThat(rows.next()).isFalse();
    }
    return answers;
  }

  /** What a getter gives, with its class; that it refuses, whatever its words. */
  private static String answer(ResultSet rows, Getter getter) {
    try {
      Object value = getter.get(rows, 1);
      String text =
          value instanceof byte[] bytes
              ? Arrays.toString(bytes)
              : value instanceof Array array
                  ? Arrays.deepToString((Object[]) array.getArray())
                  : value instanceof Timestamp || value instanceof Time
                      ? Long.toString(((java.util.Date) value).getTime())
                      : value instanceof BigDecimal number
                          ? number.stripTrailingZeros().toString()
                          : String.valueOf(value);
      String kind =
          value == null
              ? ""
              : value instanceof Array ? "Array " : value.getClass().getSimpleName() + " ";
      return kind + text + (rows.wasNull() ? " was NULL" : "");
    } catch (SQLException | RuntimeException e) {
      return "refused";
    }
  }
}
