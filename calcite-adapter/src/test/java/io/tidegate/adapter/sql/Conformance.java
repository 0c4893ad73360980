package io.tidegate.adapter.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;

/**
 * Runs a conformance file: statements, each ended by a semicolon and followed by the answer it must
 * give. The outcome is the same text with the answers that were given, so that a difference reads
 * as one, and a new file can be written by running it.
 *
 * <pre>
 * # A comment.
 * SELECT symbol, price FROM {left}.ticks;
 * | BTC | NULL |
 *
 * SELECT nothing FROM {left}.ticks;
 * # Bad: 42S22 Column 'nothing' not found in any table
 * </pre>
 *
 * An empty result is {@code (no rows)}, an update {@code (n rows affected)}. An error is shown
 * without the place in the statement, which depends on the schemas' names; one that ends in {@code
 * ...} in the file has to begin so. Rows are compared in order if the statement has an ORDER BY
 * outside of parentheses, else as a bag. {@code {left}} and {@code {right}} are schemas, see {@link
 * Placement}.
 */
final class Conformance {
  private static final String BAD = "# Bad: ";

  private final TestCatalog catalog;
  private final Placement placement;

  Conformance(TestCatalog catalog, Placement placement) {
    this.catalog = catalog;
    this.placement = placement;
  }

  /** A file's text with the answers given here and now. */
  String run(String file) throws SQLException {
    StringBuilder outcome = new StringBuilder();
    List<String> lines = file.lines().toList();
    try (Connection connection = catalog.connect()) {
      for (int at = 0; at < lines.size(); ) {
        String line = lines.get(at);
        if (line.isBlank() || line.startsWith("#")) {
          outcome.append(line).append('\n');
          at++;
          continue;
        }
        StringJoiner statement = new StringJoiner("\n");
        do {
          line = lines.get(at++);
          statement.add(line);
        } while (!line.endsWith(";"));
        List<String> expected = new ArrayList<>();
        while (at < lines.size() && isAnswer(lines.get(at))) {
          expected.add(lines.get(at++));
        }
        outcome.append(statement).append('\n');
        answer(connection, statement.toString(), expected)
            .forEach(each -> outcome.append(each).append('\n'));
      }
    }
    return outcome.toString();
  }

  private static boolean isAnswer(String line) {
    return line.startsWith("|") || line.startsWith("(") || line.startsWith(BAD);
  }

  private List<String> answer(Connection connection, String statement, List<String> expected) {
    String sql = placement.fill(statement.substring(0, statement.length() - 1), catalog);
    List<String> given = new ArrayList<>();
    try (Statement jdbc = connection.createStatement()) {
      if (jdbc.execute(sql)) {
        try (ResultSet rows = jdbc.getResultSet()) {
          while (rows.next()) {
            given.add(row(rows));
          }
        }
        if (given.isEmpty()) {
          given.add("(no rows)");
        }
      } else {
        given.add("(" + jdbc.getLargeUpdateCount() + " rows affected)");
      }
    } catch (SQLException e) {
      String bad = BAD + placement.blank(bad(e), catalog);
      return expected.size() == 1 && isBeginning(expected.get(0), bad) ? expected : List.of(bad);
    }
    return isOrdered(sql) ? given : inOrderOf(expected, given);
  }

  private static boolean isBeginning(String expected, String given) {
    return expected.endsWith("...")
        && given.startsWith(expected.substring(0, expected.length() - 3));
  }

  private static String row(ResultSet rows) throws SQLException {
    StringBuilder row = new StringBuilder("|");
    for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
      String value = rows.getString(column);
      row.append(' ')
          .append(value == null ? "NULL" : value.replace("\n", "\\n").replace("\0", "\\0"))
          .append(" |");
    }
    return row.toString();
  }

  /**
   * The innermost failure that has a SQLSTATE: what its finder said, without the drivers' frames.
   */
  private static String bad(SQLException failure) {
    SQLException named = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        named = sql;
        break;
      }
    }
    return named.getSQLState()
        + " "
        + named
            .getMessage()
            .replace("\n", "\\n")
            .replaceAll(" \\(line \\d+, column \\d+\\)| at line \\d+, column \\d+", "");
  }

  private static boolean isOrdered(String sql) {
    StringBuilder outside = new StringBuilder();
    int depth = 0;
    for (char c : sql.toCharArray()) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        outside.append(c);
      }
    }
    return outside.toString().replaceAll("\\s+", " ").contains("ORDER BY");
  }

  private static List<String> inOrderOf(List<String> expected, List<String> given) {
    List<String> left = new ArrayList<>(expected);
    List<String> right = new ArrayList<>(given);
    Collections.sort(left);
    Collections.sort(right);
    return left.equals(right) ? expected : right;
  }

  /**
   * Writes what a placement answers into files, for a human to check: {@code Conformance placement
   * file ...}.
   */
  public static void main(String[] arguments) throws Exception {
    Placement placement = Placement.valueOf(arguments[0]);
    Path directory = Files.createTempDirectory("conformance");
    try (TestCatalog catalog =
        placement == Placement.DUCKDB
            ? TestCatalog.duckDb(directory)
            : TestCatalog.clickHouse(Conformance.class, directory)) {
      for (String file : List.of(arguments).subList(1, arguments.length)) {
        Path path = Path.of(file);
        Files.writeString(path, new Conformance(catalog, placement).run(Files.readString(path)));
      }
    }
  }
}
