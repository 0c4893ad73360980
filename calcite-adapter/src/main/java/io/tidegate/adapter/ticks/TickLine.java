package io.tidegate.adapter.ticks;

import io.tidegate.functions.FixedPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of a text of comma-separated fields, one at a time, cut into fields. Quotes around a
 * whole field are taken off; there are none inside of one, and no field spans lines.
 *
 * <p>It parses from the bytes: no text is made of a field that is as it should be.
 */
final class TickLine {
  /** A line of ticks has some 80 bytes; what is longer than this is no line of ticks. */
  private static final int MAX_BYTES = 1 << 16;

  private static final int MAX_FIELDS = 64;
  private static final int FAST_DIGITS = 18;

  private final InputStream in;
  private final byte[] buffer = new byte[4 * MAX_BYTES];
  private int start;
  private int limit;
  private boolean ended;
  private boolean again;
  private long number;

  private final int[] from = new int[MAX_FIELDS];
  private final int[] to = new int[MAX_FIELDS];
  private int fields;

  TickLine(InputStream in) {
    this.in = in;
  }

  /** A field that does not hold what it should. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** Skips the first line if it is the format's header. */
  void startsWithHeader(TickFormat format) throws IOException, Malformed {
    if (next() && !format.isHeader(this)) {
      again = true;
    }
  }

  /** Goes to the next line that is not the empty end of the text; false if there is none. */
  boolean next() throws IOException, Malformed {
    if (again) {
      again = false;
      return true;
    }
    int scanned = start;
    int end;
    while ((end = lineEnd(scanned)) < 0 && !ended) {
      scanned = limit - start;
      if (scanned > MAX_BYTES) {
        number++;
        throw new Malformed("it is longer than " + MAX_BYTES + " bytes");
      }
      fill();
    }
    if (end < 0) {
      if (start == limit) {
        return false;
      }
      end = limit;
    }
    number++;
    split(end > start && buffer[end - 1] == '\r' ? end - 1 : end);
    start = Math.min(end + 1, limit);
    return true;
  }

  private int lineEnd(int at) {
    for (int i = at; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Moves the rest of the text to the front and reads on behind it. */
  private void fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    limit -= start;
    start = 0;
    int count = in.read(buffer, limit, buffer.length - limit);
    ended = count < 0;
    limit += Math.max(count, 0);
  }

  private void split(int end) throws Malformed {
    fields = 0;
    int fieldStart = start;
    for (int i = start; i <= end; i++) {
      if (i == end || buffer[i] == ',') {
        if (fields == MAX_FIELDS) {
          throw new Malformed("it has more than " + MAX_FIELDS + " fields");
        }
        boolean quoted = i - fieldStart >= 2 && buffer[fieldStart] == '"' && buffer[i - 1] == '"';
        from[fields] = quoted ? fieldStart + 1 : fieldStart;
        to[fields++] = quoted ? i - 1 : i;
        fieldStart = i + 1;
      }
    }
  }

  /** The number of the line in the text, from 1. */
  long number() {
    return number;
  }

  int fields() {
    return fields;
  }

  String text(int field) {
    return new String(buffer, from[field], to[field] - from[field], StandardCharsets.UTF_8);
  }

  /** The fields as texts, for a header. */
  String[] texts() {
    String[] texts = new String[fields];
    Arrays.setAll(texts, this::text);
    return texts;
  }

  /** An integer of zero or more. */
  long count(int field, String name) throws Malformed {
    long value = 0;
    int length = to[field] - from[field];
    for (int i = from[field]; i < to[field]; i++) {
      int digit = buffer[i] - '0';
      if (digit < 0 || digit > 9) {
        length = 0;
        break;
      }
      value = value * 10 + digit;
    }
    if (length == 0 || length > FAST_DIGITS) {
      throw new Malformed(
          name
              + " must be an integer of zero or more and 18 digits at most, but is '"
              + shown(field)
              + "'");
    }
    return value;
  }

  /** A decimal of at most eight places, times 10^8. */
  long amount(int field, String name) throws Malformed {
    long value = 0;
    int places = -1;
    int digits = 0;
    for (int i = from[field]; i < to[field]; i++) {
      int digit = buffer[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
        places += places >= 0 ? 1 : 0;
      } else if (buffer[i] == '.' && places < 0 && digits > 0) {
        places = 0;
      } else {
        return exactAmount(field, name);
      }
    }
    if (digits == 0
        || places == 0
        || places > 8
        || digits + 8 - Math.max(places, 0) > FAST_DIGITS) {
      return exactAmount(field, name);
    }
    for (int i = Math.max(places, 0); i < 8; i++) {
      value *= 10;
    }
    return value;
  }

  /** Takes what is unusual, and says what is wrong with the rest. */
  private long exactAmount(int field, String name) throws Malformed {
    try {
      return FixedPoint.parse(shown(field));
    } catch (IllegalArgumentException e) {
      throw new Malformed(name + " is no " + e.getMessage());
    }
  }

  /** {@code true} or {@code false}, all small or with a capital. */
  boolean flag(int field, String name) throws Malformed {
    int length = to[field] - from[field];
    if (length == 4 && isWord(field, "rue", 'T')) {
      return true;
    }
    if (length == 5 && isWord(field, "alse", 'F')) {
      return false;
    }
    throw new Malformed(
        name + " must be true, True, false or False, but is '" + shown(field) + "'");
  }

  private boolean isWord(int field, String tail, char capital) {
    int first = from[field];
    if (buffer[first] != capital && buffer[first] != Character.toLowerCase(capital)) {
      return false;
    }
    for (int i = 0; i < tail.length(); i++) {
      if (buffer[first + 1 + i] != tail.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A field as messages show it. */
  String shown(int field) {
    String text = text(field);
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
