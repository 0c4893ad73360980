package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowFailure;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** The tables of a DuckDB database file that is attached to the local engine. */
public final class DuckDbSchema extends AbstractSchema {
  private final StoreConvention duckDb;
  private final DuckDbEngine engine;
  private final String catalog;
  private final RelDataTypeFactory typeFactory;

  public DuckDbSchema(
      StoreConvention duckDb, DuckDbEngine engine, String catalog, RelDataTypeFactory typeFactory) {
    this.duckDb = requireNonNull(duckDb, "duckDb");
    this.engine = requireNonNull(engine, "engine");
    this.catalog = requireNonNull(catalog, "catalog");
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
  }

  @Override
  protected Map<String, Table> getTableMap() {
    record Line(String table, String column, String type, boolean nullable, long rows) {}
    String sql =
        "SELECT c.table_name, c.column_name, c.data_type, c.is_nullable,"
            + " coalesce(t.estimated_size, 1000) FROM duckdb_columns() c LEFT JOIN duckdb_tables() t"
            + " ON t.database_name = c.database_name AND t.schema_name = c.schema_name"
            + " AND t.table_name = c.table_name WHERE c.database_name = "
            + new DuckDbDialect().string(catalog)
            + " AND c.schema_name = 'main' AND NOT c.internal"
            + " ORDER BY c.table_name, c.column_index";
    try {
      Map<String, List<Line>> tables = new LinkedHashMap<>();
      for (Line line :
          engine.rows(
              sql,
              row ->
                  new Line(
                      row.getString(1),
                      row.getString(2),
                      row.getString(3),
                      row.getBoolean(4),
                      row.getLong(5)))) {
        tables.computeIfAbsent(line.table, name -> new ArrayList<>()).add(line);
      }
      Map<String, Table> relations = new LinkedHashMap<>();
      tables.forEach(
          (name, lines) -> {
            List<StoreColumn> columns = new ArrayList<>();
            for (Line line : lines) {
              columns.add(
                  StoreColumn.plain(
                      line.column,
                      DuckDbTypes.sql(line.type, typeFactory)
                          .map(type -> typeFactory.createTypeWithNullability(type, line.nullable)),
                      line.type));
            }
            relations.put(
                name,
                new StoreRelation(
                    duckDb, tableName(name), columns, Math.max(1, lines.get(0).rows), null));
          });
      return relations;
    } catch (SQLException e) {
      throw ArrowFailure.unchecked(e);
    }
  }

  String tableName(String table) {
    return DuckDbDialect.quote(catalog) + ".main." + DuckDbDialect.quote(table);
  }
}
