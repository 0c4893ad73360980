package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.StoreSchema;
import java.sql.SQLException;

/**
 * {@code CALL native_execute(schema => 'market_data', sql => '...')}: one statement that only the
 * engine's own SQL can say, such as CREATE MATERIALIZED VIEW or DELETE.
 *
 * @param call what EXPLAIN shows
 */
record NativeExecute(StoreSchema schema, String sql, String call) implements ArrowUpdate {
  static final String NAME = "native_execute";

  static ArrowUpdate of(ProcedureCall call, NestedStatements statements) {
    call.refuseOthersThan("schema", "sql");
    String schema = call.text("schema");
    String sql = call.text("sql");
    return new NativeExecute(statements.schema(schema), sql, schema + ": " + sql);
  }

  @Override
  public long run(ArrowExecution execution) throws SQLException {
    return schema.nativeExecute(sql, execution);
  }

  @Override
  public String explain() {
    return call;
  }
}
