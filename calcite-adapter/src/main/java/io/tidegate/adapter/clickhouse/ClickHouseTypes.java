package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreColumn;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * ClickHouse's types and Calcite's, one switch each way.
 *
 * <p>A column also needs an SQL expression that makes its value arrive as the Arrow type that its
 * Calcite type stands for: a UUID, an enumeration, a DateTime or a 128-bit integer would otherwise
 * arrive as bare bytes or numbers. A type without a faithful counterpart is {@link Unsupported}; it
 * is never rounded into one. A type that is only wider than its counterpart is carried as long as
 * its values fit, and the first that does not is an error that names the column.
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
   * @param wider what a value may have that {@code type} has no room for
   */
  public record Supported(RelDataType type, String carrier, Wider wider) implements Mapping {
    /**
     * The SQL expression that makes {@code expression}, of this type, arrive as it should.
     *
     * @param column what an error calls it
     */
    public String carried(String expression, String column) {
      return switch (wider) {
        case NOTHING -> carrier == null ? expression : cast(expression);
        // There is no CAST from a 128-bit integer to a Decimal.
        case DIGITS ->
            "toDecimal128("
                + expression
                + " + throwIf("
                + expression
                + " NOT BETWEEN toInt256('-"
                + LARGEST
                + "') AND toInt256('"
                + LARGEST
                + "'), "
                + text("Column '" + column + "' has a value of more than 38 digits")
                + "), 0)";
        case NANOSECONDS ->
            "("
                + cast(expression)
                + " + throwIf("
                + cast(expression)
                + " != "
                + expression
                + ", "
                + text("Column '" + column + "' has a time that is finer than microseconds")
                + "))";
      };
    }

    boolean isBare() {
      return carrier == null && wider == Wider.NOTHING;
    }

    private String cast(String expression) {
      return "CAST(" + expression + ", " + text(carrier) + ")";
    }

    private static String text(String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  }

  /** What a value of a carried type may have too much of. */
  public enum Wider {
    NOTHING,
    DIGITS,
    NANOSECONDS
  }

  /**
   * A type that cannot be carried.
   *
   * @param reason why not, as the end of the sentence "it is of a type, which ..."
   */
  public record Unsupported(String reason) implements Mapping {}

  private static final int LARGEST_DECIMAL = 38;
  private static final int LARGEST_TIMESTAMP_PRECISION = 6;

  /** The largest DECIMAL(38, 0). */
  static final String LARGEST = "9".repeat(LARGEST_DECIMAL);

  private ClickHouseTypes() {}

  /** What the type with this text, as {@code system.columns} has it, is in Calcite. */
  public static Mapping toCalcite(String typeText, RelDataTypeFactory factory) {
    try {
      return map(ClickHouseTypeText.parse(typeText), factory, false);
    } catch (IllegalArgumentException e) {
      return new Unsupported("is not understood: " + e.getMessage());
    }
  }

  /** A column as its relation lists it. */
  static StoreColumn column(
      String name, String typeText, boolean hasDefault, RelDataTypeFactory factory) {
    Mapping mapping = toCalcite(typeText, factory);
    if (mapping instanceof Unsupported unsupported) {
      return StoreColumn.uncarried(name, typeText, unsupported.reason());
    }
    Supported supported = (Supported) mapping;
    // A cast to the type that a column has already would keep ClickHouse from using its index.
    boolean carriesItself = supported.carrier() != null && typeText.equals(supported.carrier());
    return new StoreColumn(
        name,
        supported.type(),
        typeText,
        carriesItself || supported.isBare()
            ? StoreColumn.PLAIN
            : reference -> supported.carried(reference, name),
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
      // ClickHouse fills a FixedString up with NUL and takes that off again.
      case "FixedString", "UUID", "IPv4", "IPv6", "Enum8", "Enum16", "Enum" ->
          carried(factory, nullable, SqlTypeName.VARCHAR, "String");
      case "Date", "Date32" -> carried(factory, nullable, SqlTypeName.DATE, "Date32");
      case "DateTime" -> timestamp(factory, nullable, 0);
      case "DateTime64" -> {
        int precision = text.number(0);
        yield precision > LARGEST_TIMESTAMP_PRECISION
            ? checked(timestamp(factory, nullable, LARGEST_TIMESTAMP_PRECISION), Wider.NANOSECONDS)
            : timestamp(factory, nullable, precision);
      }
      case "Array" -> array(text, factory, nullable);
      case "Int128", "UInt128" ->
          checked(decimal(factory, nullable, LARGEST_DECIMAL, 0, null), Wider.DIGITS);
      case "Int256", "UInt256" -> new Unsupported("has more digits than DECIMAL(38, 0)");
      default -> new Unsupported("has no SQL counterpart");
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
        ? new Unsupported("has more than " + LARGEST_DECIMAL + " digits")
        : decimal(factory, nullable, precision, scale, null);
  }

  private static Mapping decimal(
      RelDataTypeFactory factory, boolean nullable, int precision, int scale, String carrier) {
    RelDataType type = factory.createSqlType(SqlTypeName.DECIMAL, precision, scale);
    if (type.getPrecision() != precision || type.getScale() != scale) {
      return new Unsupported("exceeds the type system");
    }
    return supported(factory, type, nullable, carrier);
  }

  private static Mapping timestamp(RelDataTypeFactory factory, boolean nullable, int precision) {
    RelDataType type = factory.createSqlType(SqlTypeName.TIMESTAMP, precision);
    return type.getPrecision() == precision
        ? supported(factory, type, nullable, "DateTime64(" + precision + ", 'UTC')")
        : new Unsupported("exceeds the type system");
  }

  private static Mapping array(
      ClickHouseTypeText text, RelDataTypeFactory factory, boolean nullable) {
    Mapping element = map(text.argument(0), factory, false);
    if (!(element instanceof Supported known)) {
      return new Unsupported("has elements of a type that " + ((Unsupported) element).reason());
    }
    if (known.wider() != Wider.NOTHING) {
      return new Unsupported("has elements that " + known.type() + " may have no room for");
    }
    RelDataType type = factory.createArrayType(known.type(), -1);
    return supported(
        factory, type, nullable, known.carrier() == null ? null : "Array(" + known.carrier() + ")");
  }

  private static Mapping supported(
      RelDataTypeFactory factory, RelDataType type, boolean nullable, String carrier) {
    String wrapped = carrier == null || !nullable ? carrier : "Nullable(" + carrier + ")";
    return new Supported(factory.createTypeWithNullability(type, nullable), wrapped, Wider.NOTHING);
  }

  private static Mapping checked(Mapping mapping, Wider wider) {
    return mapping instanceof Supported supported
        ? new Supported(supported.type(), supported.carrier(), wider)
        : mapping;
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
