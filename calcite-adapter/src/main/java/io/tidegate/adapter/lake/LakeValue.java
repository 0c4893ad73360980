package io.tidegate.adapter.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Optional;

/**
 * The one Java form of a value of each {@link LakeType}, its order and its text.
 *
 * <p>Booleans are Boolean, integers Long (UBIGINT BigInteger), REAL and DOUBLE Double, DECIMAL
 * BigDecimal, text String, DATE LocalDate, TIME LocalTime, both TIMESTAMPs LocalDateTime (UTC).
 * BINARY, VARBINARY, UUID and ARRAY have none: files are not skipped by them. Text is ordered by
 * its UTF-8 bytes, as the engines do and {@link String#compareTo} does not beyond the basic plane.
 */
final class LakeValue {
  /**
   * {@code 2024-01-01 05:00:00}, with as many digits of the second as it has; as DuckDB casts it.
   */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();

  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(TIME)
          .toFormatter();

  private LakeValue() {}

  /**
   * The value in the form of the type, or empty when it has none: not convertible without loss, or
   * NaN, which has no place in an order that engines agree on.
   */
  static Optional<Object> of(LakeType type, Object value) {
    return switch (type.kind()) {
      case BOOLEAN -> Optional.of(value).filter(Boolean.class::isInstance);
      case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER ->
          exact(value).flatMap(LakeValue::asLong);
      case UBIGINT -> exact(value).flatMap(LakeValue::asBigInteger);
      case DECIMAL -> exact(value).map(Object.class::cast);
      case REAL, DOUBLE ->
          value instanceof Double || value instanceof Float
              ? Optional.<Object>of(((Number) value).doubleValue())
                  .filter(number -> !((Double) number).isNaN())
              : Optional.empty();
      case CHAR, VARCHAR ->
          value instanceof CharSequence ? Optional.of(value.toString()) : Optional.empty();
      case DATE -> Optional.of(value).filter(LocalDate.class::isInstance);
      case TIME -> Optional.of(value).filter(LocalTime.class::isInstance);
      case TIMESTAMP, TIMESTAMP_UTC ->
          value instanceof Instant instant
              ? Optional.of(LocalDateTime.ofInstant(instant, ZoneOffset.UTC))
              : Optional.of(value).filter(LocalDateTime.class::isInstance);
      case BINARY, VARBINARY, UUID, ARRAY -> Optional.empty();
    };
  }

  private static Optional<BigDecimal> exact(Object value) {
    if (value instanceof BigDecimal decimal) {
      return Optional.of(decimal);
    }
    if (value instanceof BigInteger integer) {
      return Optional.of(new BigDecimal(integer));
    }
    return value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
        ? Optional.of(BigDecimal.valueOf(((Number) value).longValue()))
        : Optional.empty();
  }

  private static Optional<Object> asLong(BigDecimal value) {
    try {
      return Optional.of(value.longValueExact());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> asBigInteger(BigDecimal value) {
    try {
      return Optional.of(value.toBigIntegerExact());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Compares two values of one type, both in the form that {@link #of} gives. */
  @SuppressWarnings("unchecked")
  static int compare(Object left, Object right) {
    if (left instanceof String leftText) {
      return Arrays.compareUnsigned(
          leftText.getBytes(StandardCharsets.UTF_8),
          ((String) right).getBytes(StandardCharsets.UTF_8));
    }
    if (left instanceof Double leftNumber) {
      // SQL knows one zero.
      return Double.compare(leftNumber + 0.0, (Double) right + 0.0);
    }
    return ((Comparable<Object>) left).compareTo(right);
  }

  /** The text of a value, in directory names and manifests. */
  static String text(Object value) {
    if (value instanceof LocalDateTime timestamp) {
      return TIMESTAMP.format(timestamp);
    }
    if (value instanceof LocalTime time) {
      return TIME.format(time);
    }
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  /** Reads {@link #text} back; the error says only what is wrong with the text. */
  static Object parse(LakeType type, String text) throws LakeException {
    try {
      return switch (type.kind()) {
        case BOOLEAN -> {
          if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException();
          }
          yield Boolean.valueOf(text);
        }
        case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER ->
            Long.valueOf(text);
        case UBIGINT -> new BigInteger(text);
        case REAL, DOUBLE -> Double.valueOf(text);
        case DECIMAL -> new BigDecimal(text);
        case CHAR, VARCHAR -> text;
        case DATE -> LocalDate.parse(text);
        case TIME -> LocalTime.parse(text, TIME);
        case TIMESTAMP, TIMESTAMP_UTC -> LocalDateTime.parse(text, TIMESTAMP);
        case BINARY, VARBINARY, UUID, ARRAY -> throw new IllegalArgumentException();
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw LakeException.corrupt("'" + text + "' is not a value of type " + type);
    }
  }
}
