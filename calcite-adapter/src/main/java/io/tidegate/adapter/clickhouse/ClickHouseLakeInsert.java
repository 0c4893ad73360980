package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.InsertRel;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.PushDown;
import io.tidegate.adapter.store.SharedTarget;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreDialect;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Rows that ClickHouse computes, written by it into a Parquet file of the lake: one native
 * statement, for which no row comes here. Tidegate stages the run, verifies the file and publishes
 * it.
 *
 * @param store whose rows they are
 * @param location where it sees the lake
 */
public record ClickHouseLakeInsert(
    StoreConvention store, ClickHouseEngine engine, LakeLocation location, SharedTarget target)
    implements InsertTarget.Path {

  /** Writing a file costs here what it costs in DuckDB; where either could, DuckDB does. */
  private static final double BORDERS = 1.01;

  /** In which file the rows are is not known before the statement runs. */
  private static final String EXPLAINED_FILE = "... .parquet";

  public ClickHouseLakeInsert {
    requireNonNull(store, "store");
    requireNonNull(engine, "engine");
    requireNonNull(location, "location");
    requireNonNull(target, "target");
  }

  @Override
  public StoreConvention source() {
    return store;
  }

  @Override
  public boolean accepts(RelNode rows, List<String> columns) {
    Optional<String> refusal = target.ownFilesOnly().or(() -> nullsForNone(rows, columns));
    refusal.ifPresent(
        reason ->
            PushDown.refuse(rows, store, "INSERT INTO " + target.catalogName() + ", " + reason));
    return refusal.isEmpty();
  }

  /** A NULL that may not be is found by the other way. */
  private Optional<String> nullsForNone(RelNode rows, List<String> columns) {
    for (StoreColumn column : target.columns()) {
      if (!column.type().isNullable()) {
        for (int i = 0; i < columns.size(); i++) {
          if (columns.get(i).equalsIgnoreCase(column.name())
              && rows.getRowType().getFieldList().get(i).getType().isNullable()) {
            return Optional.of(
                "whose column '" + column.name() + "' is NOT NULL and is given what may be NULL");
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public RelNode shape(RelNode rows, List<String> columns) {
    InsertRows shaped = target.inOrder(rows, columns);
    for (StoreColumn column : target.columns()) {
      if (column.type().getSqlTypeName() == SqlTypeName.VARCHAR) {
        // A String holds any bytes. Looked at behind the order, which a table may have for nothing.
        shaped.refuseText(
            shaped.position(column.name()),
            column.storeType(),
            "NOT isValidUTF8(%s)",
            "a text in UTF-8");
      }
    }
    return shaped.shaped();
  }

  @Override
  public StatementRel.Update end(RelNode shaped, List<String> columns) {
    return new InsertRel(
        shaped.getCluster(), shaped, target.catalogName(), BORDERS, rows -> new Export(this, rows));
  }

  private String sql(boolean runs, String path, ArrowSource.EngineQuery rows) {
    StoreDialect dialect = store.dialect();
    String structure =
        target.columns().stream()
            .map(
                column ->
                    ClickHouseIdentifiers.quote(column.name())
                        + " "
                        + ClickHouseTypes.toClickHouse(column.type()))
            .collect(Collectors.joining(", "));
    return "INSERT INTO FUNCTION "
        + location.write(dialect, runs, path, structure)
        + " SETTINGS output_format_parquet_compression_method = "
        + dialect.string(target.codec())
        // As long as DuckDB's; filters leave out whole groups.
        + ", output_format_parquet_row_group_size = 122880"
        + ", output_format_parquet_string_as_string = 1 "
        + rows.sql();
  }

  private record Export(ClickHouseLakeInsert path, ArrowSource.EngineQuery rows)
      implements ArrowUpdate {
    @Override
    public long run(ArrowExecution execution) throws SQLException {
      return path.target.write(
          execution,
          Map.of("clickhouse", path.engine.client().serverVersion()),
          file -> path.engine.execute(path.sql(true, file, rows), execution));
    }

    @Override
    public String explain() {
      return "Lake: a run of "
          + path.target.catalogName()
          + ", written by ClickHouse\n"
          + ("ClickHouse: " + path.sql(false, EXPLAINED_FILE, rows)).indent(2);
    }
  }
}
