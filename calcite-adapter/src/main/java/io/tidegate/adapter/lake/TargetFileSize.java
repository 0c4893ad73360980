package io.tidegate.adapter.lake;

/** Where a file of a run ends and the next one begins: {@code target_file_mb}, in MiB. */
public final class TargetFileSize {
  private static final long MAX_MB = 1 << 20;

  private TargetFileSize() {}

  /** The bytes that the text of an option stands for; an error if it is no such number. */
  public static long bytes(String megabytes) throws LakeException {
    if (megabytes.matches("[0-9]{1,7}")) {
      long number = Long.parseLong(megabytes);
      if (number >= 1 && number <= MAX_MB) {
        return number << 20;
      }
    }
    throw LakeException.invalid("target_file_mb must be 1 to " + MAX_MB + " but was " + megabytes);
  }
}
