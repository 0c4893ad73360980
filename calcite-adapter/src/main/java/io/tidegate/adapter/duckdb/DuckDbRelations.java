package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataTypeFactory;

/**
 * Relations that DuckDB can read without their being tables: files outside the lake, native SQL.
 */
public final class DuckDbRelations {
  private static final double UNKNOWN_ROWS = 100_000;

  private final StoreConvention duckDb;
  private final DuckDbEngine engine;
  private final RelDataTypeFactory typeFactory;

  public DuckDbRelations(
      StoreConvention duckDb, DuckDbEngine engine, RelDataTypeFactory typeFactory) {
    this.duckDb = requireNonNull(duckDb, "duckDb");
    this.engine = requireNonNull(engine, "engine");
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
  }

  /** Parquet files by path or glob. */
  public StoreRelation parquet(String path, String call) throws SQLException {
    return relation("read_parquet(" + duckDb.dialect().string(path) + ")", call);
  }

  /** CSV files by path or glob; delimiter, header and types are found by looking. */
  public StoreRelation csv(String path, String call) throws SQLException {
    return relation(
        // An empty text in quotes is an empty text; NULL is nothing at all.
        "read_csv(" + duckDb.dialect().string(path) + ", allow_quoted_nulls = false)", call);
  }

  /**
   * One-minute candles in Parquet files, in one shape whatever the files leave out, each with the
   * reason why it cannot be one.
   *
   * @param paths files, globs, or directories, of which all {@code *.parquet} files are read
   */
  public StoreRelation candles(List<String> paths, String call) throws SQLException {
    CandleFiles files = CandleFiles.of(paths, duckDb.dialect()::string);
    return relation("(" + files.query(engine) + ")", call);
  }

  /** A file of alerts; see {@link AlertFile}. */
  public StoreRelation alerts(String path, String call) throws SQLException {
    DuckDbDialect dialect = new DuckDbDialect();
    Map<String, String> columns = new LinkedHashMap<>();
    engine.rows(
        "DESCRIBE SELECT * FROM " + AlertFile.scan(path, dialect),
        row -> columns.put(row.getString(1), row.getString(2)));
    return relation(new AlertFile(path, dialect, columns).query(), call);
  }

  /** A query in DuckDB's own SQL. */
  public StoreRelation query(String sql, String call) throws SQLException {
    return relation("(" + sql + "\n)", call);
  }

  private StoreRelation relation(String from, String call) throws SQLException {
    List<StoreColumn> columns =
        engine.rows(
            "DESCRIBE SELECT * FROM " + from,
            row -> DuckDbTypes.column(row.getString(1), row.getString(2), true, typeFactory));
    return new StoreRelation(duckDb, from, columns, UNKNOWN_ROWS, call);
  }
}
