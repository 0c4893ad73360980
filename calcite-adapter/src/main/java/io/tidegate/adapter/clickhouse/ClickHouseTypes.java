package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreColumn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * ClickHouse's types and SQL's, one switch each way.
 *
 * <p>A column whose values no SQL type carries exactly has none: DateTime64 finer than
 * microseconds, 256-bit integers, decimals of more than 38 digits, nested types.
 */
final class ClickHouseTypes {
  private static final Pattern WRAPPED = Pattern.compile("(\\w+)\\((.*)\\)", Pattern.DOTALL);
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), ?(\\d+)\\)");
  private static final Pattern DATE_TIME_64 =
      Pattern.compile("DateTime64\\((\\d)(?:, ?'(?<zone>[^']*)')?\\)");

  private ClickHouseTypes() {}

  /** A column as its relation lists it, with what makes its value arrive in the carried type. */
  static StoreColumn column(
      String name, String storeType, boolean hasDefault, RelDataTypeFactory factory) {
    String inner = storeType.trim();
    boolean nullable = false;
    for (Matcher wrapped = WRAPPED.matcher(inner);
        wrapped.matches()
            && (wrapped.group(1).equals("Nullable") || wrapped.group(1).equals("LowCardinality"));
        wrapped = WRAPPED.matcher(inner)) {
      nullable |= wrapped.group(1).equals("Nullable");
      inner = wrapped.group(2).trim();
    }
    Optional<Carried> carried = carried(inner, factory);
    boolean isNullable = nullable;
    return new StoreColumn(
        name,
        carried.map(c -> factory.createTypeWithNullability(c.type, isNullable)),
        storeType,
        carried.map(Carried::expression).orElse("%s"),
        hasDefault);
  }

  private record Carried(RelDataType type, String expression) {}

  private static Optional<Carried> carried(String type, RelDataTypeFactory factory) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      return precision > 38
          ? Optional.empty()
          : plain(
              factory.createSqlType(
                  SqlTypeName.DECIMAL, precision, Integer.parseInt(decimal.group(2))));
    }
    Matcher time = DATE_TIME_64.matcher(type);
    if (time.matches()) {
      int precision = Integer.parseInt(time.group(1));
      return precision > 6
          ? Optional.empty()
          : Optional.of(
              new Carried(
                  factory.createSqlType(SqlTypeName.TIMESTAMP, precision),
                  "UTC".equals(time.group("zone")) ? "%s" : "toTimeZone(%s, 'UTC')"));
    }
    if (type.startsWith("DateTime(") || type.equals("DateTime")) {
      return Optional.of(
          new Carried(factory.createSqlType(SqlTypeName.TIMESTAMP, 0), "toTimeZone(%s, 'UTC')"));
    }
    if (type.startsWith("Enum8(") || type.startsWith("Enum16(")) {
      return text(factory, "toString(%s)");
    }
    if (type.startsWith("FixedString(")) {
      return text(factory, "toString(%s)");
    }
    return switch (type) {
      case "Bool" -> plain(factory.createSqlType(SqlTypeName.BOOLEAN));
      case "Int8" -> plain(factory.createSqlType(SqlTypeName.TINYINT));
      case "Int16" -> plain(factory.createSqlType(SqlTypeName.SMALLINT));
      case "Int32" -> plain(factory.createSqlType(SqlTypeName.INTEGER));
      case "Int64" -> plain(factory.createSqlType(SqlTypeName.BIGINT));
      case "UInt8" -> cast(factory.createSqlType(SqlTypeName.SMALLINT), "toInt16(%s)");
      case "UInt16" -> cast(factory.createSqlType(SqlTypeName.INTEGER), "toInt32(%s)");
      case "UInt32" -> cast(factory.createSqlType(SqlTypeName.BIGINT), "toInt64(%s)");
      case "UInt64" ->
          cast(factory.createSqlType(SqlTypeName.DECIMAL, 20, 0), "CAST(%s AS Decimal(20, 0))");
      case "Float32" -> plain(factory.createSqlType(SqlTypeName.REAL));
      case "Float64" -> plain(factory.createSqlType(SqlTypeName.DOUBLE));
      case "String" -> plain(factory.createSqlType(SqlTypeName.VARCHAR));
      case "UUID", "IPv4", "IPv6" -> text(factory, "toString(%s)");
      case "Date" -> cast(factory.createSqlType(SqlTypeName.DATE), "toDate32(%s)");
      case "Date32" -> plain(factory.createSqlType(SqlTypeName.DATE));
      default -> Optional.empty();
    };
  }

  private static Optional<Carried> plain(RelDataType type) {
    return Optional.of(new Carried(type, "%s"));
  }

  private static Optional<Carried> cast(RelDataType type, String expression) {
    return Optional.of(new Carried(type, expression));
  }

  private static Optional<Carried> text(RelDataTypeFactory factory, String expression) {
    return Optional.of(new Carried(factory.createSqlType(SqlTypeName.VARCHAR), expression));
  }

  /** The type in which a value leaves ClickHouse; a nullable operand stays nullable in a cast. */
  static String carried(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> "Bool";
      case TINYINT -> "Int8";
      case SMALLINT -> "Int16";
      case INTEGER -> "Int32";
      case BIGINT -> "Int64";
      case DECIMAL -> "Decimal(" + type.getPrecision() + ", " + type.getScale() + ")";
      case REAL -> "Float32";
      case FLOAT, DOUBLE -> "Float64";
      case CHAR, VARCHAR -> "String";
      case DATE -> "Date32";
      case TIMESTAMP -> "DateTime64(6, 'UTC')";
      default -> throw new NotSupported("type " + type.getFullTypeString() + " in ClickHouse");
    };
  }

  /** The type of a column that CREATE TABLE makes. */
  static String declared(RelDataType type) {
    String name =
        type.getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? "DateTime64(" + type.getPrecision() + ", 'UTC')"
            : carried(type);
    return type.isNullable() ? "Nullable(" + name + ")" : name;
  }
}
