package io.tidegate.adapter.store;

import org.apache.calcite.rex.RexNode;

/** A relation as its store's SQL names it. */
@FunctionalInterface
public interface StoreTable {

  /**
   * Prints the relation with all its columns.
   *
   * @param condition a filter that will be applied to the rows anyway and may be used to read less;
   *     its input references are the table's columns. Null if there is none.
   */
  SelectBlock block(SqlPrinter printer, RexNode condition);
}
