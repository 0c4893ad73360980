package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/**
 * The report for watching: each statement whole, before it runs, then its rows and time, then its
 * first rows.
 */
final class DemoReport implements ScriptReport {
  private static final int SHOWN_ROWS = 10;
  private static final String INDENT = "  ";

  private final PrintWriter out;
  private final UnaryOperator<String> shown;
  private String table = "";

  /**
   * Creates a report.
   *
   * @param shown makes of a statement as it is written in the script the text to show
   */
  DemoReport(PrintWriter out, UnaryOperator<String> shown) {
    this.out = requireNonNull(out, "out");
    this.shown = requireNonNull(shown, "shown");
  }

  /** Begins a part of the demo: what it does, and why that is worth watching. */
  void heading(String title, String explanation) {
    out.println();
    out.println(title);
    out.println("=".repeat(title.length()));
    out.println(explanation);
    out.println();
    out.flush();
  }

  @Override
  public void started(ScriptStep step) {
    out.print((shown.apply(step.written()) + ";").indent(INDENT.length()));
    out.flush();
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
    boolean moved = outcome.rows() > 0 || !table.isEmpty();
    String amount = moved ? Amounts.rows(outcome.rows()) : "done";
    if (outcome.error().isPresent()) {
      amount = "failed";
    }
    out.println(INDENT + "-> " + amount + " in " + Amounts.seconds(outcome.nanos()));
    out.println();
    if (outcome.error().isEmpty() && !table.isEmpty()) {
      out.print(table.indent(INDENT.length()));
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
