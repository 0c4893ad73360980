package io.tidegate.adapter.clickhouse;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * The text of query parameters, as ClickHouse's {@code {name:Type}} placeholders read it.
 *
 * <p>A scalar is read like a field of a tab-separated file, an array like a literal whose strings
 * are quoted. In both, {@code \xHH} stands for a byte, so every byte that is not plain ASCII is
 * written so: the text survives whatever encoding carries it, and nothing in it can end a field.
 */
final class ClickHouseParameters {
  private static final LocalDate FIRST_DATE = LocalDate.of(1900, 1, 1);
  private static final LocalDate LAST_DATE = LocalDate.of(2299, 12, 31);
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 6, 9, true)
          .toFormatter();

  private ClickHouseParameters() {}

  /**
   * The text of {@code value}: null, a boolean, number, string, date, timestamp (local ones are
   * UTC), UUID, byte array, or a list or object array of these.
   */
  static String text(String name, Object value) throws SQLException {
    return switch (kind(value)) {
      case NULL -> "\\N";
      case ARRAY -> array(name, elements(value));
      case TEXT -> escape(bytes(name, value));
      case PLAIN -> plain(name, value);
    };
  }

  private enum Kind {
    NULL,
    ARRAY,
    TEXT,
    PLAIN
  }

  private static Kind kind(Object value) {
    if (value == null) {
      return Kind.NULL;
    }
    if (value instanceof Iterable<?> || value instanceof Object[]) {
      return Kind.ARRAY;
    }
    return value instanceof CharSequence || value instanceof byte[] || value instanceof Character
        ? Kind.TEXT
        : Kind.PLAIN;
  }

  private static Iterable<?> elements(Object value) {
    return value instanceof Object[] array ? Arrays.asList(array) : (Iterable<?>) value;
  }

  private static String array(String name, Iterable<?> elements) throws SQLException {
    StringBuilder text = new StringBuilder("[");
    for (Iterator<?> each = elements.iterator(); each.hasNext(); ) {
      Object element = each.next();
      switch (kind(element)) {
        case NULL -> text.append("NULL");
        case ARRAY -> text.append(array(name, elements(element)));
        case TEXT -> text.append('\'').append(escape(bytes(name, element))).append('\'');
        case PLAIN -> {
          boolean quoted = !(element instanceof Number || element instanceof Boolean);
          text.append(quoted ? "'" : "").append(plain(name, element)).append(quoted ? "'" : "");
        }
      }
      if (each.hasNext()) {
        text.append(',');
      }
    }
    return text.append(']').toString();
  }

  private static String plain(String name, Object value) throws SQLException {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number)) {
        return "nan";
      }
      return Double.isInfinite(number) ? (number > 0 ? "inf" : "-inf") : value.toString();
    }
    if (value instanceof Number || value instanceof Boolean || value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof LocalDate date) {
      return inRange(name, date).toString();
    }
    if (value instanceof LocalDateTime dateTime) {
      inRange(name, dateTime.toLocalDate());
      return TIMESTAMP.format(dateTime);
    }
    if (value instanceof Instant instant) {
      return plain(name, LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
    throw new SQLException(
        "Parameter %s is a %s, which no ClickHouse type is made from; use one of %s"
            .formatted(
                name,
                value.getClass().getName(),
                List.of("a number", "text", "LocalDate", "LocalDateTime", "Instant", "a list")),
        "07006");
  }

  /** Outside this range ClickHouse would take the nearest date it knows, without a word. */
  private static LocalDate inRange(String name, LocalDate date) throws SQLException {
    if (!isInRange(date)) {
      throw new SQLException(
          "Parameter %s is %s, but ClickHouse has dates from %s to %s only"
              .formatted(name, date, FIRST_DATE, LAST_DATE),
          "22008");
    }
    return date;
  }

  static boolean isInRange(LocalDate date) {
    return !date.isBefore(FIRST_DATE) && !date.isAfter(LAST_DATE);
  }

  private static byte[] bytes(String name, Object value) throws SQLException {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value.toString()));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new SQLException(
          "Parameter " + name + " is not valid text: it has half a surrogate pair", "22021", e);
    }
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length + 16);
    for (byte each : bytes) {
      if (each < ' ' || each == '\\' || each == '\'' || each == 127) {
        text.append("\\x");
        text.append(Character.forDigit((each >> 4) & 15, 16));
        text.append(Character.forDigit(each & 15, 16));
      } else {
        text.append((char) each);
      }
    }
    return text.toString();
  }
}
