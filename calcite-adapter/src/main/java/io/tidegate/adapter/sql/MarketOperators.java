package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.StoreFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** What SQL can call beside the standard: Tidegate's scalar and table functions. */
final class MarketOperators {
  private MarketOperators() {}

  static SqlOperatorTable table(OpenCatalog catalog) {
    List<SqlOperator> operators = new ArrayList<>(StoreFunctions.all());
    return SqlOperatorTables.of(operators);
  }
}
