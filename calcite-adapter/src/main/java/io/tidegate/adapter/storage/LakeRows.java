package io.tidegate.adapter.storage;

import io.tidegate.adapter.duckdb.DuckDbDialect;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Rows of lake files as DuckDB reads them, and values both ways. Names of columns are quoted text;
 * values are bound.
 */
final class LakeRows {
  static final DuckDbDialect DIALECT = new DuckDbDialect();

  private LakeRows() {}

  /** A column so that every client sees it in UTC. */
  static String selected(LakeColumn column) {
    String name = DIALECT.identifier(column.name());
    return column.type().kind() == LakeType.Kind.TIMESTAMP_UTC
        ? "(" + name + " AT TIME ZONE 'UTC') AS " + name
        : name;
  }

  /** The type of a column in a DuckDB table. */
  static String duckDbType(LakeType type) {
    return switch (type.kind()) {
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP";
      case TIMESTAMP_UTC -> "TIMESTAMP WITH TIME ZONE";
      case CHAR, VARCHAR -> "VARCHAR";
      case BINARY, VARBINARY -> "BLOB";
      case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
      case REAL -> "FLOAT";
      default -> type.sql();
    };
  }

  /** The row of a result whose columns are these. */
  static List<Object> row(ResultSet result, List<LakeColumn> columns) throws SQLException {
    List<Object> row = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      row.add(value(result, i + 1, columns.get(i).type()));
    }
    return row;
  }

  private static Object value(ResultSet result, int index, LakeType type) throws SQLException {
    if (result.getObject(index) == null) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> result.getBoolean(index);
      case TINYINT, SMALLINT, INTEGER, BIGINT, UTINYINT, USMALLINT, UINTEGER ->
          result.getLong(index);
      case UBIGINT -> new BigDecimal(result.getString(index));
      case REAL, DOUBLE -> result.getDouble(index);
      case DECIMAL -> result.getBigDecimal(index);
      case CHAR, VARCHAR, UUID -> result.getString(index);
      case BINARY, VARBINARY -> result.getBytes(index);
      case DATE -> result.getObject(index, LocalDate.class);
      case TIME -> LocalTime.parse(result.getString(index));
      case TIMESTAMP, TIMESTAMP_UTC ->
          result.getObject(index, LocalDateTime.class).toInstant(ZoneOffset.UTC);
      case ARRAY ->
          throw new SQLException(
              "an array cannot be read into a row: leave the column out, or scan the slice",
              "0A000");
    };
  }

  /**
   * A value as DuckDB takes it for a column.
   *
   * @throws IllegalArgumentException saying what the column takes, if it is none of its values
   */
  static Object bound(LakeColumn column, Object value) {
    if (value == null) {
      if (!column.nullable()) {
        throw refused(column, "NULL");
      }
      return null;
    }
    Object bound =
        switch (column.type().kind()) {
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case TINYINT -> whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
          case SMALLINT -> whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
          case INTEGER -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case BIGINT -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
          case UTINYINT -> whole(value, 0, 255);
          case USMALLINT -> whole(value, 0, 65_535);
          case UINTEGER -> whole(value, 0, 4_294_967_295L);
          case UBIGINT, DECIMAL -> decimal(column.type(), value);
          case REAL -> real(value);
          case DOUBLE -> value instanceof Double || value instanceof Float ? value : null;
          case CHAR, VARCHAR -> value instanceof CharSequence ? value.toString() : null;
          case UUID ->
              value instanceof UUID ? value.toString() : value instanceof String ? value : null;
          case BINARY, VARBINARY -> value instanceof byte[] ? value : null;
          case DATE -> value instanceof LocalDate ? value : null;
          case TIME -> value instanceof LocalTime ? value.toString() : null;
          case TIMESTAMP, TIMESTAMP_UTC -> moment(value);
          case ARRAY -> null;
        };
    if (bound == null) {
      String text = value instanceof BigDecimal number ? number.toPlainString() : value.toString();
      throw refused(column, value.getClass().getSimpleName() + " " + text);
    }
    return bound;
  }

  private static IllegalArgumentException refused(LakeColumn column, String value) {
    return new IllegalArgumentException(
        "column '"
            + column.name()
            + "' is "
            + column.type()
            + (column.nullable() ? "" : " NOT NULL")
            + " and cannot take "
            + value);
  }

  private static Object whole(Object value, long least, long most) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      long number = ((Number) value).longValue();
      return number < least || number > most ? null : (Object) number;
    }
    return null;
  }

  /** As text, which DuckDB casts to exactly this number; one that does not fit is refused here. */
  private static Object decimal(LakeType type, Object value) {
    BigDecimal number =
        value instanceof BigDecimal decimal
            ? decimal
            : value instanceof BigInteger integer
                ? new BigDecimal(integer)
                : whole(value, Long.MIN_VALUE, Long.MAX_VALUE) instanceof Long small
                    ? BigDecimal.valueOf(small)
                    : null;
    if (number == null) {
      return null;
    }
    boolean unsigned = type.kind() == LakeType.Kind.UBIGINT;
    int scale = unsigned ? 0 : type.scale();
    BigDecimal exact = number.stripTrailingZeros();
    if (exact.scale() > scale || (unsigned && exact.signum() < 0)) {
      return null;
    }
    return exact.setScale(scale).toPlainString();
  }

  private static Object real(Object value) {
    return value instanceof Float || (value instanceof Double wide && (float) (double) wide == wide)
        ? ((Number) value).floatValue()
        : null;
  }

  private static Object moment(Object value) {
    LocalDateTime moment =
        value instanceof Instant instant
            ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
            : value instanceof LocalDateTime local ? local : null;
    return moment == null || moment.getNano() % 1000 != 0 ? null : moment;
  }
}
