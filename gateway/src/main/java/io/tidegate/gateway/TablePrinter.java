package io.tidegate.gateway;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/**
 * Prints results as aligned columns, for reading.
 *
 * <p>The first {@value #MEASURED_ROWS} rows decide how wide the columns are; later ones are printed
 * as they come, so memory does not grow with the result. NULL is the word, line ends and tabs
 * inside a text are written as {@code \n} and {@code \t}, and a column is measured by what a
 * terminal shows (two places for 東, none for a combining accent).
 */
final class TablePrinter implements ResultPrinter {
  private static final int MEASURED_ROWS = 1000;

  private final PrintWriter out;
  private final long shownRows;
  private boolean first = true;

  TablePrinter(PrintWriter out) {
    this(out, Long.MAX_VALUE);
  }

  /**
   * Prints only the beginning of each result.
   *
   * @param shownRows rows that are printed; the others are read and counted
   */
  TablePrinter(PrintWriter out, long shownRows) {
    this.out = out;
    this.shownRows = shownRows;
  }

  @Override
  public long print(ResultSet result) throws SQLException {
    Cells cells = new Cells(result);
    if (!first) {
      out.println();
    }
    first = false;
    if (cells.columns() == 1 && cells.name(0).equals("PLAN")) {
      return printPlan(result);
    }
    List<String[]> measured = new ArrayList<>();
    long rows = 0;
    while (rows < Math.min(MEASURED_ROWS, shownRows) && result.next()) {
      measured.add(row(cells));
      rows++;
    }
    int[] widths = widths(cells, measured);
    printHead(cells, widths);
    for (String[] row : measured) {
      printRow(cells, row, widths);
    }
    while (result.next()) {
      if (rows++ < shownRows) {
        printRow(cells, row(cells), widths);
        ResultPrinter.stopIfClosed(out, rows);
      }
    }
    if (rows > shownRows) {
      out.println("... " + Amounts.rows(rows - shownRows) + " more");
    }
    return rows;
  }

  /** What EXPLAIN gives is lines already, too long for a table. */
  private long printPlan(ResultSet result) throws SQLException {
    long rows = 0;
    for (; result.next(); rows++) {
      result.getString(1).lines().map(TablePrinter::visible).forEach(out::println);
    }
    return rows;
  }

  private static String[] row(Cells cells) throws SQLException {
    String[] row = new String[cells.columns()];
    for (int i = 0; i < row.length; i++) {
      Object value = cells.value(i);
      row[i] = value == null ? "NULL" : visible(Cells.text(value));
    }
    return row;
  }

  private static int[] widths(Cells cells, List<String[]> rows) {
    int[] widths = new int[cells.columns()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(visible(cells.name(i)));
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    return widths;
  }

  private void printHead(Cells cells, int[] widths) {
    String[] names = new String[widths.length];
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      names[i] = visible(cells.name(i));
      rule.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    printRow(cells, names, widths);
    out.println(rule);
  }

  private void printRow(Cells cells, String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String space = " ".repeat(Math.max(0, widths[i] - width(row[i])));
      line.append(i == 0 ? " " : " | ");
      line.append(cells.isNumber(i) ? space + row[i] : row[i] + space);
    }
    out.println(line.toString().stripTrailing());
  }

  private static String visible(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f) {
        out = out == null ? new StringBuilder(text.substring(0, i)) : out;
        out.append(escaped(c));
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", (int) c);
    };
  }

  private static int width(String text) {
    return text.codePoints().map(WCWidth::wcwidth).map(width -> Math.max(0, width)).sum();
  }
}
