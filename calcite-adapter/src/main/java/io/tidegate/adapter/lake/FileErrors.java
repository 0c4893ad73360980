package io.tidegate.adapter.lake;

import java.util.List;

/** What a failed write says of the disk: engines and JDK hand on the operating system's words. */
public final class FileErrors {

  /** ENOSPC, EDQUOT, and EFBIG, which a process gets that may not write more into a file. */
  private static final List<String> NO_ROOM =
      List.of("No space left on device", "Disk quota exceeded", "File too large");

  private FileErrors() {}

  /**
   * The SQLSTATE of a failed file operation, as PostgreSQL has it: {@code 53100} disk full, else
   * {@code 58030} input/output.
   *
   * @param message what the engine or the JDK said; may be null
   */
  public static String state(String message) {
    return isNoRoom(message) ? "53100" : "58030";
  }

  /** Whether the message is of a disk, a quota or a limit that is used up. */
  public static boolean isNoRoom(String message) {
    return message != null && NO_ROOM.stream().anyMatch(message::contains);
  }
}
