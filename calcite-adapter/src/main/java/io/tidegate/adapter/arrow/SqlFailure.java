package io.tidegate.adapter.arrow;

import java.sql.SQLException;

/**
 * Carries an SQLException through interfaces that declare none, such as Calcite's schemas and
 * enumerators. Avatica makes an SQLException of it again, whose cause is the one that was thrown.
 */
public final class SqlFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SqlFailure(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  /** The SQLException that a failure is made of, or null. */
  public static SQLException causeOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  public static RuntimeException unchecked(SQLException cause) {
    return new SqlFailure(cause);
  }
}
