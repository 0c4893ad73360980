package io.tidegate.adapter.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;

/** A table that rows can be inserted into. */
public interface InsertTarget {

  /** The table's name with its schema, as messages show it. */
  String catalogName();

  /** All columns in table order; an INSERT gives them all or leaves out what has a default. */
  RelDataType getRowType(RelDataTypeFactory typeFactory);

  /**
   * This target, written to as {@code INSERT ... WITH (key = literal, ...)} says.
   *
   * @param options values by key, in lower case
   * @throws SQLException naming the option that this target does not have
   */
  default InsertTarget with(Map<String, String> options) throws SQLException {
    if (options.isEmpty()) {
      return this;
    }
    throw new SQLException(
        "INSERT INTO "
            + catalogName()
            + ": unknown option '"
            + options.keySet().iterator().next()
            + "' (known: none; run_id and target_file_mb are the lake's)",
        "42000");
  }

  /** One way to insert: where the rows come from and what carries them over. */
  interface Path {
    /** The convention that the rows are computed in. */
    StoreConvention source();

    /** Whether rows of these types can go this way. */
    default boolean accepts(RelNode rows, List<String> columns) {
      return true;
    }

    /**
     * Shapes the rows before they are planned: order, checks, derived columns.
     *
     * @param rows a logical plan whose columns are the named ones, with the table's types
     */
    RelNode shape(RelNode rows, List<String> columns);

    /** The end of the plan. */
    StatementRel.Update end(RelNode shaped, List<String> columns);
  }

  /** The ways to insert, any of which may be chosen by cost. */
  List<Path> paths();
}
