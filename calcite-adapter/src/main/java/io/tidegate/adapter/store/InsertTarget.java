package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;

/** A table that rows can be inserted into. */
public interface InsertTarget {

  /** The table's name with its schema, as messages show it. */
  String catalogName();

  /** All columns in table order; an INSERT gives them all or leaves out what has a default. */
  RelDataType getRowType(RelDataTypeFactory typeFactory);

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
