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
    operators.add(
        new RelationFunction(
            "read_parquet", 1, (args, call) -> catalog.files().parquet(args.get(0), call)));
    operators.add(
        new RelationFunction(
            "read_csv", 1, (args, call) -> catalog.files().csv(args.get(0), call)));
    operators.add(
        new RelationFunction(
            "native_query",
            2,
            (args, call) -> catalog.storeSchema(args.get(0)).nativeQuery(args.get(1), call)));
    operators.addAll(TickFileRelations.functions(catalog));
    operators.add(new RangeBarsOperator());
    operators.addAll(CountedBarsOperator.all());
    operators.add(new WindowSliceOperator());
    return SqlOperatorTables.of(operators);
  }
}
