package io.tidegate.adapter.store;

import org.apache.calcite.rel.RelNode;

/** A relational expression that a store runs as part of its SQL. */
public interface StoreRel extends RelNode {

  /** Prints this expression and its inputs as a SELECT. */
  SelectBlock block(SqlPrinter printer);
}
