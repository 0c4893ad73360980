package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import io.tidegate.adapter.store.StoreSchema;
import io.tidegate.adapter.store.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/**
 * The tables of a DuckDB database file that is attached to the local engine: what stands in for
 * ClickHouse where it cannot run. A table's partitions, order and engine are ClickHouse's affair
 * and are accepted without effect.
 */
public final class DuckDbSchema extends AbstractSchema implements StoreSchema {
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

  private record Line(String table, String column, String type, boolean nullable, long rows) {}

  @Override
  protected Map<String, Table> getTableMap() {
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
      tables.forEach((name, lines) -> relations.put(name, table(name, lines)));
      return relations;
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private DuckDbTable table(String name, List<Line> lines) {
    List<StoreColumn> columns = new ArrayList<>();
    for (Line line : lines) {
      columns.add(DuckDbTypes.column(line.column, line.type, line.nullable, typeFactory));
    }
    return new DuckDbTable(
        duckDb,
        engine,
        tableName(name),
        catalog + "." + name,
        columns,
        Math.max(1, lines.get(0).rows),
        null);
  }

  @Override
  public NewTable define(TableDefinition definition, String catalogName) {
    List<StoreColumn> columns = new ArrayList<>();
    List<String> declared = new ArrayList<>();
    for (RelDataTypeField field : definition.columns().getFieldList()) {
      String type = DuckDbTypes.name(field.getType());
      columns.add(StoreColumn.plain(field.getName(), field.getType(), type));
      declared.add(
          DuckDbDialect.quote(field.getName())
              + " "
              + type
              + (field.getType().isNullable() ? "" : " NOT NULL"));
    }
    String name = tableName(definition.name());
    String createSql =
        declared.stream().collect(Collectors.joining(", ", "CREATE TABLE " + name + " (", ")"));
    return new DuckDbTable(duckDb, engine, name, catalogName, columns, 1, createSql);
  }

  @Override
  public StoreRelation nativeQuery(String sql, String call) throws SQLException {
    return new DuckDbRelations(duckDb, engine, typeFactory).query(sql, call);
  }

  @Override
  public long nativeExecute(String sql, ArrowExecution execution) throws SQLException {
    try (DuckDbSession session = engine.session(Map.of(), execution)) {
      session.update("USE " + DuckDbDialect.quote(catalog));
      return session.update(sql);
    }
  }

  @Override
  public boolean drop(String table) throws SQLException {
    if (!getTableMap().containsKey(table)) {
      return false;
    }
    engine.execute("DROP TABLE " + tableName(table));
    return true;
  }

  private String tableName(String table) {
    return DuckDbDialect.quote(catalog) + ".main." + DuckDbDialect.quote(table);
  }
}
