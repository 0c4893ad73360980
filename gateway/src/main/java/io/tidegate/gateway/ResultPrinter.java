package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Prints results one after another. */
interface ResultPrinter {
  /**
   * Prints a result to its end.
   *
   * @return how many rows it had
   */
  long print(ResultSet result) throws SQLException, IOException;

  /**
   * Stops a long result that nobody reads any more, as in {@code | head}; a {@link PrintWriter}
   * does not say so by itself.
   *
   * @param rows how many have been printed; it looks every few thousand
   */
  static void stopIfClosed(PrintWriter out, long rows) throws SQLException {
    if (rows % 4096 == 0 && out.checkError()) {
      throw new SQLException("Standard output was closed after " + Amounts.rows(rows), "58030");
    }
  }
}
