package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One level of a partitioned directory, {@code key=value}, as Hive lays it out.
 *
 * <p>Every byte of the value's UTF-8 text outside {@code A-Z a-z 0-9 - _ . ~} is percent-escaped:
 * more than Hive does and exactly what DuckDB's {@code PARTITION_BY} does, so both ways of writing
 * give the same path, and a JVM in the C locale, which cannot name a file {@code é}, can read it.
 *
 * @param key the directory key
 * @param text the value, unescaped; empty for NULL
 */
public record PartitionValue(String key, Optional<String> text) {
  private static final String NULL_DIRECTORY = "__HIVE_DEFAULT_PARTITION__";

  /** What common file systems take as one name. */
  private static final int MAX_NAME_BYTES = 255;

  public PartitionValue {
    requireNonNull(key, "key");
    requireNonNull(text, "text");
  }

  /** The directory's name; a text equal to the marker of NULL gets its first byte escaped. */
  public String directoryName() throws LakeException {
    String value = text.map(PartitionValue::escape).orElse(NULL_DIRECTORY);
    if (text.isPresent() && value.equals(NULL_DIRECTORY)) {
      value = "%5F" + value.substring(1);
    }
    String name = key + "=" + value;
    if (name.length() > MAX_NAME_BYTES) {
      throw LakeException.invalid(
          "Cannot name a directory after "
              + key
              + " = '"
              + text.orElseThrow().substring(0, 40)
              + "...': "
              + name.length()
              + " bytes escaped, at most "
              + MAX_NAME_BYTES
              + " are possible; partition by a function of the column");
    }
    return name;
  }

  /** Reads a directory's name; empty when it is not of the form {@code key=value}. */
  static Optional<PartitionValue> parse(String directoryName) {
    int equals = directoryName.indexOf('=');
    if (equals <= 0) {
      return Optional.empty();
    }
    String key = directoryName.substring(0, equals);
    String value = directoryName.substring(equals + 1);
    if (value.equals(NULL_DIRECTORY)) {
      return Optional.of(new PartitionValue(key, Optional.empty()));
    }
    return unescape(value).map(text -> new PartitionValue(key, Optional.of(text)));
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(octet)) {
        escaped.append((char) octet);
      } else {
        escaped.append(String.format("%%%02X", octet));
      }
    }
    return escaped.toString();
  }

  private static boolean isPlain(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '_'
        || octet == '.'
        || octet == '~';
  }

  private static Optional<String> unescape(String value) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(value.length());
    byte[] escaped = value.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] != '%') {
        octets.write(escaped[i]);
        continue;
      }
      int high = i + 2 < escaped.length ? Character.digit(escaped[i + 1], 16) : -1;
      int low = i + 2 < escaped.length ? Character.digit(escaped[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      octets.write(high << 4 | low);
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
