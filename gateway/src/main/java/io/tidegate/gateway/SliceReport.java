package io.tidegate.gateway;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an export of slices says: its last result, and each statement where that is wanted. */
final class SliceReport implements ScriptReport {
  private final Map<String, Object> numbers = new LinkedHashMap<>();
  private final PrintWriter out;

  /** A report; {@code out} is null where nothing is to be said on the way. */
  SliceReport(PrintWriter out) {
    this.out = out;
  }

  /** The columns of the script's result. */
  Map<String, Object> numbers() {
    return numbers;
  }

  @Override
  public long rows(ResultSet result) throws SQLException {
    long rows = 0;
    while (result.next()) {
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        numbers.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
      }
      rows++;
    }
    return rows;
  }

  @Override
  public void ended(StatementOutcome outcome) {
    if (out != null && !outcome.step().kind().endsWith("TABLE")) {
      if (outcome.step().kind().equals("SELECT") && outcome.error().isEmpty()) {
        numbers.forEach((name, value) -> out.println(name + ": " + value));
      } else {
        out.printf(
            "%s %s in %s%n",
            outcome.step().title(),
            outcome.error().isPresent() ? "failed" : Amounts.rows(outcome.rows()),
            Amounts.seconds(outcome.nanos()));
      }
      out.flush();
    }
  }

  @Override
  public void finished() {}
}
