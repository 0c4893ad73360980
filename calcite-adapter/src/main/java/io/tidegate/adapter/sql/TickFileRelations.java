package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.ProducedRelation;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import io.tidegate.adapter.ticks.QuoteCheck;
import io.tidegate.adapter.ticks.TickColumn;
import io.tidegate.adapter.ticks.TickFiles;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code read_agg_trades('files', 'symbol')} and {@code read_exness_quotes('files', 'symbol',
 * 'check')}: tick files as tables. Files are opened when the statement runs.
 */
final class TickFileRelations {
  private static final double UNKNOWN_ROWS = 1_000_000;

  private TickFileRelations() {}

  static List<RelationFunction> functions(OpenCatalog catalog) {
    return List.of(
        new RelationFunction(
            "read_agg_trades",
            2,
            (args, call) -> relation(catalog, TickFiles.aggTrades(args.get(0), args.get(1)), call)),
        new RelationFunction(
            "read_exness_quotes",
            3,
            (args, call) ->
                relation(
                    catalog,
                    TickFiles.quotes(args.get(0), args.get(1), check(args.get(2))),
                    call)));
  }

  private static QuoteCheck check(String name) {
    try {
      return QuoteCheck.of(name);
    } catch (IllegalArgumentException e) {
      throw PlanErrors.invalid("read_exness_quotes: " + e.getMessage());
    }
  }

  private static StoreRelation relation(OpenCatalog catalog, TickFiles files, String call) {
    StoreConvention reader = catalog.localStore();
    RelDataTypeFactory typeFactory = catalog.typeFactory();
    RelDataTypeFactory.Builder rowType = typeFactory.builder();
    List<StoreColumn> columns = new ArrayList<>();
    for (TickColumn column : TickColumn.values()) {
      RelDataType type = type(typeFactory, column);
      rowType.add(column.sqlName(), type);
      columns.add(StoreColumn.plain(column.sqlName(), type, type.toString()));
    }
    return new ProducedRelation(reader, rowType.build(), columns, UNKNOWN_ROWS, call, files);
  }

  private static RelDataType type(RelDataTypeFactory typeFactory, TickColumn column) {
    return switch (column.type()) {
      case TEXT -> typeFactory.createSqlType(SqlTypeName.VARCHAR);
      case TIME -> typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6);
      case ID -> typeFactory.createSqlType(SqlTypeName.BIGINT);
      case PRICE -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 18, 8);
      case AMOUNT -> typeFactory.createSqlType(SqlTypeName.DECIMAL, 19, 8);
      case FLAG -> typeFactory.createSqlType(SqlTypeName.BOOLEAN);
    };
  }
}
