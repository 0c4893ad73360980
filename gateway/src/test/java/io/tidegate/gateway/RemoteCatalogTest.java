package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.adapter.sql.TestCatalog;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock Avatica clients against a server over a real catalog: a lake beside a ClickHouse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemoteCatalogTest {
  private static final int MANY = 120_000;
  private static final String NASTY = "x' OR 1=1 -- \\ \" 🚀 {p0:String} ?";

  private TestCatalog catalog;
  private GatewayServer server;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    catalog = TestCatalog.clickHouse(RemoteCatalogTest.class, directory);
    server =
        GatewayServer.start(
            properties -> DriverManager.getConnection(catalog.url(), properties), "127.0.0.1", 0);
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + store("trades")
              + " (n BIGINT NOT NULL, symbol VARCHAR, price DECIMAL(18,8), ts TIMESTAMP(6))"
              + " SORTED BY (n)");
      statement.execute(
          "INSERT INTO "
              + store("trades")
              + " SELECT n, 'S' || CAST(MOD(n, 7) AS VARCHAR), CAST(n AS DECIMAL(18,8)) / 8,"
              + " TIMESTAMP '1969-12-31 23:59:59.123456' FROM TABLE(native_query('"
              + catalog.store()
              + "', 'SELECT toInt64(number) AS n FROM numbers("
              + MANY
              + ")'))");
      statement.execute("CREATE TABLE lake.trades AS SELECT * FROM " + store("trades"));
    }
  }

  @AfterAll
  void stop() throws SQLException {
    server.close();
    catalog.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void clientListsSchemasTablesAndColumns(String serialization) throws SQLException {
    try (Connection connection = connect(serialization)) {
      assertThat(column(connection.getMetaData().getSchemas(), "TABLE_SCHEM"))
          .contains("lake", catalog.store());
      for (String schema : List.of("lake", catalog.store())) {
        assertThat(
                column(
                    connection.getMetaData().getTables(null, schema, "trades", null), "TABLE_NAME"))
            .containsExactly("trades");
        assertThat(
                column(
                    connection.getMetaData().getColumns(null, schema, "trades", "%"),
                    "COLUMN_NAME"))
            .containsExactly("n", "symbol", "price", "ts");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"protobuf,lake", "protobuf,", "json,lake", "json,"})
  void everyRowArrives(String serialization, String schema) throws SQLException {
    String table = schema == null ? store("trades") : "lake.trades";
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT n, symbol, price FROM " + table + " ORDER BY n")) {
      for (long n = 0; n < MANY; n++) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong(1)).isEqualTo(n);
        assertThat(rows.getString(2)).isEqualTo("S" + n % 7);
        assertThat(rows.getBigDecimal(3))
            .isEqualByComparingTo(BigDecimal.valueOf(n).divide(BigDecimal.valueOf(8)));
      }
      assertThat(rows.next()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"protobuf,lake", "protobuf,", "json,lake", "json,"})
  void clientPreparesInsertsAndReadsBack(String serialization, String schema) throws SQLException {
    String table = (schema == null ? catalog.store() : "lake") + ".typed_" + serialization;
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + table
              + " (b BOOLEAN, i INTEGER, l BIGINT, d DECIMAL(38,10), x DOUBLE, s VARCHAR, day DATE,"
              + " ts TIMESTAMP(6))");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
        insert.setBoolean(1, true);
        insert.setInt(2, Integer.MIN_VALUE);
        insert.setLong(3, Long.MIN_VALUE);
        insert.setBigDecimal(4, new BigDecimal("-9999999999999999999999999999.9999999999"));
        insert.setDouble(5, -0.1);
        insert.setString(6, NASTY);
        insert.setDate(7, Date.valueOf("1969-07-20"));
        insert.setString(8, "1969-12-31 23:59:59.999999");
        assertThat(insert.executeUpdate()).isEqualTo(1);
        for (int i = 1; i <= 8; i++) {
          insert.setObject(i, null);
        }
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
      String[] columns = {"b", "i", "l", "d", "x", "s"};
      Object[] values = {
        true,
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        new BigDecimal("-9999999999999999999999999999.9999999999"),
        -0.1,
        NASTY
      };
      for (int i = 0; i < columns.length; i++) {
        try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT b, i, l, d, x, s, CAST(day AS VARCHAR), CAST(ts AS VARCHAR) FROM "
                    + table
                    + " WHERE "
                    + columns[i]
                    + " = ?")) {
          select.setObject(1, values[i]);
          try (ResultSet row = select.executeQuery()) {
            assertThat(row.next()).as("found by " + columns[i]).isTrue();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getInt(2)).isEqualTo(Integer.MIN_VALUE);
            assertThat(row.getLong(3)).isEqualTo(Long.MIN_VALUE);
            assertThat(row.getBigDecimal(4)).isEqualByComparingTo((BigDecimal) values[3]);
            assertThat(row.getDouble(5)).isEqualTo(-0.1);
            assertThat(row.getString(6)).isEqualTo(NASTY);
            assertThat(row.getString(7)).isEqualTo("1969-07-20");
            assertThat(row.getString(8)).isEqualTo("1969-12-31 23:59:59.999999");
            assertThat(row.next()).isFalse();
          }
        }
      }
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
        assertThat(count.next()).isTrue();
        assertThat(count.getLong(1)).isEqualTo(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"protobuf", "json"})
  void errorsComeThroughWithTheirState(String serialization) throws SQLException {
    try (Connection connection = connect(serialization);
        Statement statement = connection.createStatement()) {
      for (List<String> each :
          List.of(
              List.of("SELECT * FROM lake.nothing", "42S02"),
              List.of("SELECT nothing FROM lake.trades", "42S22"),
              List.of("SELECT nonsense(n) FROM lake.trades", "42883"),
              List.of("SELEC 1", "42601"),
              List.of("SELECT n / 0 FROM lake.trades", "22012"),
              List.of("SELECT n / 0 FROM " + store("trades"), "22012"),
              List.of("DELETE FROM lake.trades", "0A000"))) {
        SQLException error =
            catchThrowableOfType(SQLException.class, () -> statement.executeQuery(each.get(0)));
        assertThat(SqlErrors.of(error).sqlState()).as(each.get(0)).isEqualTo(each.get(1));
      }
    }
  }

  @Test
  void csvIsTheSameInProcessAndRemote() {
    for (String sql :
        List.of(
            "SELECT * FROM lake.trades ORDER BY n LIMIT 25000",
            "SELECT n, symbol, price, ts, CAST(NULL AS DOUBLE) AS x, '' AS e FROM "
                + store("trades")
                + " ORDER BY n DESC LIMIT 100",
            "SELECT symbol, count(*) AS n, avg(price) AS a, CAST('NaN' AS DOUBLE) AS x FROM "
                + store("trades")
                + " GROUP BY symbol ORDER BY symbol",
            "VALUES (DATE '1969-07-20', TRUE, CAST(0.1 AS REAL), '🚀\"', CAST(1 AS DECIMAL(38, 10)))")) {
      CommandLineRun local =
          CommandLineRun.of(
              "sql", "--catalog", catalog.file().toString(), "--format", "csv", "-e", sql);
      CommandLineRun remote =
          CommandLineRun.of("sql", "--url", server.jdbcUrl(), "--format", "csv", "-e", sql);
      assertThat(local.err()).isEmpty();
      assertThat(local.exitCode()).isZero();
      assertThat(remote).isEqualTo(local);
    }
  }

  private String store(String table) {
    return catalog.store() + "." + table;
  }

  private Connection connect(String serialization) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:avatica:remote:url=" + server.url() + ";serialization=" + serialization);
  }

  private static List<String> column(ResultSet result, String label) throws SQLException {
    List<String> values = new ArrayList<>();
    try (result) {
      while (result.next()) {
        values.add(result.getString(label));
      }
    }
    return values;
  }
}
