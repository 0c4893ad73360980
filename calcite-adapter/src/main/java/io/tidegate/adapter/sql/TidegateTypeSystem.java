package io.tidegate.adapter.sql;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Tidegate's types: times to the microsecond, decimals of 38 digits, SUM that cannot overflow
 * silently, AVG as DOUBLE.
 */
public final class TidegateTypeSystem extends RelDataTypeSystemImpl {
  static final TidegateTypeSystem INSTANCE = new TidegateTypeSystem();

  private TidegateTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> 38;
      case TIMESTAMP, TIME -> 6;
      default -> super.getMaxPrecision(type);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? 38 : super.getMaxScale(type);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return switch (type) {
      case TIMESTAMP, TIME -> 6;
      case DECIMAL -> 38;
      default -> super.getDefaultPrecision(type);
    };
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory typeFactory, RelDataType type) {
    RelDataType sum =
        switch (type.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER -> typeFactory.createSqlType(SqlTypeName.BIGINT);
          case BIGINT -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 38, 0);
          case DECIMAL -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 38, type.getScale());
          case REAL, FLOAT -> typeFactory.createSqlType(SqlTypeName.DOUBLE);
          default -> type;
        };
    return typeFactory.createTypeWithNullability(sum, type.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory typeFactory, RelDataType type) {
    return typeFactory.createTypeWithNullability(
        typeFactory.createSqlType(SqlTypeName.DOUBLE), type.isNullable());
  }

  @Override
  public RelDataType deriveCovarType(
      RelDataTypeFactory typeFactory, RelDataType left, RelDataType right) {
    return typeFactory.createTypeWithNullability(
        typeFactory.createSqlType(SqlTypeName.DOUBLE), left.isNullable() || right.isNullable());
  }

  /** CASE and set operations over texts of several lengths give VARCHAR, not padded CHAR. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }
}
