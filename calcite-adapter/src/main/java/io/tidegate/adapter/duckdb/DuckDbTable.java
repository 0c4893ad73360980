package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.InsertRel;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;

/** A table of a DuckDB file; it is only a definition until it is created. */
final class DuckDbTable extends StoreRelation implements NewTable {
  private final DuckDbEngine engine;
  private final String name;
  private final String catalogName;
  private final String createSql;

  /**
   * A table that is there, or one that is not yet.
   *
   * @param createSql what makes it, or null if it is there
   */
  DuckDbTable(
      StoreConvention duckDb,
      DuckDbEngine engine,
      String name,
      String catalogName,
      List<StoreColumn> columns,
      double rowCount,
      String createSql) {
    super(duckDb, name, columns, rowCount, null);
    this.engine = engine;
    this.name = name;
    this.catalogName = catalogName;
    this.createSql = createSql;
  }

  @Override
  public String catalogName() {
    return catalogName;
  }

  @Override
  public void create() throws SQLException {
    engine.execute(createSql);
  }

  @Override
  public List<InsertTarget.Path> paths() {
    return List.of(new InPlace());
  }

  /** DuckDB inserts what it computes. */
  private final class InPlace implements InsertTarget.Path {
    @Override
    public StoreConvention source() {
      return store();
    }

    @Override
    public RelNode shape(RelNode rows, List<String> columns) {
      InsertRows shaped = new InsertRows(rows, columns, catalogName);
      RelDataType table = getRowType(rows.getCluster().getTypeFactory());
      for (String column : columns) {
        shaped.column(column, table.getField(column, false, false).getType());
      }
      return shaped.shaped();
    }

    @Override
    public StatementRel.Update end(RelNode shaped, List<String> columns) {
      return new InsertRel(
          shaped.getCluster(),
          shaped,
          catalogName,
          0,
          rows -> new DuckDbInsert(engine, name, columns, rows, createSql));
    }
  }
}
