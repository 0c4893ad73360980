package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;

/** DuckDB's types and SQL's, one switch each way. */
public final class DuckDbTypes {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");

  private DuckDbTypes() {}

  /** The DuckDB type that carries a SQL type exactly; refused by name if there is none. */
  public static String name(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> "BOOLEAN";
      case TINYINT -> "TINYINT";
      case SMALLINT -> "SMALLINT";
      case INTEGER -> "INTEGER";
      case BIGINT -> "BIGINT";
      case DECIMAL -> "DECIMAL(" + type.getPrecision() + "," + type.getScale() + ")";
      case REAL -> "FLOAT";
      case FLOAT, DOUBLE -> "DOUBLE";
      case CHAR, VARCHAR -> "VARCHAR";
      case BINARY, VARBINARY -> "BLOB";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP -> "TIMESTAMP";
      case ARRAY, MULTISET -> name(type.getComponentType()) + "[]";
      case MAP -> "MAP(" + name(type.getKeyType()) + ", " + name(type.getValueType()) + ")";
      case ROW -> {
        List<String> fields = new ArrayList<>();
        for (RelDataTypeField field : type.getFieldList()) {
          fields.add(DuckDbDialect.quote(field.getName()) + " " + name(field.getType()));
        }
        yield "STRUCT(" + String.join(", ", fields) + ")";
      }
      case NULL -> "INTEGER";
      default -> throw new NotSupported("type " + type.getFullTypeString() + " in DuckDB");
    };
  }

  /**
   * The SQL type of a DuckDB column, as {@code DESCRIBE} names it. Empty for a type that cannot be
   * carried exactly; such a column is listed but refused by name when it is used.
   */
  public static Optional<RelDataType> sql(String name, RelDataTypeFactory factory) {
    String upper = name.toUpperCase(Locale.ROOT).trim();
    if (upper.endsWith("[]")) {
      return sql(upper.substring(0, upper.length() - 2), factory)
          .map(element -> factory.createArrayType(nullable(element, factory), -1))
          .map(array -> nullable(array, factory));
    }
    Matcher decimal = DECIMAL.matcher(upper);
    if (decimal.matches()) {
      return Optional.of(
          nullable(
              factory.createSqlType(
                  SqlTypeName.DECIMAL,
                  Integer.parseInt(decimal.group(1)),
                  Integer.parseInt(decimal.group(2))),
              factory));
    }
    if (upper.startsWith("ENUM(")) {
      return Optional.of(nullable(factory.createSqlType(SqlTypeName.VARCHAR), factory));
    }
    RelDataType type =
        switch (upper) {
          case "BOOLEAN" -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case "TINYINT" -> factory.createSqlType(SqlTypeName.TINYINT);
          case "SMALLINT", "UTINYINT" -> factory.createSqlType(SqlTypeName.SMALLINT);
          case "INTEGER", "USMALLINT" -> factory.createSqlType(SqlTypeName.INTEGER);
          case "BIGINT", "UINTEGER" -> factory.createSqlType(SqlTypeName.BIGINT);
          case "UBIGINT" -> factory.createSqlType(SqlTypeName.DECIMAL, 20, 0);
          case "HUGEINT" -> factory.createSqlType(SqlTypeName.DECIMAL, 38, 0);
          case "FLOAT" -> factory.createSqlType(SqlTypeName.REAL);
          case "DOUBLE" -> factory.createSqlType(SqlTypeName.DOUBLE);
          case "VARCHAR", "UUID", "JSON" -> factory.createSqlType(SqlTypeName.VARCHAR);
          case "BLOB" -> factory.createSqlType(SqlTypeName.VARBINARY);
          case "DATE" -> factory.createSqlType(SqlTypeName.DATE);
          case "TIME" -> factory.createSqlType(SqlTypeName.TIME, 6);
          case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" ->
              factory.createSqlType(SqlTypeName.TIMESTAMP, 6);
          case "TIMESTAMP_S" -> factory.createSqlType(SqlTypeName.TIMESTAMP, 0);
          case "TIMESTAMP_MS" -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
          default -> null;
        };
    return Optional.ofNullable(type).map(plain -> nullable(plain, factory));
  }

  /** A column as its relation lists it, with the cast that carries a type SQL does not have. */
  static StoreColumn column(
      String name, String storeType, boolean nullable, RelDataTypeFactory factory) {
    Optional<RelDataType> type =
        sql(storeType, factory)
            .map(sqlType -> factory.createTypeWithNullability(sqlType, nullable));
    boolean plain = type.isEmpty() || name(type.get()).equalsIgnoreCase(storeType);
    return new StoreColumn(
        name, type, storeType, plain ? "%s" : "CAST(%s AS " + name(type.get()) + ")", false);
  }

  private static RelDataType nullable(RelDataType type, RelDataTypeFactory factory) {
    return factory.createTypeWithNullability(type, true);
  }
}
