package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A table or view of ClickHouse; only a definition until it is created. */
final class ClickHouseTable extends StoreRelation implements NewTable {
  /** Where a table is. */
  record Name(String database, String table) {
    String quoted() {
      return ClickHouseIdentifiers.quote(database, table);
    }
  }

  /** Whatever is done with so few rows, it is done soon. */
  private static final double FEW_ROWS = 10_000;

  private final ClickHouseEngine engine;
  private final Name name;
  private final String catalogName;
  private final ClickHouseOrder order;
  private final Optional<String> createSql;
  private final Runnable changed;
  private final StoreConvention local;
  private final Optional<DistinctSamples> samples;

  /**
   * A table that is there, or one that is not yet.
   *
   * @param createSql what makes it, or empty if it is there
   * @param changed told when it is made
   * @param local the engine that rows from elsewhere come through
   * @param samples what is known of its columns; empty if its rows are not counted either
   */
  ClickHouseTable(
      StoreConvention clickHouse,
      ClickHouseEngine engine,
      Name name,
      String catalogName,
      List<StoreColumn> columns,
      double rowCount,
      ClickHouseOrder order,
      Optional<String> createSql,
      Runnable changed,
      StoreConvention local,
      Optional<DistinctSamples> samples) {
    super(clickHouse, name.quoted(), columns, rowCount, null);
    this.engine = engine;
    this.name = name;
    this.catalogName = catalogName;
    this.order = order;
    this.createSql = createSql;
    this.changed = changed;
    this.local = local;
    this.samples = samples;
  }

  @Override
  public String catalogName() {
    return catalogName;
  }

  StoreColumn column(String columnName) {
    return columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(columnName))
        .findFirst()
        .orElseThrow();
  }

  Name name() {
    return name;
  }

  String quotedName() {
    return name.quoted();
  }

  ClickHouseEngine engine() {
    return engine;
  }

  ClickHouseOrder order() {
    return order;
  }

  /** Found by looking at some rows, once for a while. */
  @Override
  protected OptionalDouble distinctValues(int column) {
    if (samples.isEmpty() || rowCount() < FEW_ROWS) {
      return OptionalDouble.empty();
    }
    String columnName = columns().get(column).name();
    boolean leadsKey =
        !order.sortColumns().isEmpty() && order.sortColumns().get(0).equals(columnName);
    return samples.get().distinct(quotedName(), columnName, rowCount(), leadsKey);
  }

  @Override
  public List<String> keyOrder() {
    return order.sortColumns();
  }

  boolean isNew() {
    return createSql.isPresent();
  }

  String createSql() {
    return createSql.orElseThrow();
  }

  @Override
  public void create() throws SQLException {
    engine.client().execute(createSql(), Map.of(), ClickHouseClient.newQueryId());
    changed.run();
  }

  /** Tells the schema that its idea of the row count is old. */
  void rowsChanged() {
    changed.run();
  }

  /** Undoes {@link #create} after the first insert failed. */
  void undoCreate() throws SQLException {
    engine
        .client()
        .execute(
            "DROP TABLE IF EXISTS " + name.quoted() + " SYNC",
            Map.of(),
            ClickHouseClient.newQueryId());
    changed.run();
  }

  @Override
  public List<InsertTarget.Path> paths() {
    return ClickHouseInsertPaths.of(this, local);
  }
}
