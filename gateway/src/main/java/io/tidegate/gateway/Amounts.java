package io.tidegate.gateway;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Locale;

/** Row counts and times, as they are shown. */
final class Amounts {
  private Amounts() {}

  static String rows(long rows) {
    return String.format(Locale.ROOT, "%,d %s", rows, rows == 1 ? "row" : "rows");
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /** Rows that a statement without a result changed; none when it has no count. */
  static long updateCount(Statement statement) throws SQLException {
    try {
      return Math.max(0, statement.getLargeUpdateCount());
    } catch (SQLFeatureNotSupportedException | UnsupportedOperationException e) {
      return Math.max(0, statement.getUpdateCount());
    }
  }
}
