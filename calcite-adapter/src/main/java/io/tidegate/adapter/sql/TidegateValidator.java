package io.tidegate.adapter.sql;

import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlValidatorImpl;

/** Calcite's validator with Tidegate's operators. */
final class TidegateValidator extends SqlValidatorImpl {
  TidegateValidator(
      SqlOperatorTable operators,
      CalciteCatalogReader catalogReader,
      RelDataTypeFactory typeFactory,
      Config config) {
    super(operators, catalogReader, typeFactory, config);
  }
}
