package io.tidegate.adapter.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts variables into a text: <code>${VAR}</code> and <code>${VAR:-default}</code>.
 *
 * <p>A blank variable counts as unset. A default may hold variables itself, which is how an older
 * name is honoured: <code>${CH_USER:-${CLICKHOUSE_USER:-default}}</code>. What a variable holds is
 * taken as it is and never looked into again.
 */
final class Variables {
  private final Map<String, String> environment;

  Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * A text with its variables put in.
   *
   * @param text what it has become
   * @param names the variables it asked for, outermost first
   */
  record Expansion(String text, List<String> names) {}

  /**
   * Expands a text.
   *
   * @throws IllegalArgumentException naming the variable that is not set or what is malformed
   */
  Expansion expand(String text) {
    List<String> names = new ArrayList<>();
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (true) {
      int open = text.indexOf("${", at);
      if (open < 0) {
        return new Expansion(out.append(text, at, text.length()).toString(), names);
      }
      int close = closing(text, open);
      out.append(text, at, open).append(lookUp(text.substring(open + 2, close), names));
      at = close + 1;
    }
  }

  private String lookUp(String reference, List<String> names) {
    int split = reference.indexOf(":-");
    String name = split < 0 ? reference : reference.substring(0, split);
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException("'${" + reference + "}' is not ${VAR} or ${VAR:-default}");
    }
    names.add(name);
    String value = environment.get(name);
    if (value != null && !value.isBlank()) {
      return value;
    }
    if (split < 0) {
      throw new IllegalArgumentException(
          "variable " + name + " is not set and ${" + name + "} has no default");
    }
    Expansion otherwise = expand(reference.substring(split + 2));
    names.addAll(otherwise.names());
    return otherwise.text();
  }

  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        depth++;
        i++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("'" + text.substring(open) + "' lacks its closing brace");
  }
}
