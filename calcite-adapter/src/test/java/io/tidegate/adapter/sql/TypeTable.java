package io.tidegate.adapter.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of a table in docs/types.md, by the table's first heading. */
final class TypeTable {
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  private TypeTable() {}

  /** The rows, each a list of its cells; the heading is not one of them. */
  static List<List<String>> rows(String heading) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(page())) {
      if (line.startsWith("| " + heading + " |")) {
        inside = true;
      } else if (inside && !line.startsWith("|")) {
        return rows;
      } else if (inside && !line.startsWith("|-")) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
          cells.add(cell.trim());
        }
        rows.add(cells);
      }
    }
    throw new IllegalStateException("docs/types.md has no table that begins with " + heading);
  }

  /** The values of a cell. */
  static List<String> values(String cell) {
    List<String> values = new ArrayList<>();
    Matcher matcher = CODE.matcher(cell);
    while (matcher.find()) {
      values.add(matcher.group(1));
    }
    return values;
  }

  private static Path page() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("docs"))) {
      directory = directory.getParent();
    }
    return directory.resolve("docs/types.md");
  }
}
