package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches ClickHouse, and what does not, through JDBC. */
class ClickHouseWritesTest {
  /** Rows in an Arrow batch that leaves the local engine, and so in a chunk. */
  private static final int CHUNK = 262_144;

  @TempDir Path directory;
  private TestCatalog catalog;

  @BeforeEach
  void open() throws SQLException, IOException {
    catalog = TestCatalog.clickHouse(ClickHouseWritesTest.class, directory);
  }

  @AfterEach
  void close() throws SQLException {
    catalog.close();
  }

  @Test
  void sourceThatFailsAtABatchBorderNamesWhatWasConfirmed() throws Exception {
    execute("CREATE TABLE " + table("t") + " (n BIGINT) SORTED BY (n)");
    String numbers =
        "TABLE(native_query('"
            + catalog.store()
            + "', 'SELECT toInt64(number) AS n FROM numbers("
            + 3 * CHUNK
            + ")'))";
    execute("CREATE TABLE lake.numbers AS SELECT n FROM " + numbers);
    // The division fails in the first row of the third chunk, in the local engine.
    String sql =
        "INSERT INTO "
            + table("t")
            + " SELECT n + 0 / (CASE WHEN n = "
            + 2 * CHUNK
            + " THEN 0 ELSE 1 END) FROM lake.numbers";
    SQLException failure = failure(sql);
    assertThat((Throwable) failure).hasMessageContaining("Division by zero");
    long arrived = Long.parseLong(one("SELECT count(*) FROM " + table("t")));
    assertThat(arrived % CHUNK).isZero();
    assertThat(arrived).isLessThan(3L * CHUNK);
    if (arrived > 0) {
      assertThat((Throwable) failure).hasMessageContaining("(" + arrived + " rows)");
    }
  }

  /** The bad tick is the last one, behind more bars than a chunk holds. */
  @Test
  void nothingIsStoredOfBarsWhoseTicksAreRefused() throws Exception {
    String bars =
        " FROM TABLE(tick_bars((SELECT * FROM TABLE(native_query('"
            + catalog.store()
            + "', 'SELECT toDateTime64(number, 6, ''UTC'') AS ts, toFloat64(if(number = "
            + 3 * CHUNK
            + ", -1, 1)) AS price, 1. AS qty FROM numbers("
            + (3 * CHUNK + 1)
            + ")'))) ORDER BY ts, 1))";
    for (String layout : new String[] {"", " SORTED BY (open_time)"}) {
      String into = table(layout.isEmpty() ? "heap" : "sorted");
      execute("CREATE TABLE " + into + " (open_time TIMESTAMP(6), volume DECIMAL(38, 8))" + layout);
      assertThat((Throwable) failure("INSERT INTO " + into + " SELECT open_time, volume" + bars))
          .hasMessageContaining("price must be positive, but tick " + 3 * CHUNK);
      assertThat(one("SELECT count(*) FROM " + into)).isEqualTo("0");
    }
  }

  @Test
  void remoteSourceThatFailsAtABatchBorderLeavesWholeChunks() throws Exception {
    for (int border : new int[] {65_409, CHUNK}) {
      // Far enough into the stream that ClickHouse has begun to answer.
      long torn = (2_000_000 / border + 1L) * border;
      String into = table("t" + border);
      execute("CREATE TABLE " + into + " (n BIGINT NOT NULL)");
      SQLException failure =
          failure(
              "INSERT INTO "
                  + into
                  // ClickHouse is not given ROUND, so the rows come here and go back.
                  + " SELECT ROUND(q.n) FROM TABLE(native_query('"
                  + catalog.store()
                  + "', 'SELECT toInt64(number + throwIf(number = "
                  + torn
                  + ", ''torn'')) AS n FROM numbers("
                  + 2 * torn
                  + ") SETTINGS max_block_size = "
                  + border
                  + ", max_threads = 1')) AS q");
      assertThat((Throwable) failure).hasMessageContaining("torn");
      long arrived = Long.parseLong(one("SELECT count(*) FROM " + into));
      assertThat(arrived).isLessThanOrEqualTo(torn);
      // A source may fail before its first batch: then nothing was begun that could be named.
      assertThat((Throwable) failure)
          .hasMessageMatching(
              arrived > 0 ? "(?s).*\\(" + arrived + " rows\\).*" : "(?s).*(\\(0 rows\\)|: torn).*");
    }
  }

  @Test
  void refusedInsertWritesNothing() throws Exception {
    execute("CREATE TABLE " + table("t") + " (k INTEGER NOT NULL, d DECIMAL(18,8)) SORTED BY (k)");
    execute("CREATE TABLE lake.s AS SELECT * FROM (VALUES (1), (NULL)) AS v(n)");
    assertThatThrownBy(() -> update("INSERT INTO " + table("t") + " (k) SELECT n FROM lake.s"))
        .hasMessageContaining("Cannot insert NULL into " + table("t") + ": column 'k' is NOT NULL");
    assertThatThrownBy(() -> update("INSERT INTO " + table("t") + " SELECT 1, 'text'"))
        .hasMessageContaining(
            "Cannot insert into "
                + table("t")
                + ": column 'd' is DECIMAL(18, 8) but the query gives CHAR(4)");
    assertThatThrownBy(() -> update("INSERT INTO " + table("t") + " VALUES (1)"))
        .hasMessageContaining("Number of INSERT target columns (2) does not equal");
    execute("CREATE TABLE " + table("copy") + " (k INTEGER NOT NULL)");
    execute("CREATE TABLE " + table("nullable") + " AS SELECT n FROM lake.s");
    assertThatThrownBy(
            () -> update("INSERT INTO " + table("copy") + " SELECT n FROM " + table("nullable")))
        .hasMessageContaining(
            "Cannot insert NULL into " + table("copy") + ": column 'k' is NOT NULL");
    assertThat(one("SELECT count(*) FROM " + table("t"))).isEqualTo("0");
    assertThat(one("SELECT count(*) FROM " + table("copy"))).isEqualTo("0");
  }

  @Test
  void insertWithinClickHouseNeverLeavesIt() throws Exception {
    execute("CREATE TABLE " + table("a") + " (k INTEGER NOT NULL, s VARCHAR) SORTED BY (k)");
    execute("CREATE TABLE " + table("b") + " (k INTEGER NOT NULL, s VARCHAR) SORTED BY (k)");
    String sql = "INSERT INTO " + table("b") + " SELECT k, s FROM " + table("a");
    assertThat(one("EXPLAIN PLAN FOR " + sql))
        .startsWith("ClickHouse: INSERT INTO")
        .doesNotContain("DuckDB");
    assertThat(
            one(
                "EXPLAIN PLAN FOR INSERT INTO lake.c SELECT k, s FROM " + table("a"),
                "CREATE TABLE lake.c (k INTEGER, s VARCHAR)"))
        .startsWith("Lake: a run of lake.c")
        .contains("ClickHouse: SELECT");
  }

  @Test
  void cancelledQueriesStop() throws Exception {
    String endless =
        "TABLE(native_query('"
            + catalog.store()
            + "', 'SELECT toInt64(number) AS n FROM numbers(1000000000000)'))";
    assertThat(sqlState(cancelled("SELECT count(DISTINCT n) FROM " + endless))).isEqualTo("57014");
    assertThat(sqlState(cancelled("SELECT max(n / 3 + n) FROM " + endless))).isEqualTo("57014");
    execute("CREATE TABLE " + table("t") + " (n BIGINT NOT NULL)");
    assertThat(sqlState(cancelled("INSERT INTO " + table("t") + " SELECT n FROM " + endless)))
        .isEqualTo("57014");
    execute("CREATE TABLE lake.l (n BIGINT)");
    assertThat(sqlState(cancelled("INSERT INTO lake.l SELECT n FROM " + endless)))
        .isEqualTo("57014");
    assertThat(one("SELECT count(*) FROM lake.l")).isEqualTo("0");
    assertThat(
            one(
                "SELECT n FROM TABLE(native_query('"
                    + catalog.store()
                    + "', 'SELECT toInt64(count()) AS n FROM system.processes WHERE query LIKE"
                    + " ''%numbers(1000000000000)%'' AND query NOT LIKE ''%processes%'''))"))
        .isEqualTo("0");
  }

  @Test
  void unknownNamesAndBrokenNativeSqlAreNamed() {
    assertThatThrownBy(() -> one("SELECT * FROM " + table("nothing")))
        .hasMessageContaining("There is no table 'nothing'");
    assertThatThrownBy(
            () -> one("SELECT * FROM TABLE(native_query('" + catalog.store() + "', 'SELEC 1'))"))
        .hasMessageContaining("code 62, SYNTAX_ERROR");
    assertThatThrownBy(() -> one("SELECT * FROM TABLE(native_query('nowhere', 'SELECT 1'))"))
        .hasMessageContaining("Schema 'nowhere' not found");
  }

  @Test
  void engineThatIsKilledInMidStreamIsAnErrorNeverFewerRows(@TempDir Path data) throws Exception {
    TestClickHouse.library();
    Path file = directory.resolve("embedded.yaml");
    Files.writeString(
        file,
        """
        lake:
          root: %s/other-lake
        schemas:
          market:
            type: embedded-clickhouse
            data: %s
        """
            .formatted(directory, data));
    String endless =
        "TABLE(native_query('market',"
            + " 'SELECT toInt64(number) AS n FROM numbers(1000000000000)'))";
    try (Connection connection = DriverManager.getConnection("jdbc:tidegate:catalog=" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT n FROM " + endless)) {
      for (int i = 0; i < 1000; i++) {
        assertThat(rows.next()).isTrue();
      }
      killEngine(data);
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  assertThat(rows.getLong(1)).isNotNegative();
                }
              })
          .isInstanceOf(SQLException.class);
    }
  }

  private static void killEngine(Path data) throws IOException {
    String directory = data.toRealPath().toString();
    List<ProcessHandle> engines =
        ProcessHandle.current()
            .descendants()
            .filter(
                process ->
                    process
                        .info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(directory))
                        .orElse(false))
            .toList();
    assertThat(engines).hasSize(1);
    engines.get(0).destroyForcibly();
    engines.get(0).onExit().join();
  }

  @Test
  void unreachableServerIsNamed() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Path file = directory.resolve("unreachable.yaml");
    Files.writeString(
        file,
        """
        lake:
          root: %s/other-lake
        clickhouse:
          host: 127.0.0.1
          port: %d
        """
            .formatted(directory, closed));
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:tidegate:catalog=" + file))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("127.0.0.1:" + closed)
        .extracting(failure -> ((SQLException) failure).getSQLState())
        .isEqualTo("08001");
  }

  private SQLException failure(String sql) {
    try {
      update(sql);
    } catch (SQLException e) {
      return e;
    }
    throw new AssertionError("No failure: " + sql);
  }

  /** Runs a statement, cancels it from here once it is at work, and gives what it failed with. */
  private SQLException cancelled(String sql) throws Exception {
    AtomicReference<SQLException> failure = new AtomicReference<>();
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement()) {
      Thread worker =
          new Thread(
              () -> {
                try {
                  if (statement.execute(sql)) {
                    statement.getResultSet().next();
                  }
                } catch (SQLException e) {
                  failure.set(e);
                }
              });
      worker.start();
      while (worker.isAlive()) {
        worker.join(500);
        statement.cancel();
      }
    }
    assertThat((Throwable) failure.get()).as("failure of the cancelled statement").isNotNull();
    return failure.get();
  }

  private static String sqlState(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "none";
  }

  private String table(String name) {
    return catalog.store() + "." + name;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private long update(String sql) throws SQLException {
    try (Statement statement = catalog.connection().createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  private String one(String sql, String... before) throws SQLException {
    for (String each : before) {
      execute(each);
    }
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
