package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of a script, its parameters already in it.
 *
 * @param sql what is executed
 * @param line where it begins in the script, from 1
 */
record ScriptStatement(String sql, int line) {
  private static final Pattern KIND =
      Pattern.compile(
          "\\(*\\s*([A-Za-z]+)(?:\\s+(TABLE|SCHEMA|VIEW|INTO|PLAN)\\b)?.*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  ScriptStatement {
    requireNonNull(sql, "sql");
  }

  /** The first line, as a title. */
  String title() {
    return sql.lines().findFirst().orElse("").strip();
  }

  /** What kind of statement it is: {@code SELECT}, {@code INSERT}, {@code CREATE TABLE}... */
  String kind() {
    Matcher words = KIND.matcher(sql);
    if (!words.matches()) {
      return "STATEMENT";
    }
    String verb = words.group(1).toUpperCase(Locale.ROOT);
    String object = words.group(2) == null ? "" : words.group(2).toUpperCase(Locale.ROOT);
    return switch (verb) {
      case "WITH", "VALUES", "TABLE" -> "SELECT";
      case "CREATE", "DROP", "ALTER" -> object.isEmpty() ? verb : verb + " " + object;
      default -> verb;
    };
  }
}
