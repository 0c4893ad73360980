package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** What {@code run} says about the statements of its scripts, as they end. */
interface ScriptReport {
  /** How it is written. */
  enum Format {
    /** A line per statement, with the beginning of its result. */
    TEXT,
    /** One JSON object at the end. */
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    ScriptReport report(PrintWriter out) {
      return switch (this) {
        case TEXT -> new TextReport(out);
        case JSON -> new JsonReport(out);
      };
    }
  }

  /** Takes a statement that is about to run. */
  default void started(ScriptStep step) {}

  /** Takes the rows of a statement that gives some, to the last, and counts them. */
  long rows(ResultSet result) throws SQLException, IOException;

  /** Takes the end of a statement. */
  void ended(StatementOutcome outcome);

  /** Takes the end of everything. */
  void finished() throws IOException;
}
