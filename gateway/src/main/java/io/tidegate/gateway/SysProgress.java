package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Asks {@code sys.statements}, over a connection of its own that is opened when first needed. */
final class SysProgress implements RowProgress {
  private static final String QUERY =
      "SELECT MAX(rows_so_far) FROM sys.statements WHERE sql = ? AND rows_so_far > 0";

  private final ScriptRunner.Connector connector;
  private Connection connection;
  private PreparedStatement query;

  SysProgress(ScriptRunner.Connector connector) {
    this.connector = requireNonNull(connector, "connector");
  }

  @Override
  public synchronized OptionalLong rowsSoFar(String sql) {
    try {
      if (connection == null) {
        connection = connector.open();
        query = connection.prepareStatement(QUERY);
      }
      query.setString(1, sql);
      try (ResultSet rows = query.executeQuery()) {
        long count = rows.next() ? rows.getLong(1) : 0;
        return count > 0 ? OptionalLong.of(count) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      // Progress is a courtesy: the statement itself will say what is wrong.
      return OptionalLong.empty();
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // It only read.
    }
  }
}
