package io.tidegate.adapter.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A lake and a DuckDB file in a directory, opened by JDBC. Closing it fails if a statement has left
 * Arrow memory behind.
 */
final class LocalCatalog implements AutoCloseable {
  private final Connection connection;

  LocalCatalog(Path directory) throws SQLException, IOException {
    Path file = directory.resolve("catalog.yaml");
    Files.writeString(
        file,
        """
        lake:
          root: %s
        schemas:
          market_data:
            type: duckdb
            file: %s
        """
            .formatted(directory.resolve("lake"), directory.resolve("warehouse.duckdb")));
    connection =
        DriverManager.getConnection(
            TidegateDriver.PREFIX + "catalog=" + file + ";timestamp_text=true");
  }

  Connection connection() {
    return connection;
  }

  long update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /** The rows as text, columns joined by a bar. */
  List<String> rows(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
