package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Prints the results of a script whole, as {@code sql -e} does; counts go to standard error. */
final class ResultsReport implements ScriptReport {
  private final ResultPrinter printer;
  private final PrintWriter out;
  private final PrintWriter err;

  ResultsReport(OutputFormat format, PrintWriter out, PrintWriter err) {
    this.printer = format.printer(out);
    this.out = out;
    this.err = err;
  }

  @Override
  public long rows(ResultSet result) throws SQLException, IOException {
    long rows = printer.print(result);
    out.flush();
    return rows;
  }

  @Override
  public void ended(StatementOutcome outcome) {
    if (outcome.error().isEmpty()) {
      err.println(
          outcome.step().kind()
              + ": "
              + Amounts.rows(outcome.rows())
              + " in "
              + Amounts.seconds(outcome.nanos()));
      err.flush();
    }
  }

  @Override
  public void finished() {
    out.flush();
  }
}
