package io.tidegate.adapter.catalog;

import java.sql.SQLException;

/**
 * A catalog that cannot be used, said in one line.
 *
 * <p>It is an {@link SQLException} because the first to meet it is whoever asked for a connection.
 */
public final class CatalogException extends SQLException {
  /** SQLSTATE of every catalog error: configuration file error. */
  public static final String SQL_STATE = "F0000";

  private static final long serialVersionUID = 1L;

  CatalogException(String message) {
    super(message, SQL_STATE);
  }

  CatalogException(String message, Throwable cause) {
    super(message, SQL_STATE, cause);
  }
}
