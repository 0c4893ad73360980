package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.rowset.CachedRowSet;

/** How a {@code lake} command says what came of it. */
enum LakeReport {
  /** A table. */
  TEXT {
    @Override
    void print(CachedRowSet rows, boolean ok, PrintWriter out) throws SQLException {
      new TablePrinter(out).print(rows);
    }

    @Override
    void failed(SqlError error, PrintWriter out) {}
  },
  /** One object: {@code {"ok": true, "rows": [...]}}, or with {@code "error"} instead of rows. */
  JSON {
    @Override
    void print(CachedRowSet rows, boolean ok, PrintWriter out) throws SQLException, IOException {
      out.print("{\"ok\": " + ok + ", \"rows\": ");
      new JsonPrinter(out).print(rows);
      out.print("}\n");
    }

    @Override
    void failed(SqlError error, PrintWriter out) throws IOException {
      JsonReport.error(error, out);
    }
  };

  /** Prints the rows of a command that ran to its end. */
  abstract void print(CachedRowSet rows, boolean ok, PrintWriter out)
      throws SQLException, IOException;

  /** Says that it did not, beside what standard error says. */
  abstract void failed(SqlError error, PrintWriter out) throws IOException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
