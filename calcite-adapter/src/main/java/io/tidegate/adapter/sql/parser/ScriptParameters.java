package io.tidegate.adapter.sql.parser;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.sql.parser.tree.SqlNamedParameter;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The parameters that a script declares in the comments above its first statement:
 *
 * <pre>{@code
 * -- param symbol VARCHAR : which one to export
 * -- param threshold INTEGER = 250
 * -- param target IDENTIFIER = lake.bars
 * -- param start TIMESTAMP = '2024-01-01 00:00:00' : UTC unless it has an offset
 * }</pre>
 *
 * <p>One without a default must be given. In the script's SQL a parameter is {@code :name}.
 */
public final class ScriptParameters {
  private static final String FORM = "-- param <name> <type> [= <default>] [: <description>]";
  private static final Pattern DECLARATION = Pattern.compile("\\s*--\\s*param\\s+(?<rest>.*)");
  private static final Pattern PARTS =
      Pattern.compile(
          "(?<name>\\S+)\\s+(?<type>\\w+)"
              + "(\\s*=\\s*('(?<quoted>([^']|'')*)'|(?<bare>[^\\s'](?:(?!\\s*:(\\s|$)).)*)))?"
              + "\\s*(:(?<description>(\\s.*)?))?");

  private final String scriptName;
  private final TreeMap<String, ScriptParameter> declared;

  private ScriptParameters(String scriptName, TreeMap<String, ScriptParameter> declared) {
    this.scriptName = scriptName;
    this.declared = declared;
  }

  /** Reads the declarations of a script; its name is for messages. */
  public static ScriptParameters declaredIn(String scriptName, String script) throws SQLException {
    requireNonNull(scriptName, "scriptName");
    TreeMap<String, ScriptParameter> declared = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String[] lines = script.split("\r\n|\r|\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && !line.startsWith("--")) {
        break;
      }
      Matcher declaration = DECLARATION.matcher(line);
      if (declaration.matches()) {
        ScriptParameter parameter = parameter(scriptName, declaration.group("rest").strip(), i + 1);
        ScriptParameter earlier = declared.putIfAbsent(parameter.name(), parameter);
        if (earlier != null) {
          throw error(
              scriptName,
              "42601",
              "line %d declares parameter '%s' again, line %d has it already",
              i + 1,
              parameter.name(),
              earlier.line());
        }
      }
    }
    return new ScriptParameters(scriptName, declared);
  }

  private static ScriptParameter parameter(String scriptName, String text, int line)
      throws SQLException {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches() || !SqlNamedParameter.isName(parts.group("name"))) {
      throw error(
          scriptName, "42601", "line %d: cannot read '-- param %s', expected %s", line, text, FORM);
    }
    String name = parts.group("name");
    ScriptParameterType type;
    try {
      type = ScriptParameterType.valueOf(parts.group("type").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw error(
          scriptName,
          "42601",
          "line %d: parameter '%s' cannot be %s, only %s",
          line,
          name,
          parts.group("type"),
          Stream.of(ScriptParameterType.values())
              .map(ScriptParameterType::name)
              .collect(Collectors.joining(", ")));
    }
    String quoted = parts.group("quoted");
    String value = quoted == null ? parts.group("bare") : quoted.replace("''", "'");
    if (value != null && !type.accepts(value)) {
      throw error(
          scriptName,
          "22023",
          "line %d: parameter '%s' is %s but its default is '%s'",
          line,
          name,
          type,
          value);
    }
    String description = parts.group("description");
    return new ScriptParameter(
        name, type, value, description == null ? "" : description.strip(), line);
  }

  /** In the order of the script. */
  public List<ScriptParameter> declared() {
    return declared.values().stream()
        .sorted((a, b) -> Integer.compare(a.line(), b.line()))
        .toList();
  }

  /**
   * Gives each parameter its value. A value is read once, here, by the parameter's type; it never
   * becomes part of a text that is parsed as SQL again.
   */
  public ScriptBinding bind(Map<String, String> given) throws SQLException {
    TreeMap<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> entry : given.entrySet()) {
      if (!declared.containsKey(entry.getKey())) {
        throw error(
            scriptName,
            "22023",
            "there is no parameter '%s', only %s",
            entry.getKey(),
            declared.isEmpty() ? "none" : names());
      }
      if (values.put(entry.getKey(), requireNonNull(entry.getValue(), entry.getKey())) != null) {
        throw error(scriptName, "22023", "parameter '%s' is given twice", entry.getKey());
      }
    }
    List<String> missing = new ArrayList<>();
    TreeMap<String, SqlNode> nodes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (ScriptParameter parameter : declared()) {
      String value = values.getOrDefault(parameter.name(), parameter.defaultValue());
      if (value == null) {
        missing.add("'" + parameter.name() + "' (" + parameter.type() + ")");
        continue;
      }
      try {
        nodes.put(parameter.name(), parameter.type().node(value, SqlParserPos.ZERO));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw error(
            scriptName,
            "22023",
            "parameter '%s' is %s but was '%s'",
            parameter.name(),
            parameter.type(),
            value);
      }
    }
    if (!missing.isEmpty()) {
      throw error(
          scriptName,
          "22023",
          missing.size() == 1 ? "parameter %s is required" : "parameters %s are required",
          String.join(", ", missing));
    }
    return new ScriptBinding(this, nodes);
  }

  String scriptName() {
    return scriptName;
  }

  ScriptParameter get(String name) {
    return declared.get(name);
  }

  private String names() {
    return declared().stream()
        .map(parameter -> "'" + parameter.name() + "'")
        .collect(Collectors.joining(", "));
  }

  static SQLException error(String scriptName, String sqlState, String format, Object... values) {
    String message = "Script " + scriptName + ": " + format.formatted(values);
    return new SQLException(message.replaceAll("\\R", " "), sqlState);
  }
}
