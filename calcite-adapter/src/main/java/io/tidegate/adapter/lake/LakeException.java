package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.sql.SQLException;

/**
 * What went wrong in the lake, in one line that names the table, run or file asked for and what was
 * met there.
 *
 * <p>The states follow PostgreSQL where the standard has none: {@code 58030} input/output, {@code
 * 53100} disk full, {@code XX001} data corrupted.
 */
public final class LakeException extends SQLException {
  private static final long serialVersionUID = 1L;

  private LakeException(String message, String sqlState, Throwable cause) {
    super(message, sqlState, cause);
  }

  static LakeException invalid(String message) {
    return new LakeException(message, "22023", null);
  }

  static LakeException noSuchTable(String message) {
    return new LakeException(message, "42S02", null);
  }

  static LakeException noSuchRun(String message) {
    return new LakeException(message, "42704", null);
  }

  static LakeException alreadyExists(String message) {
    return new LakeException(message, "42S01", null);
  }

  /** Another statement was first, or the same run id came with other content. */
  static LakeException conflict(String message) {
    return new LakeException(message, "40001", null);
  }

  static LakeException corrupt(String message) {
    return new LakeException(message, "XX001", null);
  }

  static LakeException corrupt(String message, Throwable cause) {
    return new LakeException(message + ": " + cause.getMessage(), "XX001", cause);
  }

  /** What was tried, then what the file system said. */
  static LakeException io(String attempt, IOException cause) {
    return new LakeException(
        attempt + ": " + describe(cause), FileErrors.state(cause.getMessage()), cause);
  }

  /** The JDK's own messages of these are bare paths. */
  private static String describe(IOException cause) {
    String said =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      return "not permitted: " + said;
    }
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory: " + said;
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file is in the way: " + said;
    }
    if (cause instanceof NotDirectoryException) {
      return "not a directory: " + said;
    }
    return cause instanceof FileSystemException
        ? said
        : cause.getClass().getSimpleName() + ": " + said;
  }
}
