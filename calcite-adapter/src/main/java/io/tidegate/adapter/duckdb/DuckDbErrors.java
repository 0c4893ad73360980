package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.FileErrors;
import io.tidegate.adapter.store.StoreFunctions;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives DuckDB's errors one line and a SQLSTATE, which its driver leaves out. */
final class DuckDbErrors {
  /** What DuckDB puts before the text of error(), which is Tidegate's own sentence. */
  private static final String OWN = "Invalid Input Error: ";

  /** A failure of a writing thread, wrapped as JSON in the text of another. */
  private static final Pattern OF_A_WRITER =
      Pattern.compile("\"exception_message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private DuckDbErrors() {}

  static SQLException translate(SQLException e) {
    String message = withoutWrapping(e.getMessage() == null ? e.toString() : e.getMessage());
    String line = message.lines().findFirst().orElse(message).trim();
    Matcher writer = OF_A_WRITER.matcher(line);
    String text = writer.find() ? writer.group(1).replaceAll("\\\\(.)", "$1") : plain(line);
    return text.startsWith(StoreFunctions.REFUSED)
        ? new SQLException(text.substring(StoreFunctions.REFUSED.length()), "22000", e)
        : new SQLException(text, state(message, e.getSQLState()), e);
  }

  /** A failure in the middle of an Arrow stream is wrapped in the text of a JNI exception. */
  private static String withoutWrapping(String message) {
    int begin = message.indexOf("CDataJniException{");
    int text = begin < 0 ? -1 : message.indexOf("message=", begin);
    return text < 0
        ? message
        : message.substring(text + "message=".length()).replaceAll("\\}\\s*$", "");
  }

  /** Without DuckDB's name for the kind of error, and without its advice on settings. */
  private static String plain(String line) {
    String message = line.replaceFirst("^[A-Z][A-Za-z]*( [A-Za-z]+)* Error: ", "");
    int advice = message.indexOf(". Use TRY(");
    return advice < 0 ? message : message.substring(0, advice);
  }

  /** Whether the driver lost the reason of a failure. */
  static boolean isNameless(SQLException e) {
    return e.getMessage() != null && e.getMessage().endsWith("Invalid result set");
  }

  private static String state(String message, String given) {
    if (message.contains("Division by zero")) {
      return "22012";
    }
    if (message.startsWith(OWN + "Cannot insert NULL")) {
      return "23502";
    }
    if (message.startsWith(OWN + "Cannot insert")) {
      return "22003";
    }
    if (message.startsWith(OWN + "SUBSTRING: ")) {
      return "22011";
    }
    if (message.startsWith(OWN + "Column '")) {
      return "22000"; // a value that DuckDbTypes looked at
    }
    if (message.startsWith(OWN + "a scalar sub-query")
        || message.startsWith(OWN + "more than one distinct value")) {
      return "21000";
    }
    if (message.matches("(?s)" + OWN + "(floor_to_interval|window_start|window_end): .*")) {
      return "22023";
    }
    if (message.startsWith("Out of Range Error")
        || message.contains("Overflow")
        || message.contains("value is out of range")) {
      return "22003";
    }
    if (message.startsWith("Conversion Error")) {
      return "22018";
    }
    if (message.startsWith("INTERRUPT Error") || message.contains("Interrupted")) {
      return "57014";
    }
    if (message.startsWith("Out of Memory Error")) {
      return "53200";
    }
    if (message.startsWith("IO Error") || FileErrors.isNoRoom(message)) {
      return FileErrors.state(message);
    }
    if (message.startsWith("Constraint Error")) {
      return "23000";
    }
    if (message.startsWith("Parser Error")) {
      return "42601";
    }
    if (message.startsWith("Catalog Error")) {
      return "42S02";
    }
    if (message.startsWith("Binder Error")) {
      return "42000";
    }
    return given == null ? "HY000" : given;
  }
}
