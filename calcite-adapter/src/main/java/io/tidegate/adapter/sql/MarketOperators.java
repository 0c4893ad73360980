package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.MarketFunction;
import java.util.List;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** Tidegate's own functions: SQL name, signature, and the spelling in each engine. */
final class MarketOperators {
  private static final String EPOCH = "TIMESTAMP '1970-01-01 00:00:00'";

  /** {@code mint_bucket(mint)}: the lake bucket of a token address, '00' to 'ff'. */
  static final MarketFunction MINT_BUCKET =
      new MarketFunction(
          "mint_bucket",
          ReturnTypes.explicit(SqlTypeName.VARCHAR)
              .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.TO_NULLABLE),
          OperandTypes.family(SqlTypeFamily.CHARACTER),
          operands -> "substr(sha1(" + operands.get(0) + "), 1, 2)",
          operands -> "lower(substring(hex(SHA1(" + operands.get(0) + ")), 1, 2))");

  private static final List<SqlOperator> SCALARS = List.of(MINT_BUCKET);

  private MarketOperators() {}

  static SqlOperatorTable table(OpenCatalog catalog) {
    return SqlOperatorTables.of(SCALARS);
  }
}
