package io.tidegate.gateway.bench;

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
import java.util.stream.Stream;

/** Tidegate as a user has it: a connection and SQL. */
final class Product implements AutoCloseable {
  private final Connection connection;
  private final Path lake;

  Product(Path catalog, Path lake) throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:tidegate:catalog=" + catalog);
    this.lake = lake;
  }

  /** Runs a statement that returns no rows; returns its update count. */
  long update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return statement.getLargeUpdateCount();
    }
  }

  /** Runs a query; returns its rows, each as one line. */
  List<String> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : "\t").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  /** The Parquet files of a lake table. */
  List<Path> files(String table) throws IOException {
    try (Stream<Path> tree = Files.walk(lake.resolve(table))) {
      return tree.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
