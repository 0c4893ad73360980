package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.SqlFailure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/**
 * Turns a JDBC parameter value into a literal of the parameter's declared type. The declared type
 * decides, not the Java class: Avatica delivers a timestamp as epoch milliseconds, for one.
 */
final class ParameterLiterals {
  private ParameterLiterals() {}

  static RexLiteral of(RexBuilder rexBuilder, Object value, RelDataType type, int index) {
    if (value == null) {
      return (RexLiteral) rexBuilder.makeNullLiteral(type);
    }
    try {
      // A literal of a nullable type would come inside a cast.
      return literal(
          rexBuilder, value, rexBuilder.getTypeFactory().createTypeWithNullability(type, false));
    } catch (IllegalArgumentException | ArithmeticException | ClassCastException e) {
      throw SqlFailure.unchecked(
          new SQLException(
              "Parameter "
                  + (index + 1)
                  + " is "
                  + type
                  + " but was "
                  + value.getClass().getSimpleName()
                  + " '"
                  + value
                  + "'",
              "22023",
              e));
    }
  }

  private static RexLiteral literal(RexBuilder rexBuilder, Object value, RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> (RexLiteral) rexBuilder.makeLiteral(value, type, true);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          exact(rexBuilder, new BigDecimal(decimal(value).toBigIntegerExact()), type);
      case DECIMAL -> exact(rexBuilder, decimal(value).setScale(type.getScale()), type);
      case REAL, FLOAT, DOUBLE -> {
        double number =
            value instanceof Number n ? n.doubleValue() : Double.parseDouble(value.toString());
        yield (RexLiteral) rexBuilder.makeLiteral(number, type, true);
      }
      // A VARCHAR literal would be a CAST of this one, which is no literal; both are printed alike.
      case CHAR, VARCHAR -> rexBuilder.makeLiteral(value.toString());
      case DATE -> rexBuilder.makeDateLiteral(date(value));
      case TIME -> rexBuilder.makeTimeLiteral(time(value), type.getPrecision());
      case TIMESTAMP -> rexBuilder.makeTimestampLiteral(timestamp(value), type.getPrecision());
      case BINARY, VARBINARY ->
          rexBuilder.makeBinaryLiteral(
              value instanceof ByteString bytes ? bytes : new ByteString((byte[]) value));
      default -> throw new IllegalArgumentException("no literal of type " + type);
    };
  }

  private static RexLiteral exact(RexBuilder rexBuilder, BigDecimal value, RelDataType type) {
    if (value.precision() > type.getPrecision() && value.signum() != 0) {
      boolean isInteger =
          type.getScale() == 0 || type.getScale() == RelDataType.SCALE_NOT_SPECIFIED;
      BigInteger limit =
          switch (type.getSqlTypeName()) {
            case TINYINT -> BigInteger.valueOf(Byte.MAX_VALUE);
            case SMALLINT -> BigInteger.valueOf(Short.MAX_VALUE);
            case INTEGER -> BigInteger.valueOf(Integer.MAX_VALUE);
            case BIGINT -> BigInteger.valueOf(Long.MAX_VALUE);
            default -> BigInteger.ZERO;
          };
      if (!isInteger || value.toBigInteger().abs().compareTo(limit.add(BigInteger.ONE)) > 0) {
        throw new ArithmeticException("out of range");
      }
    }
    return rexBuilder.makeExactLiteral(value, type);
  }

  private static BigDecimal decimal(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof Double || value instanceof Float) {
      return BigDecimal.valueOf(((Number) value).doubleValue());
    }
    return new BigDecimal(value.toString().trim());
  }

  private static DateString date(Object value) {
    if (value instanceof Number days) {
      return DateString.fromDaysSinceEpoch(days.intValue());
    }
    if (value instanceof Date date) {
      return new DateString(date.toLocalDate().toString());
    }
    if (value instanceof LocalDate date) {
      return new DateString(date.toString());
    }
    return new DateString(value.toString());
  }

  private static TimeString time(Object value) {
    if (value instanceof Number millis) {
      return TimeString.fromMillisOfDay(millis.intValue());
    }
    if (value instanceof LocalTime time) {
      return new TimeString(time.getHour(), time.getMinute(), time.getSecond())
          .withNanos(time.getNano());
    }
    if (value instanceof Time time) {
      return new TimeString(time.toLocalTime().withNano(0).toString());
    }
    return new TimeString(value.toString());
  }

  private static TimestampString timestamp(Object value) {
    if (value instanceof Number millis) {
      return TimestampString.fromMillisSinceEpoch(millis.longValue());
    }
    if (value instanceof Timestamp timestamp) {
      return of(timestamp.toInstant().atOffset(ZoneOffset.UTC).toLocalDateTime());
    }
    if (value instanceof Instant instant) {
      return of(instant.atOffset(ZoneOffset.UTC).toLocalDateTime());
    }
    if (value instanceof OffsetDateTime time) {
      return of(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
    }
    if (value instanceof LocalDateTime time) {
      return of(time);
    }
    String text = value.toString().trim().replace('T', ' ');
    return text.contains(":")
        ? new TimestampString(trimZeros(text))
        : new TimestampString(text + " 00:00:00");
  }

  private static TimestampString of(LocalDateTime time) {
    TimestampString seconds =
        new TimestampString(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond());
    return seconds.withNanos(time.getNano());
  }

  /** TimestampString wants no trailing zeros in its fraction. */
  private static String trimZeros(String text) {
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
