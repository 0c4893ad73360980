package io.tidegate.adapter.store;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.AggregateCall;
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

  /**
   * Prints the relation, if possible so that its rows come in the order wished for.
   *
   * @param wish told when it is met; null if there is none
   */
  default SelectBlock block(SqlPrinter printer, RexNode condition, OrderWish wish) {
    return block(printer, condition);
  }

  /**
   * Prints what aggregates over all rows that meet a condition give, if the store knows it without
   * reading rows: one row of constants.
   *
   * @param condition as in {@link #block}, but nothing else filters the rows
   * @param calls aggregates whose arguments are the table's columns
   */
  default Optional<SelectBlock> aggregate(
      SqlPrinter printer, RexNode condition, List<AggregateCall> calls) {
    return Optional.empty();
  }

  /**
   * The columns by which the rows are stored, so that giving them in this order costs little; empty
   * if there are none. A matter of speed only: the sort stays, unless an {@link OrderWish} is met.
   */
  default List<String> keyOrder() {
    return List.of();
  }
}
