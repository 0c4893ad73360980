package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** How a {@code lake} command says what came of it. */
enum LakeReport {
  /** A table. */
  TEXT {
    @Override
    void print(ResultSet rows, BooleanSupplier ok, PrintWriter out) throws SQLException {
      new TablePrinter(out).print(rows);
    }

    @Override
    void failed(SqlError error, PrintWriter out) {}
  },
  /** One object: {@code {"ok": true, "rows": [...]}}, or with {@code "error"} instead of rows. */
  JSON {
    @Override
    void print(ResultSet rows, BooleanSupplier ok, PrintWriter out)
        throws SQLException, IOException {
      StringWriter printed = new StringWriter();
      try (PrintWriter buffer = new PrintWriter(printed)) {
        new JsonPrinter(buffer).print(rows);
      }
      String array = printed.toString().strip();
      out.print("{\"ok\": " + ok.getAsBoolean() + ", \"rows\": " + array + "}\n");
    }

    @Override
    void failed(SqlError error, PrintWriter out) throws IOException {
      JsonReport.error(error, out);
    }
  };

  /**
   * Prints the rows of a command that ran to its end.
   *
   * @param ok whether all is well; known when the last row has been read
   */
  abstract void print(ResultSet rows, BooleanSupplier ok, PrintWriter out)
      throws SQLException, IOException;

  /** Says that it did not, beside what standard error says. */
  abstract void failed(SqlError error, PrintWriter out) throws IOException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
