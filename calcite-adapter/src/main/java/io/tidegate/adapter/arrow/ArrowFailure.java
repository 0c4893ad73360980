package io.tidegate.adapter.arrow;

import java.sql.SQLException;

/**
 * Carries an SQLException through interfaces that declare none, such as Calcite's enumerators.
 * Avatica makes an SQLException of whatever comes; the door in front of it takes the cause out
 * again.
 */
public final class ArrowFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ArrowFailure(SQLException cause) {
    super(cause.getMessage(), cause);
  }

  public static RuntimeException unchecked(SQLException cause) {
    return new ArrowFailure(cause);
  }
}
