package io.tidegate.gateway;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.AvaticaUtils;

/**
 * Reads the cells of a result as the few kinds of value that are printed: null, Boolean, Long,
 * Float, Double, BigDecimal, String, and List of these.
 *
 * <p>Times are texts here: {@code yyyy-MM-dd HH:mm:ss}, with six digits of fraction where there is
 * one (nine where the sixth is not enough).
 */
final class Cells {
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");
  private static final DateTimeFormatter NANOS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");

  private final ResultSet result;
  private final String[] names;
  private final int[] types;

  Cells(ResultSet result) throws SQLException {
    this.result = result;
    ResultSetMetaData metaData = result.getMetaData();
    this.names = new String[metaData.getColumnCount()];
    this.types = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = metaData.getColumnLabel(i + 1);
      types[i] = metaData.getColumnType(i + 1);
    }
  }

  int columns() {
    return names.length;
  }

  String name(int column) {
    return names[column];
  }

  boolean isNumber(int column) {
    return switch (types[column]) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.DECIMAL,
          Types.NUMERIC ->
          true;
      default -> false;
    };
  }

  /** A cell of the current row; columns from 0. */
  Object value(int index) throws SQLException {
    int column = index + 1;
    return switch (types[index]) {
      case Types.BOOLEAN, Types.BIT -> orNull(result.getBoolean(column));
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT ->
          orNull(result.getLong(column));
      case Types.REAL -> orNull(result.getFloat(column));
      case Types.DOUBLE -> orNull(result.getDouble(column));
      case Types.DECIMAL, Types.NUMERIC -> result.getBigDecimal(column);
      // A java.sql.Date is a moment, on which drivers and the JVM's zone disagree; its text is a
      // day.
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.DATE -> result.getString(column);
      default -> plain(result.getObject(column));
    };
  }

  private Object orNull(Object value) throws SQLException {
    return result.wasNull() ? null : value;
  }

  private static Object plain(Object value) throws SQLException {
    if (value == null || value instanceof Boolean || value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Float || value instanceof Double || value instanceof Long) {
      return value;
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Timestamp timestamp) {
      return text(timestamp.toLocalDateTime());
    }
    if (value instanceof LocalDateTime dateTime) {
      return text(dateTime);
    }
    if (value instanceof OffsetDateTime instant) {
      return text(instant.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "Z";
    }
    if (value instanceof Date date) {
      return date.toLocalDate().toString();
    }
    if (value instanceof LocalDate || value instanceof UUID) {
      return value.toString();
    }
    if (value instanceof Time time) {
      return text(LocalTime.ofNanoOfDay(Math.floorMod(time.getTime(), 86_400_000L) * 1_000_000L));
    }
    if (value instanceof LocalTime time) {
      return text(time);
    }
    if (value instanceof byte[] binary) {
      return HexFormat.of().formatHex(binary);
    }
    if (value instanceof Blob blob) {
      return plain(blob.getBytes(1, Math.toIntExact(blob.length())));
    }
    if (value instanceof Array array) {
      return list(array.getArray());
    }
    if (value instanceof List<?> || value.getClass().isArray()) {
      return list(value);
    }
    return value.toString();
  }

  private static List<Object> list(Object elements) throws SQLException {
    List<?> list =
        elements instanceof List<?> already ? already : AvaticaUtils.primitiveList(elements);
    List<Object> values = new ArrayList<>(list.size());
    for (Object element : list) {
      values.add(plain(element));
    }
    return values;
  }

  private static String text(LocalDateTime dateTime) {
    return dateTime.toLocalDate() + " " + text(dateTime.toLocalTime());
  }

  private static String text(LocalTime time) {
    if (time.getNano() == 0) {
      return SECONDS.format(time);
    }
    return (time.getNano() % 1000 == 0 ? MICROS : NANOS).format(time);
  }

  /** A value as text: the shortest digits that give the same number back, decimals without e. */
  static String text(Object value) {
    if (value instanceof Double number) {
      return NumberOutput.toString(number, true);
    }
    if (value instanceof Float number) {
      return NumberOutput.toString(number, true);
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof List<?> list) {
      StringBuilder out = new StringBuilder("[");
      for (Object element : list) {
        out.append(out.length() == 1 ? "" : ", ").append(element == null ? "NULL" : text(element));
      }
      return out.append(']').toString();
    }
    return value.toString();
  }
}
