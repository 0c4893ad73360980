package io.tidegate.adapter.arrow;

import java.io.IOException;
import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Makes what reads a table function's input, which is its own from then on. */
@FunctionalInterface
public interface InputReader {
  ArrowReader over(ArrowReader input) throws IOException;

  /**
   * Makes a reader for a function; closes the input if that fails.
   *
   * @param function its name, for messages
   */
  static ArrowReader open(String function, ArrowReader input, InputReader reader)
      throws SQLException {
    try {
      return reader.over(input);
    } catch (IOException e) {
      close(input, e);
      throw e.getCause() instanceof SQLException cause
          ? cause
          : new SQLException(function + ": its input failed: " + e.getMessage(), "08006", e);
    } catch (RuntimeException | Error e) {
      close(input, e);
      throw e;
    }
  }

  private static void close(ArrowReader input, Throwable cause) {
    try {
      input.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
