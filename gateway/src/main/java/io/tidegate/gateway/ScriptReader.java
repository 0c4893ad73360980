package io.tidegate.gateway;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Turns the text of a script and the values of its parameters into statements to execute. */
@FunctionalInterface
interface ScriptReader {
  /**
   * Reads a whole script before anything of it runs.
   *
   * @param text the script
   * @param parameters values by name, as given on the command line
   * @throws SQLException when the text is not SQL, or a parameter is missing, unknown or ill-typed
   */
  List<ScriptStatement> read(String text, Map<String, String> parameters) throws SQLException;

  /** Reads scripts without parameters: cuts at semicolons and leaves the SQL to the engine. */
  static ScriptReader plain() {
    return (text, parameters) -> {
      if (!parameters.isEmpty()) {
        throw new SQLException(
            "The script declares no parameter '" + parameters.keySet().iterator().next() + "'",
            "42P02");
      }
      return SqlText.split(text).stream()
          .map(piece -> new ScriptStatement(piece.text(), piece.line()))
          .toList();
    };
  }
}
