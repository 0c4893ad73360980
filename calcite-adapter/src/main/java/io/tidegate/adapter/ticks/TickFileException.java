package io.tidegate.adapter.ticks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A tick file that is refused. The message names the file, and the line where there is one; the
 * cause is the SQLException that a statement over the file fails with.
 */
public final class TickFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private TickFileException(String message, String sqlState, Throwable cause) {
    super(message, new SQLException(message, sqlState, cause));
  }

  /** A file that cannot be read to its end, or is not the one that was published. */
  static TickFileException damaged(Path file, String what, Throwable cause) {
    return new TickFileException(file + ": " + what, "58030", cause);
  }

  /** A line that is no tick. */
  static TickFileException line(Path file, long line, String what) {
    return new TickFileException(file + ", line " + line + ": " + what, "22000", null);
  }

  /** A name that stands for no file, or for the wrong one. */
  static TickFileException name(String what) {
    return new TickFileException(what, "58P01", null);
  }

  SQLException sqlException() {
    return (SQLException) getCause();
  }
}
