package io.tidegate.adapter.arrow;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;

/**
 * Reads one column's values as the Java objects that Calcite uses inside: TIMESTAMP as epoch
 * milliseconds, DATE as days, TIME as milliseconds of the day. Avatica knows no finer time, so
 * {@link #timestampText} is there for clients that want the microseconds.
 */
@FunctionalInterface
public interface ColumnReader {

  /** The value of a row; null for NULL. */
  Object read(FieldVector vector, int row);

  /** The reader for a SQL type. */
  static ColumnReader of(RelDataType type) {
    ColumnReader reader =
        switch (type.getSqlTypeName()) {
          case BOOLEAN -> (vector, row) -> ((BitVector) vector).get(row) != 0;
          case TINYINT -> (vector, row) -> ((TinyIntVector) vector).get(row);
          case SMALLINT -> (vector, row) -> ((SmallIntVector) vector).get(row);
          case INTEGER, NULL -> (vector, row) -> ((IntVector) vector).get(row);
          case BIGINT -> (vector, row) -> ((BigIntVector) vector).get(row);
          case DECIMAL -> ColumnReader::decimal;
          case REAL -> (vector, row) -> ((Float4Vector) vector).get(row);
          case FLOAT, DOUBLE -> (vector, row) -> ((Float8Vector) vector).get(row);
          case CHAR, VARCHAR -> ColumnReader::text;
          case BINARY, VARBINARY ->
              (vector, row) -> new ByteString(((VarBinaryVector) vector).get(row));
          case DATE -> ColumnReader::days;
          case TIME -> (vector, row) -> (int) (((TimeMicroVector) vector).get(row) / 1000);
          case TIMESTAMP -> (vector, row) -> Math.floorDiv(micros(vector, row), 1000L);
          case ARRAY, MULTISET -> list(of(type.getComponentType()));
          case MAP -> map(of(type.getKeyType()), of(type.getValueType()));
          case ROW -> struct(type.getFieldList().stream().map(f -> of(f.getType())).toList());
          default -> throw new IllegalStateException("No reader for a column of type " + type);
        };
    return nullable(reader);
  }

  /** Reads a TIMESTAMP as {@code yyyy-MM-dd HH:mm:ss[.ffffff]} with all its microseconds. */
  static ColumnReader timestampText() {
    return nullable((vector, row) -> TimestampText.of(micros(vector, row)));
  }

  private static ColumnReader nullable(ColumnReader reader) {
    return (vector, row) -> vector.isNull(row) ? null : reader.read(vector, row);
  }

  private static BigDecimal decimal(FieldVector vector, int row) {
    return ((DecimalVector) vector).getObject(row);
  }

  private static String text(FieldVector vector, int row) {
    byte[] bytes =
        vector instanceof LargeVarCharVector large
            ? large.get(row)
            : ((VarCharVector) vector).get(row);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int days(FieldVector vector, int row) {
    int days = ((DateDayVector) vector).get(row);
    refuseInfinity(vector, days == Integer.MAX_VALUE || days == -Integer.MAX_VALUE);
    return days;
  }

  /** DuckDB has dates and times that are infinite; the number that stands for one is none. */
  private static void refuseInfinity(FieldVector vector, boolean infinite) {
    if (infinite) {
      throw SqlFailure.unchecked(
          new SQLException(
              "Column '" + vector.getName() + "' has an infinity, which SQL's times do not have",
              "22008"));
    }
  }

  /** Microseconds since the epoch, from a timestamp of any unit, with or without a zone. */
  static long micros(FieldVector vector, int row) {
    long value = ((TimeStampVector) vector).get(row);
    refuseInfinity(vector, value == Long.MAX_VALUE || value == -Long.MAX_VALUE);
    TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
    return switch (unit) {
      case SECOND -> Math.multiplyExact(value, 1_000_000L);
      case MILLISECOND -> Math.multiplyExact(value, 1_000L);
      case MICROSECOND -> value;
      case NANOSECOND -> Math.floorDiv(value, 1_000L);
    };
  }

  private static ColumnReader list(ColumnReader element) {
    return (vector, row) -> {
      ListVector list = (ListVector) vector;
      List<Object> values = new ArrayList<>();
      for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
        values.add(element.read(list.getDataVector(), i));
      }
      return values;
    };
  }

  private static ColumnReader map(ColumnReader key, ColumnReader value) {
    return (vector, row) -> {
      MapVector map = (MapVector) vector;
      StructVector entries = (StructVector) map.getDataVector();
      Map<Object, Object> values = new LinkedHashMap<>();
      for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
        values.put(
            key.read((FieldVector) entries.getChildByOrdinal(0), i),
            value.read((FieldVector) entries.getChildByOrdinal(1), i));
      }
      return values;
    };
  }

  private static ColumnReader struct(List<ColumnReader> fields) {
    return (vector, row) -> {
      StructVector struct = (StructVector) vector;
      Object[] values = new Object[fields.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = fields.get(i).read((FieldVector) struct.getChildByOrdinal(i), row);
      }
      return values;
    };
  }
}
