package io.tidegate.adapter.clickhouse;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/**
 * The tables and views of one ClickHouse database. What the server says of them is kept for a
 * moment, since one statement asks several times; a change made through Tidegate is seen at once.
 */
public final class ClickHouseSchema extends AbstractSchema implements StoreSchema {
  private static final Duration KEPT = Duration.ofSeconds(2);

  /** Rows of a view, which ClickHouse does not count. */
  private static final double VIEW_ROWS = 1_000_000;

  private final StoreConvention clickHouse;
  private final ClickHouseEngine engine;
  private final String database;
  private final String name;
  private final RelDataTypeFactory typeFactory;
  private final StoreConvention local;
  private final DistinctSamples samples;
  private Map<String, Table> tables;
  private long readAtNanos;

  /**
   * Creates the schema.
   *
   * @param name the schema's name in the catalog
   * @param local the engine that rows from elsewhere come through
   */
  public ClickHouseSchema(
      StoreConvention clickHouse,
      ClickHouseEngine engine,
      String database,
      String name,
      RelDataTypeFactory typeFactory,
      StoreConvention local) {
    this.clickHouse = requireNonNull(clickHouse, "clickHouse");
    this.engine = requireNonNull(engine, "engine");
    this.database = requireNonNull(database, "database");
    this.name = requireNonNull(name, "name");
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
    this.local = requireNonNull(local, "local");
    this.samples = new DistinctSamples(engine.client());
  }

  /** The databases that the server's user can see, without ClickHouse's own. */
  public static List<String> databases(ClickHouseEngine engine) throws SQLException {
    return new ClickHouseCatalogReader(engine.client()).databases();
  }

  /** Makes a database if it is not there. */
  public static void create(ClickHouseEngine engine, String database) throws SQLException {
    engine
        .client()
        .execute(
            "CREATE DATABASE IF NOT EXISTS " + ClickHouseIdentifiers.quote(database),
            Map.of(),
            ClickHouseClient.newQueryId());
  }

  @Override
  protected synchronized Map<String, Table> getTableMap() {
    if (tables == null || System.nanoTime() - readAtNanos > KEPT.toNanos()) {
      try {
        tables = read();
        readAtNanos = System.nanoTime();
      } catch (SQLException e) {
        throw SqlFailure.unchecked(e);
      }
    }
    return tables;
  }

  /** Forgets what was read. */
  synchronized void changed() {
    tables = null;
  }

  private Map<String, Table> read() throws SQLException {
    Map<String, Table> found = new LinkedHashMap<>();
    for (ClickHouseCatalogReader.Table table :
        new ClickHouseCatalogReader(engine.client()).tables(database)) {
      List<StoreColumn> columns = new ArrayList<>();
      for (ClickHouseCatalogReader.Column column : table.columns()) {
        if (column.isReadable()) {
          columns.add(
              ClickHouseTypes.column(
                  column.name(), column.typeText(), !column.defaultKind().isEmpty(), typeFactory));
        }
      }
      found.put(table.name(), table(table, columns));
    }
    return found;
  }

  private ClickHouseTable table(ClickHouseCatalogReader.Table table, List<StoreColumn> columns) {
    return new ClickHouseTable(
        clickHouse,
        engine,
        new ClickHouseTable.Name(database, table.name()),
        name + "." + table.name(),
        columns,
        table.totalRows().isPresent() ? Math.max(1, table.totalRows().getAsLong()) : VIEW_ROWS,
        ClickHouseOrder.parse(table.partitionKey(), table.sortingKey(), columns),
        Optional.empty(),
        this::changed,
        local,
        // A view may take long to give its first rows.
        table.totalRows().isPresent() ? Optional.of(samples) : Optional.empty());
  }

  @Override
  public NewTable define(TableDefinition definition, String catalogName) throws SQLException {
    ClickHouseTableDdl ddl = new ClickHouseTableDdl(database, definition);
    List<StoreColumn> columns = new ArrayList<>();
    for (RelDataTypeField field : definition.columns().getFieldList()) {
      columns.add(
          ClickHouseTypes.column(
              field.getName(), ClickHouseTypes.toClickHouse(field.getType()), false, typeFactory));
    }
    return new ClickHouseTable(
        clickHouse,
        engine,
        new ClickHouseTable.Name(database, definition.name()),
        catalogName,
        columns,
        1,
        ClickHouseOrder.parse(ddl.partitionKey(), ddl.sortingKey(), columns),
        Optional.of(ddl.sql()),
        this::changed,
        local,
        Optional.empty());
  }

  @Override
  public StoreRelation nativeQuery(String sql, String call) throws SQLException {
    List<StoreColumn> columns =
        engine
            .client()
            .rows(
                "DESCRIBE (" + sql + "\n)",
                Map.of(),
                row -> ClickHouseTypes.column(row.text(0), row.text(1), false, typeFactory));
    return new StoreRelation(clickHouse, "(" + sql + "\n)", columns, VIEW_ROWS, call);
  }

  @Override
  public long nativeExecute(String sql, ArrowExecution execution) throws SQLException {
    try {
      return engine.executeIn(database, sql, execution);
    } finally {
      changed();
    }
  }

  @Override
  public boolean drop(String table) throws SQLException {
    changed();
    if (!getTableMap().containsKey(table)) {
      return false;
    }
    engine
        .client()
        .execute(
            "DROP TABLE " + ClickHouseIdentifiers.quote(database, table) + " SYNC",
            Map.of(),
            ClickHouseClient.newQueryId());
    changed();
    return true;
  }
}
