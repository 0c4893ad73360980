package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.store.NotSupported;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** The lake's types and SQL's, one switch each way. */
final class LakeTypes {
  private LakeTypes() {}

  static RelDataType sql(LakeType type, boolean nullable, RelDataTypeFactory factory) {
    RelDataType sql =
        switch (type.kind()) {
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
          case SMALLINT, UTINYINT -> factory.createSqlType(SqlTypeName.SMALLINT);
          case INTEGER, USMALLINT -> factory.createSqlType(SqlTypeName.INTEGER);
          case BIGINT, UINTEGER -> factory.createSqlType(SqlTypeName.BIGINT);
          case UBIGINT -> factory.createSqlType(SqlTypeName.DECIMAL, 20, 0);
          case REAL -> factory.createSqlType(SqlTypeName.REAL);
          case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
          case CHAR, VARCHAR, UUID -> factory.createSqlType(SqlTypeName.VARCHAR);
          case BINARY, VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY);
          case DATE -> factory.createSqlType(SqlTypeName.DATE);
          case TIME -> factory.createSqlType(SqlTypeName.TIME, 6);
          case TIMESTAMP, TIMESTAMP_UTC -> factory.createSqlType(SqlTypeName.TIMESTAMP, 6);
          case ARRAY ->
              factory.createArrayType(sql(type.element().orElseThrow(), true, factory), -1);
        };
    return factory.createTypeWithNullability(sql, nullable);
  }

  /** The lake type that keeps a SQL type's values; refused by name if there is none. */
  static LakeType lake(RelDataType type) throws LakeException {
    if (type.getSqlTypeName() == SqlTypeName.ARRAY) {
      return LakeType.arrayOf(lake(type.getComponentType()));
    }
    return LakeType.parse(
        switch (type.getSqlTypeName()) {
          case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DATE ->
              type.getSqlTypeName().getName();
          case FLOAT, DOUBLE -> "DOUBLE";
          case DECIMAL -> "DECIMAL(" + type.getPrecision() + ", " + type.getScale() + ")";
          case CHAR, VARCHAR -> "VARCHAR";
          case BINARY, VARBINARY -> "VARBINARY";
          case TIME -> "TIME(6)";
          case TIMESTAMP -> "TIMESTAMP(6)";
          default -> throw new NotSupported("type " + type + " in the lake");
        });
  }
}
