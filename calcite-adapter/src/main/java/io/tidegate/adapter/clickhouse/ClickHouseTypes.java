package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreColumn;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * ClickHouse's types and Calcite's, one switch each way.
 *
 * <p>A column also needs an SQL expression that makes its value arrive as the Arrow type that its
 * Calcite type stands for: a UUID, an enumeration, a DateTime or a 128-bit integer would otherwise
 * arrive as bare bytes or numbers. A type without a faithful counterpart is {@link Unsupported}; it
 * is never rounded into one.
 */
public final class ClickHouseTypes {
  /** What Calcite knows of a ClickHouse type. */
  public sealed interface Mapping permits Supported, Unsupported {}

  /**
   * A type that can be carried.
   *
   * @param type its Calcite type, with its nullability
   * @param carrier the ClickHouse type to cast to so that it arrives in the right Arrow type; null
   *     if it does so by itself
   */
  public record Supported(RelDataType type, String carrier) implements Mapping {
    /** The SQL expression that makes {@code expression}, of this type, arrive as it should. */
    public String carried(String expression) {
      return carrier == null
          ? expression
          : "CAST(" + expression + ", '" + carrier.replace("\\", "\\\\").replace("'", "\\'") + "')";
    }
  }

  /**
   * A type that cannot be carried.
   *
   * @param reason what the type is and why not, for an error that names the column
   */
  public record Unsupported(String reason) implements Mapping {}

  private static final int LARGEST_DECIMAL = 38;
  private static final int LARGEST_TIMESTAMP_PRECISION = 6;

  private ClickHouseTypes() {}

  /** What the type with this text, as {@code system.columns} has it, is in Calcite. */
  public static Mapping toCalcite(String typeText, RelDataTypeFactory factory) {
    try {
      return map(ClickHouseTypeText.parse(typeText), factory, false);
    } catch (IllegalArgumentException e) {
      return new Unsupported("type " + typeText + " is not understood: " + e.getMessage());
    }
  }

  /** A column as its relation lists it. */
  static StoreColumn column(
      String name, String typeText, boolean hasDefault, RelDataTypeFactory factory) {
    if (!(toCalcite(typeText, factory) instanceof Supported supported)) {
      return new StoreColumn(name, Optional.empty(), typeText, "%s", hasDefault);
    }
    // A cast to the type that a column has already would keep ClickHouse from using its index.
    boolean carriesItself = supported.carrier() != null && typeText.equals(supported.carrier());
    return new StoreColumn(
        name,
        Optional.of(supported.type()),
        typeText,
        carriesItself ? "%s" : supported.carried("%s"),
        hasDefault);
  }

  private static Mapping map(
      ClickHouseTypeText text, RelDataTypeFactory factory, boolean nullable) {
    return switch (text.name()) {
      case "Nullable" -> map(text.argument(0), factory, true);
      case "LowCardinality" -> map(text.argument(0), factory, nullable);
      case "Bool" -> simple(factory, nullable, SqlTypeName.BOOLEAN);
      case "Int8" -> simple(factory, nullable, SqlTypeName.TINYINT);
      case "Int16" -> simple(factory, nullable, SqlTypeName.SMALLINT);
      case "Int32" -> simple(factory, nullable, SqlTypeName.INTEGER);
      case "Int64" -> simple(factory, nullable, SqlTypeName.BIGINT);
      case "UInt8" -> carried(factory, nullable, SqlTypeName.SMALLINT, "Int16");
      case "UInt16" -> carried(factory, nullable, SqlTypeName.INTEGER, "Int32");
      case "UInt32" -> carried(factory, nullable, SqlTypeName.BIGINT, "Int64");
      case "UInt64" -> decimal(factory, nullable, 20, 0, "Decimal(20, 0)");
      case "Float32" -> simple(factory, nullable, SqlTypeName.REAL);
      case "Float64" -> simple(factory, nullable, SqlTypeName.DOUBLE);
      case "Decimal" -> decimal(text, factory, nullable);
      case "String" -> simple(factory, nullable, SqlTypeName.VARCHAR);
      // A FixedString keeps its trailing NUL bytes as text: they are part of the value.
      case "FixedString", "UUID", "IPv4", "IPv6", "Enum8", "Enum16", "Enum" ->
          carried(factory, nullable, SqlTypeName.VARCHAR, "String");
      case "Date", "Date32" -> carried(factory, nullable, SqlTypeName.DATE, "Date32");
      case "DateTime" -> timestamp(factory, nullable, 0);
      case "DateTime64" -> {
        int precision = text.number(0);
        yield precision > LARGEST_TIMESTAMP_PRECISION
            ? new Unsupported(
                "type " + text + " would be rounded: microseconds are carried at most")
            : timestamp(factory, nullable, precision);
      }
      case "Array" -> array(text, factory, nullable);
      case "Int128", "UInt128", "Int256", "UInt256" ->
          new Unsupported("type " + text + " has more digits than DECIMAL(38, 0)");
      default -> new Unsupported("type " + text + " has no SQL counterpart");
    };
  }

  private static Mapping simple(RelDataTypeFactory factory, boolean nullable, SqlTypeName name) {
    return carried(factory, nullable, name, null);
  }

  private static Mapping carried(
      RelDataTypeFactory factory, boolean nullable, SqlTypeName name, String carrier) {
    return supported(factory, factory.createSqlType(name), nullable, carrier);
  }

  private static Mapping decimal(
      ClickHouseTypeText text, RelDataTypeFactory factory, boolean nullable) {
    int precision = text.number(0);
    int scale = text.arguments().size() > 1 ? text.number(1) : 0;
    return precision > LARGEST_DECIMAL
        ? new Unsupported("type " + text + " has more than " + LARGEST_DECIMAL + " digits")
        : decimal(factory, nullable, precision, scale, null);
  }

  private static Mapping decimal(
      RelDataTypeFactory factory, boolean nullable, int precision, int scale, String carrier) {
    RelDataType type = factory.createSqlType(SqlTypeName.DECIMAL, precision, scale);
    if (type.getPrecision() != precision || type.getScale() != scale) {
      return new Unsupported("DECIMAL(%d, %d) exceeds the type system".formatted(precision, scale));
    }
    return supported(factory, type, nullable, carrier);
  }

  private static Mapping timestamp(RelDataTypeFactory factory, boolean nullable, int precision) {
    RelDataType type = factory.createSqlType(SqlTypeName.TIMESTAMP, precision);
    return type.getPrecision() == precision
        ? supported(factory, type, nullable, "DateTime64(" + precision + ", 'UTC')")
        : new Unsupported("TIMESTAMP(" + precision + ") exceeds the type system");
  }

  private static Mapping array(
      ClickHouseTypeText text, RelDataTypeFactory factory, boolean nullable) {
    Mapping element = map(text.argument(0), factory, false);
    if (!(element instanceof Supported known)) {
      return new Unsupported("type " + text + ": its element " + ((Unsupported) element).reason());
    }
    RelDataType type = factory.createArrayType(known.type(), -1);
    return supported(
        factory, type, nullable, known.carrier() == null ? null : "Array(" + known.carrier() + ")");
  }

  private static Mapping supported(
      RelDataTypeFactory factory, RelDataType type, boolean nullable, String carrier) {
    String wrapped = carrier == null || !nullable ? carrier : "Nullable(" + carrier + ")";
    return new Supported(factory.createTypeWithNullability(type, nullable), wrapped);
  }

  /**
   * The ClickHouse type of a Calcite type, for DDL and casts; {@code Nullable(...)} where it is.
   *
   * @throws NotSupported naming the type, if ClickHouse has none like it
   */
  public static String toClickHouse(RelDataType type) {
    String name =
        switch (type.getSqlTypeName()) {
          case BOOLEAN -> "Bool";
          case TINYINT -> "Int8";
          case SMALLINT -> "Int16";
          case INTEGER -> "Int32";
          case BIGINT -> "Int64";
          case REAL -> "Float32";
          case FLOAT, DOUBLE -> "Float64";
          case DECIMAL -> decimal(type);
          case CHAR, VARCHAR -> "String";
          // Date ends in 2149 and begins in 1970.
          case DATE -> "Date32";
          case TIMESTAMP -> "DateTime64(" + timestampPrecision(type) + ", 'UTC')";
          case ARRAY -> "Array(" + toClickHouse(type.getComponentType()) + ")";
          default -> throw new NotSupported("type " + type + " in ClickHouse");
        };
    // An Array cannot be inside Nullable; a NULL array is refused by the insert.
    return type.isNullable() && type.getSqlTypeName() != SqlTypeName.ARRAY
        ? "Nullable(" + name + ")"
        : name;
  }

  private static String decimal(RelDataType type) {
    if (type.getPrecision() > LARGEST_DECIMAL
        || type.getScale() < 0
        || type.getScale() > type.getPrecision()) {
      throw new NotSupported("type " + type + " in ClickHouse");
    }
    return "Decimal(" + type.getPrecision() + ", " + type.getScale() + ")";
  }

  private static int timestampPrecision(RelDataType type) {
    if (type.getPrecision() > LARGEST_TIMESTAMP_PRECISION) {
      throw new NotSupported("type " + type + ", which is finer than microseconds");
    }
    return Math.max(0, type.getPrecision());
  }
}
