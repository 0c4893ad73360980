package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.StoreColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;

/** DuckDB's types and SQL's, one switch each way. */
public final class DuckDbTypes {
  private static final String LARGEST = "9".repeat(38);

  /** Types whose values are looked at one by one, which is not done inside a list. */
  private static final Set<String> CHECKED = Set.of("HUGEINT", "UHUGEINT", "TIMESTAMP_NS");

  /** A list, or an array of a fixed length. */
  private static final Pattern ARRAY = Pattern.compile("(.*)\\[\\d*\\]", Pattern.DOTALL);

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
   * A column as its relation lists it: with the expression that carries a type SQL does not have,
   * or refused where it is used. A type that is only wider than SQL's is carried as long as its
   * values fit, and the first that does not is an error that names the column.
   *
   * @param storeType as {@code DESCRIBE} names it
   */
  static StoreColumn column(
      String name, String storeType, boolean nullable, RelDataTypeFactory factory) {
    Optional<RelDataType> known = sql(storeType, factory);
    if (known.isEmpty()) {
      return StoreColumn.uncarried(name, storeType, "no SQL type carries exactly");
    }
    RelDataType type = factory.createTypeWithNullability(known.get(), nullable);
    UnaryOperator<String> expression =
        switch (storeType) {
          case "HUGEINT", "UHUGEINT" ->
              reference ->
                  checked(
                      name,
                      reference + " NOT BETWEEN -" + LARGEST + " AND " + LARGEST,
                      "has a value of more than 38 digits",
                      reference,
                      type);
          case "TIMESTAMP_NS" ->
              reference ->
                  checked(
                      name,
                      "epoch_ns(" + reference + ") % 1000 <> 0",
                      "has a time that is finer than microseconds",
                      reference,
                      type);
          default ->
              name(type).equalsIgnoreCase(storeType)
                  ? StoreColumn.PLAIN
                  : reference -> cast(reference, type);
        };
    return new StoreColumn(name, type, storeType, expression, false);
  }

  private static String checked(
      String column, String refused, String reason, String reference, RelDataType type) {
    return "CASE WHEN "
        + refused
        + " THEN error("
        + new DuckDbDialect().string("Column '" + column + "' " + reason)
        + ") ELSE "
        + cast(reference, type)
        + " END";
  }

  private static String cast(String reference, RelDataType type) {
    return "CAST(" + reference + " AS " + name(type) + ")";
  }

  /** The SQL type that carries a DuckDB type; empty if none does exactly. */
  private static Optional<RelDataType> sql(String name, RelDataTypeFactory factory) {
    String upper = name.toUpperCase(Locale.ROOT).trim();
    Matcher array = ARRAY.matcher(name);
    if (array.matches()) {
      String element = array.group(1);
      return CHECKED.contains(element)
          ? Optional.empty()
          : sql(element, factory)
              .map(
                  known ->
                      nullable(factory.createArrayType(nullable(known, factory), -1), factory));
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
    if (upper.startsWith("ENUM(") && upper.endsWith(")")) {
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
          case "HUGEINT", "UHUGEINT" -> factory.createSqlType(SqlTypeName.DECIMAL, 38, 0);
          case "FLOAT" -> factory.createSqlType(SqlTypeName.REAL);
          case "DOUBLE" -> factory.createSqlType(SqlTypeName.DOUBLE);
          case "VARCHAR", "UUID", "JSON" -> factory.createSqlType(SqlTypeName.VARCHAR);
          case "BLOB" -> factory.createSqlType(SqlTypeName.VARBINARY);
          case "DATE" -> factory.createSqlType(SqlTypeName.DATE);
          case "TIME" -> factory.createSqlType(SqlTypeName.TIME, 6);
          case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE" ->
              factory.createSqlType(SqlTypeName.TIMESTAMP, 6);
          case "TIMESTAMP_S" -> factory.createSqlType(SqlTypeName.TIMESTAMP, 0);
          case "TIMESTAMP_MS" -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
          // Nothing but NULL; DESCRIBE quotes it.
          case "\"NULL\"" -> factory.createSqlType(SqlTypeName.INTEGER);
          default -> null;
        };
    return Optional.ofNullable(type).map(plain -> nullable(plain, factory));
  }

  private static RelDataType nullable(RelDataType type, RelDataTypeFactory factory) {
    return factory.createTypeWithNullability(type, true);
  }
}
