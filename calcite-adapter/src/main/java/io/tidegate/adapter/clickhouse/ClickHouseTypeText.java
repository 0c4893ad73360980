package io.tidegate.adapter.clickhouse;

import java.util.ArrayList;
import java.util.List;

/**
 * A ClickHouse type as its text says, such as {@code LowCardinality(Nullable(String))}.
 *
 * @param name the part before the parenthesis; for an argument that is no type, all of it
 * @param arguments what is in the parentheses, in order
 */
record ClickHouseTypeText(String name, List<ClickHouseTypeText> arguments) {

  /**
   * Parses a whole type.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  static ClickHouseTypeText parse(String text) {
    Parser parser = new Parser(text);
    ClickHouseTypeText type = parser.type();
    if (parser.position != text.length()) {
      throw new IllegalArgumentException("something follows at " + parser.position);
    }
    return type;
  }

  ClickHouseTypeText argument(int index) {
    if (index >= arguments.size()) {
      throw new IllegalArgumentException(name + " lacks an argument");
    }
    return arguments.get(index);
  }

  int number(int index) {
    return Integer.parseInt(argument(index).name());
  }

  @Override
  public String toString() {
    return arguments.isEmpty()
        ? name
        : name + "(" + String.join(", ", arguments.stream().map(Object::toString).toList()) + ")";
  }

  private static final class Parser {
    private final String text;
    private int position;

    Parser(String text) {
      this.text = text;
    }

    ClickHouseTypeText type() {
      int start = position;
      while (position < text.length() && "(),".indexOf(text.charAt(position)) < 0) {
        if (text.charAt(position) == '\'' || text.charAt(position) == '`') {
          quoted(text.charAt(position));
        } else {
          position++;
        }
      }
      String name = text.substring(start, position).strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("a name is missing at " + start);
      }
      List<ClickHouseTypeText> arguments = new ArrayList<>();
      if (position < text.length() && text.charAt(position) == '(') {
        do {
          position++;
          arguments.add(type());
        } while (position < text.length() && text.charAt(position) == ',');
        if (position == text.length()) {
          throw new IllegalArgumentException("a parenthesis is open");
        }
        position++;
      }
      return new ClickHouseTypeText(name, List.copyOf(arguments));
    }

    /** Steps over a quoted part, in which a backslash hides the next character. */
    private void quoted(char quote) {
      position++;
      while (position < text.length() && text.charAt(position) != quote) {
        position += text.charAt(position) == '\\' ? 2 : 1;
      }
      if (position >= text.length()) {
        throw new IllegalArgumentException("a quote is open");
      }
      position++;
    }
  }
}
