package io.tidegate.gateway;

/**
 * A failure as a user reads it: one line and its SQLSTATE.
 *
 * @param sqlState five characters; {@code HY000} where nobody gave one
 * @param message one line, without Java class names
 */
record SqlError(String sqlState, String message) {
  /** What the command line prints: {@code error [42S02]: There is no table or schema 'x'}. */
  String line() {
    return "error [" + sqlState + "]: " + message;
  }
}
