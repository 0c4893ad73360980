package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.sql.SQLException;
import org.apache.calcite.schema.Schema;

/** A schema in which tables can be made and dropped. */
public interface StoreSchema extends Schema {

  /**
   * Takes a definition, and refuses what the store cannot keep.
   *
   * @param catalogName the table's name with its schema, for messages
   */
  NewTable define(TableDefinition definition, String catalogName) throws SQLException;

  /**
   * A query in the store's own SQL as a relation; refused where the store has no SQL of its own.
   *
   * @param call how the statement names it, for EXPLAIN
   */
  StoreRelation nativeQuery(String sql, String call) throws SQLException;

  /**
   * Runs one statement of the store's own SQL that gives no rows; names without a schema are of
   * this one. Refused where the store has no SQL of its own.
   *
   * @return the rows that it wrote, where the store says so, else 0
   */
  long nativeExecute(String sql, ArrowExecution execution) throws SQLException;

  /**
   * Drops a table.
   *
   * @return false if there was none
   */
  boolean drop(String table) throws SQLException;
}
