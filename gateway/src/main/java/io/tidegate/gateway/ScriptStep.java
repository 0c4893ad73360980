package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of a script.
 *
 * @param sql what is executed, the parameters' values in it
 * @param written how the script has it
 * @param line where it begins in the script, from 1
 */
record ScriptStep(String sql, String written, int line) {
  private static final Pattern KIND =
      Pattern.compile(
          "\\(*\\s*([A-Za-z]+)(?:\\s+(TABLE|SCHEMA|VIEW|INTO|PLAN)\\b)?.*",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  ScriptStep {
    requireNonNull(sql, "sql");
    requireNonNull(written, "written");
  }

  /** The first line as it was written, for a title. */
  String title() {
    return written.lines().findFirst().orElse("").strip();
  }

  /** What kind of statement it is: {@code SELECT}, {@code INSERT}, {@code CREATE TABLE}... */
  String kind() {
    Matcher words = KIND.matcher(written);
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
