package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Prints results as CSV (RFC 4180): a header, then the rows, each ended by CR LF.
 *
 * <p>NULL is nothing at all, an empty text is {@code ""}. Results follow each other after an empty
 * line.
 */
final class CsvPrinter implements ResultPrinter {
  private static final String END = "\r\n";

  private final PrintWriter out;
  private boolean first = true;

  CsvPrinter(PrintWriter out) {
    this.out = requireNonNull(out, "out");
  }

  @Override
  public long print(ResultSet result) throws SQLException {
    Cells cells = new Cells(result);
    out.print(first ? "" : END);
    first = false;
    for (int i = 0; i < cells.columns(); i++) {
      out.print(i == 0 ? "" : ",");
      out.print(quoted(cells.name(i)));
    }
    out.print(END);
    long rows = 0;
    while (result.next()) {
      for (int i = 0; i < cells.columns(); i++) {
        out.print(i == 0 ? "" : ",");
        Object value = cells.value(i);
        out.print(value == null ? "" : quoted(Cells.text(value)));
      }
      out.print(END);
      ResultPrinter.stopIfClosed(out, ++rows);
    }
    return rows;
  }

  private static String quoted(String text) {
    boolean plain = !text.isEmpty();
    for (int i = 0; plain && i < text.length(); i++) {
      char c = text.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
