package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows into a table of a DuckDB file, in one transaction with the making of the table if it is new.
 *
 * @param createSql makes the table first, or null
 */
record DuckDbInsert(
    DuckDbEngine engine,
    String table,
    List<String> columns,
    ArrowSource.EngineQuery rows,
    String createSql)
    implements ArrowUpdate {

  @Override
  public long run(ArrowExecution execution) throws SQLException {
    try (DuckDbSession session = engine.session(execution.openInputs(rows), execution)) {
      session.update("BEGIN TRANSACTION");
      try {
        if (createSql != null) {
          session.update(createSql);
        }
        long count = session.update(insertSql());
        session.update("COMMIT");
        return count;
      } catch (SQLException | RuntimeException e) {
        session.rollback(e);
        throw e;
      }
    }
  }

  private String insertSql() {
    return "INSERT INTO "
        + table
        + columns.stream().map(DuckDbDialect::quote).collect(Collectors.joining(", ", " (", ") "))
        + rows.sql();
  }

  @Override
  public String explain() {
    return (createSql == null ? "" : "DuckDB: " + createSql + "\n")
        + new ArrowSource.EngineQuery(engine, insertSql(), rows.inputs()).explain();
  }
}
