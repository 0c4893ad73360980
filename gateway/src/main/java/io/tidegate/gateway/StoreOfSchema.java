package io.tidegate.gateway;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which engine keeps a schema, as EXPLAIN tells it. */
final class StoreOfSchema {
  private StoreOfSchema() {}

  static boolean isClickHouse(Connection connection, String schema) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet plan =
            statement.executeQuery(
                "EXPLAIN PLAN FOR SELECT * FROM TABLE(native_query("
                    + SqlNames.text(schema)
                    + ", 'SELECT 1 AS one'))")) {
      plan.next();
      return plan.getString(1).startsWith("ClickHouse");
    }
  }
}
