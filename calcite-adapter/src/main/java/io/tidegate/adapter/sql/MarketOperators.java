package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.StoreFunctions;
import io.tidegate.adapter.store.TimestampDifference;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlBasicAggFunction;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.util.Optionality;

/** What SQL can call beside the standard: Tidegate's scalar and table functions, and aggregates. */
final class MarketOperators {
  /** Calcite's says that it cannot be NULL, and {@code IS NULL} would be false unseen. */
  private static final SqlOperator LISTAGG = listAggregate("LISTAGG");

  /** Aggregates of other databases under their names there. */
  private static final List<SqlOperator> AGGREGATES =
      List.of(
          SqlLibraryOperators.ARRAY_AGG,
          SqlLibraryOperators.BOOL_AND,
          SqlLibraryOperators.BOOL_OR,
          SqlLibraryOperators.COUNTIF,
          SqlLibraryOperators.MAX_BY,
          SqlLibraryOperators.MIN_BY);

  private MarketOperators() {}

  private static SqlOperator listAggregate(String name) {
    return SqlBasicAggFunction.create(
            name,
            SqlKind.LISTAGG,
            ReturnTypes.VARCHAR.andThen(SqlTypeTransforms.FORCE_NULLABLE),
            OperandTypes.STRING.or(OperandTypes.STRING_STRING))
        .withGroupOrder(Optionality.OPTIONAL);
  }

  /** All operators of a catalog but the functions of its schemas. */
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
            "read_alerts", 1, (args, call) -> catalog.files().alerts(args.get(0), call)));
    operators.add(
        new RelationFunction(
            "native_query",
            2,
            (args, call) -> catalog.storeSchema(args.get(0)).nativeQuery(args.get(1), call)));
    operators.add(
        RelationFunction.ofTexts(
            "read_candles_1m", (args, call) -> catalog.files().candles(args, call)));
    operators.addAll(TickFileRelations.functions(catalog));
    operators.add(TimestampDifference.FUNCTION);
    operators.add(LISTAGG);
    operators.addAll(AGGREGATES);
    operators.add(new RangeBarsOperator());
    operators.addAll(CountedBarsOperator.all());
    operators.add(new WindowSliceOperator());
    operators.add(new ValidateBarsOperator());
    operators.add(new ValidateFeaturesOperator());
    operators.add(new SliceCoverageOperator());
    operators.add(new CandleColumnsOperator());
    return SqlOperatorTables.chain(SqlOperatorTables.of(operators), new Standard());
  }

  /** The standard's operators, as Calcite has them but for those that are defined here. */
  private static final class Standard implements SqlOperatorTable {
    @Override
    public void lookupOperatorOverloads(
        SqlIdentifier name,
        SqlFunctionCategory category,
        SqlSyntax syntax,
        List<SqlOperator> found,
        SqlNameMatcher matcher) {
      List<SqlOperator> all = new ArrayList<>();
      SqlStdOperatorTable.instance().lookupOperatorOverloads(name, category, syntax, all, matcher);
      all.stream().filter(Standard::isKept).forEach(found::add);
    }

    @Override
    public List<SqlOperator> getOperatorList() {
      return SqlStdOperatorTable.instance().getOperatorList().stream()
          .filter(Standard::isKept)
          .toList();
    }

    private static boolean isKept(SqlOperator operator) {
      return operator != SqlStdOperatorTable.LISTAGG
          && operator != SqlStdOperatorTable.TIMESTAMP_DIFF;
    }
  }
}
