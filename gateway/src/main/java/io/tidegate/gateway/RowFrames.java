package io.tidegate.gateway;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.calcite.avatica.AvaticaUtils;
import org.apache.calcite.avatica.Meta;

/**
 * Cuts a result into the frames that Avatica sends.
 *
 * <p>Avatica's own cutter sends at most 100 rows first and as many as the client asked for later
 * (100 by default), which makes a million rows ten thousand round trips; and it reads times of the
 * first frame in UTC but those of the others in the zone of the server. Here a frame has up to
 * {@value #FRAME_ROWS} rows whatever the client asked for, closes earlier when it grows heavy or
 * slow, and every time is UTC.
 */
final class RowFrames {
  /** Rows per frame, also when the client asks for fewer: it reads a frame to its end anyway. */
  static final int FRAME_ROWS = 10_000;

  /** A frame closes at this many bytes of text, so that wide rows do not fill the memory. */
  private static final long FRAME_BYTES = 16L << 20;

  /** A frame with rows closes after this time, so that a slow statement is seen to move. */
  private static final long FRAME_NANOS = 2_000_000_000L;

  private static final long MILLIS_PER_DAY = 86_400_000L;

  private final ResultSet result;
  private final int[] types;
  private final Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
  private long bytes;
  private int lastRows;

  RowFrames(ResultSet result) throws SQLException {
    this.result = result;
    ResultSetMetaData metaData = result.getMetaData();
    this.types = new int[metaData.getColumnCount()];
    for (int i = 0; i < types.length; i++) {
      types[i] = metaData.getColumnType(i + 1);
    }
  }

  /**
   * Reads the next frame.
   *
   * @param offset number of its first row, for the client
   */
  Meta.Frame next(long offset) throws SQLException {
    List<Object> rows = new ArrayList<>();
    lastRows = 0;
    long start = System.nanoTime();
    bytes = 0;
    while (rows.size() < FRAME_ROWS
        && bytes < FRAME_BYTES
        && (rows.isEmpty() || System.nanoTime() - start < FRAME_NANOS)) {
      if (!result.next()) {
        result.close();
        return new Meta.Frame(offset, true, rows);
      }
      Object[] row = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        row[i] = value(i + 1, types[i]);
      }
      rows.add(row);
      lastRows++;
    }
    return new Meta.Frame(offset, false, rows);
  }

  /** Rows of the frame read last. */
  int rows() {
    return lastRows;
  }

  private Object value(int column, int type) throws SQLException {
    switch (type) {
      case Types.BOOLEAN, Types.BIT -> {
        return orNull(result.getBoolean(column));
      }
      case Types.TINYINT -> {
        return orNull(result.getByte(column));
      }
      case Types.SMALLINT -> {
        return orNull(result.getShort(column));
      }
      case Types.INTEGER -> {
        return orNull(result.getInt(column));
      }
      case Types.BIGINT -> {
        return orNull(result.getLong(column));
      }
      case Types.REAL -> {
        return orNull(result.getFloat(column));
      }
      case Types.FLOAT, Types.DOUBLE -> {
        return orNull(result.getDouble(column));
      }
      case Types.DATE -> {
        Date date = result.getDate(column, utc);
        return date == null ? null : (int) Math.floorDiv(date.getTime(), MILLIS_PER_DAY);
      }
      case Types.TIME -> {
        Time time = result.getTime(column, utc);
        return time == null ? null : (int) Math.floorMod(time.getTime(), MILLIS_PER_DAY);
      }
      case Types.TIMESTAMP -> {
        Timestamp timestamp = result.getTimestamp(column, utc);
        return timestamp == null ? null : timestamp.getTime();
      }
      default -> {
        return weighed(plain(result.getObject(column)));
      }
    }
  }

  private Object orNull(Object value) throws SQLException {
    return result.wasNull() ? null : value;
  }

  private Object weighed(Object value) {
    if (value instanceof String text) {
      bytes += text.length();
    } else if (value instanceof byte[] binary) {
      bytes += binary.length;
    }
    return value;
  }

  /** Turns what only lives with its connection into values; nested arrays become nested lists. */
  private static Object plain(Object value) throws SQLException {
    if (value instanceof Array array) {
      Object elements = array.getArray();
      List<?> list =
          elements instanceof List<?> already ? already : AvaticaUtils.primitiveList(elements);
      List<Object> values = new ArrayList<>(list.size());
      for (Object element : list) {
        values.add(plain(element));
      }
      return values;
    }
    if (value instanceof Object[] elements) {
      List<Object> values = new ArrayList<>(elements.length);
      for (Object element : elements) {
        values.add(plain(element));
      }
      return values;
    }
    if (value instanceof Clob text) {
      return text.getSubString(1, Math.toIntExact(text.length()));
    }
    if (value instanceof Blob binary) {
      return binary.getBytes(1, Math.toIntExact(binary.length()));
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    boolean known =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof byte[];
    return known ? value : value.toString();
  }
}
