package io.tidegate.adapter.store;

import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/** ORDER BY, OFFSET and FETCH inside a store. */
public final class StoreSort extends Sort implements StoreRel {
  /** Longest text of a sort key that is repeated in ORDER BY instead of being wrapped. */
  private static final int REPEATED_CHARACTERS = 80;

  StoreSort(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      RelCollation collation,
      RexNode offset,
      RexNode fetch) {
    super(cluster, traits, input, collation, offset, fetch);
  }

  @Override
  public StoreSort copy(
      RelTraitSet traitSet,
      RelNode newInput,
      RelCollation newCollation,
      RexNode newOffset,
      RexNode newFetch) {
    return new StoreSort(getCluster(), traitSet, newInput, newCollation, newOffset, newFetch);
  }

  @Override
  public boolean isEnforcer() {
    return false;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double factor = collation.equals(RelCollations.EMPTY) || followsKey() ? 1 : 3;
    return StoreCost.inside(this, planner, mq, factor);
  }

  /** Whether the first key is the one by which the table is stored. */
  private boolean followsKey() {
    RelFieldCollation first = getCollation().getFieldCollations().get(0);
    return !first.getDirection().isDescending()
        && KeyOrder.isBy(getInput(), List.of(first.getFieldIndex()));
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    if (printer.isLeftOut(this)) {
      return printer.block(getInput());
    }
    Optional<OrderWish> wish = printer.mayLeaveOut(this) ? OrderWish.of(this) : Optional.empty();
    wish.ifPresent(printer::wish);
    SelectBlock block = printer.block(getInput());
    if (wish.isPresent() && wish.get().isMet()) {
      return block;
    }
    SelectBlock input = block;
    if (block.isOrderedOrLimited()
        || block.hasWindows()
        || getCollation().getFieldCollations().stream()
            .anyMatch(key -> !mayRepeat(input.columns().get(key.getFieldIndex())))) {
      block = printer.wrap(block);
    }
    return block.withOrderBy(orderBy(printer, block.columns()), limit(printer));
  }

  /** ORDER BY 1 means the first column, and a long text would be computed twice. */
  private static boolean mayRepeat(Column column) {
    return column.kind() != Kind.CONSTANT && column.sql().length() <= REPEATED_CHARACTERS;
  }

  private String orderBy(SqlPrinter printer, List<Column> columns) {
    List<String> items = new ArrayList<>();
    for (RelFieldCollation key : getCollation().getFieldCollations()) {
      items.add(item(printer.dialect(), key, columns, getRowType()));
    }
    return items.isEmpty() ? null : String.join(", ", items);
  }

  /** One ORDER BY item over printed columns: NULL is the greatest value unless it says else. */
  static String item(
      StoreDialect dialect, RelFieldCollation key, List<Column> columns, RelDataType rowType) {
    boolean descending = key.getDirection().isDescending();
    boolean nullsFirst =
        switch (key.nullDirection) {
          case FIRST -> true;
          case LAST -> false;
          case UNSPECIFIED -> descending;
        };
    int column = key.getFieldIndex();
    RelDataType type = rowType.getFieldList().get(column).getType();
    return dialect.orderItem(columns.get(column).sql(), type, descending, nullsFirst);
  }

  private String limit(SqlPrinter printer) {
    List<String> parts = new ArrayList<>();
    if (fetch != null) {
      parts.add("LIMIT " + printer.expression(fetch, List.of()));
    }
    if (offset != null) {
      parts.add("OFFSET " + printer.expression(offset, List.of()));
    }
    return parts.isEmpty() ? null : String.join(" ", parts);
  }
}
