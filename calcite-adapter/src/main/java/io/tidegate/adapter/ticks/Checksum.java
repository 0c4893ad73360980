package io.tidegate.adapter.ticks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 that an archive publishes beside a file, in a file of the same name with {@code
 * .CHECKSUM} behind it: the hash in hex, blanks, and the file's name, as {@code sha256sum} writes.
 */
public final class Checksum {
  /** What the checksum file's name has behind that of the file. */
  public static final String SUFFIX = ".CHECKSUM";

  private static final Pattern LINE =
      Pattern.compile("([0-9a-fA-F]{64})\\s+\\*?(\\S+)\\s*", Pattern.DOTALL);

  private Checksum() {}

  /** Where the checksum of a file is, if it is there. */
  public static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /**
   * The hash that the text of a checksum file promises, in lower case.
   *
   * @throws IOException when the text is not one hash for a file of that name
   */
  public static String promised(String text, String fileName) throws IOException {
    Matcher line = LINE.matcher(text);
    if (!line.matches() || !line.group(2).equals(fileName)) {
      throw new IOException(
          fileName + SUFFIX + " must hold a SHA-256 and the name " + fileName + ", but does not");
    }
    return line.group(1).toLowerCase(Locale.ROOT);
  }

  /** The SHA-256 of a file's bytes in hex. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Refuses a file that has a checksum beside it and does not match. */
  static void verify(Path file) throws IOException {
    Path beside = beside(file);
    if (!Files.exists(beside)) {
      return;
    }
    String promised;
    try {
      promised =
          promised(
              Files.readString(beside, StandardCharsets.US_ASCII), file.getFileName().toString());
    } catch (IOException e) {
      throw TickFileException.damaged(beside, e.getMessage(), e);
    }
    String met = of(file);
    if (!met.equals(promised)) {
      throw TickFileException.damaged(
          file,
          "its SHA-256 is " + met + ", but " + beside.getFileName() + " says " + promised,
          null);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
