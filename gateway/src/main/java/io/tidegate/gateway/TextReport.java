package io.tidegate.gateway;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The report for reading: each statement's first line, rows and time, then its first rows. */
final class TextReport implements ScriptReport {
  private static final int SHOWN_ROWS = 20;
  private static final int TITLE_WIDTH = 60;

  private final PrintWriter out;
  private String table = "";

  TextReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public long rows(ResultSet result) throws SQLException {
    StringWriter text = new StringWriter();
    PrintWriter lines = new PrintWriter(text);
    long rows = new TablePrinter(lines, SHOWN_ROWS).print(result);
    lines.flush();
    table = text.toString();
    return rows;
  }

  @Override
  public void ended(StatementOutcome outcome) {
    String title = outcome.step().title();
    if (title.length() > TITLE_WIDTH) {
      title = title.substring(0, TITLE_WIDTH - 3) + "...";
    }
    String amount = outcome.error().isPresent() ? "failed" : Amounts.rows(outcome.rows());
    out.println(
        String.format(
            "%-" + TITLE_WIDTH + "s %16s %9s", title, amount, Amounts.seconds(outcome.nanos())));
    if (outcome.error().isEmpty() && !table.isEmpty()) {
      out.println();
      out.print(table);
      out.println();
    }
    table = "";
    out.flush();
  }

  @Override
  public void finished() {
    out.flush();
  }
}
