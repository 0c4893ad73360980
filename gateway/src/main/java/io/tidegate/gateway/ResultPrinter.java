package io.tidegate.gateway;

import java.io.IOException;
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
}
