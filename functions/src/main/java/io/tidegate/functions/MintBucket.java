package io.tidegate.functions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The bucket of a mint: the first byte of the SHA-1 of its UTF-8 text, as two lower-case hex
 * digits.
 */
public final class MintBucket {
  private MintBucket() {}

  /** Returns {@code 00} to {@code ff}; any text is a mint, the empty one included. */
  public static String of(String mint) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(mint.getBytes(StandardCharsets.UTF_8));
      return String.format("%02x", digest[0]);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
