package io.tidegate.adapter.sql;

import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
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

/** What tests do with a connection. */
final class TestSql {
  private TestSql() {}

  /**
   * Connects to a lake in {@code directory/lake} beside a server of a {@link
   * io.tidegate.adapter.clickhouse.TestCluster}.
   *
   * @param name of the catalog's file
   * @param reads what the catalog says of the lake beyond its root, as lines of YAML
   */
  static Connection connect(Path directory, String name, ClickHouseEndpoint shard, String reads)
      throws SQLException, IOException {
    Path file =
        Files.writeString(
            directory.resolve(name + ".yaml"),
            "lake:\n  root: "
                + directory
                + "/lake\n"
                + reads
                + "clickhouse:\n  host: 127.0.0.1\n  port: "
                + shard.port()
                + "\n  user: tidegate\n  password: shard\n  database: market\n");
    return DriverManager.getConnection("jdbc:tidegate:catalog=" + file + ";timestamp_text=true");
  }

  /** Runs a statement that gives no rows; returns how many it changed. */
  static long update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /** All rows as text, their columns with a bar between. */
  static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  /** The explanation of a statement. */
  static String explain(Connection connection, String sql) throws SQLException {
    return String.join("\n", rows(connection, "EXPLAIN PLAN FOR " + sql));
  }
}
