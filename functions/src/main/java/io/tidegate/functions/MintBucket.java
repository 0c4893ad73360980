package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * The bucket of a mint address: the first byte of the SHA-1 of its UTF-8 bytes as two lower-case
 * hex digits, {@code 00} to {@code ff}.
 *
 * <p>It spreads a table over 256 directories, evenly and without a list. SHA-1 is no secret-keeper
 * here: it is what existing lakes were written with.
 *
 * <p>Thread-safe. A call costs one hash; digest, scratch bytes and the 256 results are kept, so
 * nothing is allocated but the bytes of a String with non-ASCII characters.
 */
public final class MintBucket {
  private static final String[] NAMES = new String[256];

  static {
    for (int i = 0; i < NAMES.length; i++) {
      NAMES[i] = String.format("%02x", i);
    }
  }

  private static final ThreadLocal<Hash> HASH = ThreadLocal.withInitial(Hash::new);

  private MintBucket() {}

  /** The bucket of a mint; a lone surrogate counts as '?', as in {@link String#getBytes()}. */
  public static String of(String mint) {
    return NAMES[index(mint)];
  }

  /** The bucket of a mint that is at hand as UTF-8. */
  public static String of(byte[] utf8, int offset, int length) {
    return NAMES[index(utf8, offset, length)];
  }

  /** The bucket as a number, 0 to 255. */
  public static int index(String mint) {
    requireNonNull(mint, "mint");
    return HASH.get().firstByte(mint);
  }

  /** The bucket, as a number, of a mint that is at hand as UTF-8. */
  public static int index(byte[] utf8, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, utf8.length);
    return HASH.get().firstByte(utf8, offset, length);
  }

  /** One thread's digest and scratch. */
  private static final class Hash {
    private static final int DIGEST_BYTES = 20;
    private static final int ASCII_ROOM = 128;

    private final MessageDigest sha1;
    private final byte[] digest = new byte[DIGEST_BYTES];
    private final byte[] ascii = new byte[ASCII_ROOM];

    Hash() {
      try {
        sha1 = MessageDigest.getInstance("SHA-1");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-1", e);
      }
    }

    int firstByte(String text) {
      int length = text.length();
      if (length <= ASCII_ROOM) {
        int at = 0;
        for (; at < length && text.charAt(at) < 0x80; at++) {
          ascii[at] = (byte) text.charAt(at);
        }
        if (at == length) {
          return firstByte(ascii, 0, length);
        }
      }
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      return firstByte(utf8, 0, utf8.length);
    }

    int firstByte(byte[] bytes, int offset, int length) {
      sha1.update(bytes, offset, length);
      try {
        sha1.digest(digest, 0, DIGEST_BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException("SHA-1 has 20 bytes", e);
      }
      return digest[0] & 0xFF;
    }
  }
}
