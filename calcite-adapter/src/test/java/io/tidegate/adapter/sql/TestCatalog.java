package io.tidegate.adapter.sql;

import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A catalog over real engines: a lake beside a database of the tests' ClickHouse, or beside a
 * DuckDB file.
 *
 * <p>It keeps one connection open, so the engines run until it is closed. Closing it fails if any
 * test left Arrow memory behind.
 *
 * @param file the catalog file
 * @param directory where the lake and the DuckDB file are
 * @param store the schema that is not the lake
 * @param connection TIMESTAMPs come as text with their microseconds
 */
public record TestCatalog(Path file, Path directory, String store, Connection connection)
    implements AutoCloseable {
  public static final String LAKE = "lake";
  private static final String DUCKDB = "warehouse";

  /** A new lake in {@code directory} beside a ClickHouse database that is new too. */
  public static TestCatalog clickHouse(Class<?> testClass, Path directory)
      throws SQLException, IOException {
    ClickHouseEndpoint server = TestClickHouse.databaseOf(testClass);
    return open(
        directory,
        server.database(),
        """
        lake:
          root: %s/lake
        clickhouse:
          host: %s
          port: %d
          user: %s
          password: "%s"
          database: %s
        """
            .formatted(
                directory,
                server.host(),
                server.port(),
                server.user(),
                server.password(),
                server.database()));
  }

  /** A new lake and a new DuckDB file, both in {@code directory}. */
  public static TestCatalog duckDb(Path directory) throws SQLException, IOException {
    return open(
        directory,
        DUCKDB,
        """
        lake:
          root: %s/lake
        schemas:
          %s:
            type: duckdb
            file: %s/warehouse.duckdb
        """
            .formatted(directory, DUCKDB, directory));
  }

  private static TestCatalog open(Path directory, String store, String yaml)
      throws SQLException, IOException {
    Path file = Files.createDirectories(directory).resolve("catalog.yaml");
    Files.writeString(file, yaml);
    return new TestCatalog(file, directory, store, connect(file));
  }

  private static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection(url(file) + ";timestamp_text=true");
  }

  private static String url(Path file) {
    return "jdbc:tidegate:catalog=" + file;
  }

  /** What a client in this process connects to. */
  public String url() {
    return url(file);
  }

  /** Another connection, for a test to use and close alone. */
  public Connection connect() throws SQLException {
    return connect(file);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
