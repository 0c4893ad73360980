package io.tidegate.adapter.sql.parser;

import io.tidegate.adapter.sql.parser.generated.ParseException;
import java.sql.SQLException;
import org.apache.calcite.sql.parser.SqlParseException;

/** Turns the parser's failures into one line with SQLSTATE 42601. */
final class SyntaxError {
  private static final String SQLSTATE = "42601";

  private SyntaxError() {}

  static SQLException of(SqlParseException e) {
    return new SQLException(e.getMessage(), SQLSTATE, e);
  }

  static SQLException ofLexer(String message, Throwable cause) {
    return new SQLException(message, SQLSTATE, cause);
  }

  static boolean isGrammatical(Throwable cause) {
    return cause instanceof ParseException;
  }
}
