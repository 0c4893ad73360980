package io.tidegate.adapter.arrow;

import java.sql.SQLException;

/** A query failed before its first rows and the engine's driver did not say why. */
public final class UnnamedFailure extends SQLException {
  private static final long serialVersionUID = 1;

  public UnnamedFailure(SQLException cause) {
    super(cause.getMessage(), "HY000", cause);
  }
}
