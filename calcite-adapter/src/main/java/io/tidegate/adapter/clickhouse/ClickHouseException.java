package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What went wrong at ClickHouse: its code, its name for the error, and the query it concerns.
 *
 * <p>{@link #getErrorCode()} is ClickHouse's own code, or 0 when the server did not get to say
 * anything (unreachable, silent, lost).
 *
 * @see <a href="https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp">the
 *     codes</a>
 */
public final class ClickHouseException extends SQLException {
  private static final long serialVersionUID = 1;

  /** "Code: 62. DB::Exception: text (SYNTAX_ERROR) (version 26.7.2.1)", its parts optional. */
  private static final Pattern SERVER_TEXT =
      Pattern.compile(
          "^(?:Code: (\\d+)\\. )?(?:DB::Exception: )?(.*?)"
              + "(?:\\s*\\(([A-Z][A-Z0-9_]{2,})\\)\\s*(?:\\((?:version|official|queryId|transport).*)?)?$",
          Pattern.DOTALL);

  private static final Pattern DATABASE_ERROR =
      Pattern.compile("Code: (\\d+)\\. DB::Exception: .*", Pattern.DOTALL);

  /** Where in its own plan ClickHouse was. */
  private static final Pattern EXECUTING = Pattern.compile(": while executing 'FUNCTION .*");

  private static final int LONGEST_TEXT = 1_000;

  /** FUNCTION_THROW_IF_VALUE_IS_NON_ZERO */
  private static final int THROW_IF = 395;

  private final String errorName;
  private final String queryId;

  /** Whether the statement may have taken effect although it failed. */
  private final boolean ambiguous;

  private ClickHouseException(
      String message,
      String sqlState,
      int code,
      String errorName,
      String queryId,
      boolean ambiguous,
      Throwable cause) {
    super(message, sqlState, code, cause);
    this.errorName = errorName;
    this.queryId = queryId;
    this.ambiguous = ambiguous;
  }

  /** The server answered with an error. */
  static ClickHouseException rejected(
      int code, String serverText, String queryId, Throwable cause) {
    String text = serverText.strip();
    String name = "UNKNOWN";
    Matcher matcher = SERVER_TEXT.matcher(text);
    if (matcher.matches()) {
      text = matcher.group(2);
      name = matcher.group(3) == null ? name : matcher.group(3);
    }
    String own = code == THROW_IF ? ownState(text) : null;
    if (own != null) {
      text = text.replaceFirst("(?s): while executing .*", "");
    }
    return new ClickHouseException(
        own != null
            ? essence(text)
            : "ClickHouse rejected query %s (code %d, %s): %s"
                .formatted(queryId, code, name, essence(text)),
        own != null ? own : sqlState(code),
        code,
        name,
        queryId,
        isAmbiguous(code),
        cause);
  }

  /**
   * The error whose text a stream ends with, or null if {@code tail} holds none. A server that
   * fails after its first rows can only append the text to the body.
   */
  static ClickHouseException inStream(String tail, String queryId, Throwable cause) {
    String text = tail;
    int marker = tail.lastIndexOf("__exception__\r\n", Math.max(0, tail.length() - 20));
    if (marker >= 0) {
      text = tail.substring(marker);
    }
    Matcher matcher = DATABASE_ERROR.matcher(text);
    if (!matcher.find()) {
      return null;
    }
    String message = matcher.group();
    int version = message.indexOf(" (version ");
    if (version >= 0) {
      message = message.substring(0, version);
    }
    return rejected(Integer.parseInt(matcher.group(1)), message, queryId, cause);
  }

  /** A String column whose bytes are no text. */
  static ClickHouseException notText(String column) {
    return new ClickHouseException(
        "Column '%s' has bytes that are not UTF-8: read them in the engine's own SQL with native_query, as hex(...)"
            .formatted(column),
        "22021",
        0,
        "NOT_UTF8",
        null,
        false,
        null);
  }

  static ClickHouseException unreachable(ClickHouseEndpoint endpoint, Throwable cause) {
    return new ClickHouseException(
        "Cannot reach ClickHouse at %s: %s".formatted(endpoint.address(), reason(cause)),
        "08001",
        0,
        "UNREACHABLE",
        null,
        false,
        cause);
  }

  static ClickHouseException silent(ClickHouseEndpoint endpoint, String queryId, Throwable cause) {
    return new ClickHouseException(
        "ClickHouse at %s was silent for %s ms in query %s; the request timeout can be raised"
            .formatted(endpoint.address(), endpoint.requestTimeout().toMillis(), queryId),
        "HYT00",
        0,
        "TIMEOUT",
        queryId,
        true,
        cause);
  }

  static ClickHouseException lost(ClickHouseEndpoint endpoint, String queryId, Throwable cause) {
    return new ClickHouseException(
        "Lost the connection to ClickHouse at %s in query %s: %s"
            .formatted(endpoint.address(), queryId, reason(cause)),
        "08006",
        0,
        "CONNECTION_LOST",
        queryId,
        true,
        cause);
  }

  /** The store's error behind what an {@code ArrowReader} threw, which may only be IOException. */
  public static SQLException of(IOException streamFailure) {
    for (Throwable cause = streamFailure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClickHouseException known) {
        return known;
      }
    }
    return new SQLException(
        "Cannot read ClickHouse's answer: " + streamFailure.getMessage(), "08006", streamFailure);
  }

  /** ClickHouse's name for the error, such as {@code MEMORY_LIMIT_EXCEEDED}. */
  public String errorName() {
    return errorName;
  }

  /** The query concerned; null when none was sent. */
  public String queryId() {
    return queryId;
  }

  /** True if the statement may have taken effect: its answer was lost, or the server timed out. */
  boolean isAmbiguous() {
    return ambiguous;
  }

  private static String reason(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    if (root instanceof UnknownHostException) {
      return "Unknown host";
    }
    return essence(text.contains("Connection refused") ? "Connection refused" : text);
  }

  /** One line without trailing punctuation, stack or server advice. */
  private static String essence(String text) {
    int stack = text.indexOf("Stack trace:");
    String line = (stack >= 0 ? text.substring(0, stack) : text).strip().replaceAll("\\s+", " ");
    line = EXECUTING.matcher(line).replaceFirst("");
    line = line.replaceAll("[\\s.,]+$", "");
    return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + " ...";
  }

  private static boolean isAmbiguous(int code) {
    // TIMEOUT_EXCEEDED, SOCKET_TIMEOUT, NETWORK_ERROR, UNKNOWN_STATUS_OF_INSERT
    return code == 159 || code == 209 || code == 210 || code == 319;
  }

  /** The state of a failure that Tidegate's SQL has asked for by its own sentence, or null. */
  private static String ownState(String text) {
    if (text.startsWith("Division by zero")) {
      return "22012";
    }
    if (text.startsWith("Numeric value out of range") || text.startsWith("Cannot insert")) {
      return "22003";
    }
    return text.matches("(?s)(floor_to_interval|window_start|window_end): .*") ? "22023" : null;
  }

  private static String sqlState(int code) {
    return switch (code) {
      case 60 -> "42S02"; // UNKNOWN_TABLE
      case 81 -> "3D000"; // UNKNOWN_DATABASE
      case 57 -> "42S01"; // TABLE_ALREADY_EXISTS
      case 16, 47, 10 -> "42S22"; // NO_SUCH_COLUMN, UNKNOWN_IDENTIFIER, NOT_FOUND_COLUMN
      case 46, 62 -> "42000"; // UNKNOWN_FUNCTION, SYNTAX_ERROR
      case 192, 193, 194, 195, 516 -> "28000"; // who is asking
      case 497, 164 -> "42501"; // ACCESS_DENIED, READONLY
      case 153 -> "22012"; // ILLEGAL_DIVISION
      case 394, 159 -> "57014"; // QUERY_WAS_CANCELLED, TIMEOUT_EXCEEDED
      // VALUE_IS_OUT_OF_RANGE, DECIMAL_OVERFLOW
      case 321, 407 -> "22003";
      case 395 -> "22000"; // one of Tidegate's own checks of a value
      // CANNOT_PARSE_ of UUID, IPv4, IPv6; UNKNOWN_ELEMENT_OF_ENUM
      case 376, 675, 676, 691 -> "22018";
      case 202, 241 -> "53000"; // TOO_MANY_SIMULTANEOUS_QUERIES, MEMORY_LIMIT_EXCEEDED
      case 209, 210 -> "08006"; // SOCKET_TIMEOUT, NETWORK_ERROR
      default -> "HY000";
    };
  }
}
