package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rex.RexInputRef;

/**
 * Keeps the rows whose columns are among the keys that the statement sends to the store. It is no
 * part of a search: {@link KeyedArrowInput} puts it into a finished plan.
 */
final class StoreKeyFilter extends SingleRel implements StoreRel {
  private final List<Integer> columns;

  private StoreKeyFilter(RelNode input, List<Integer> columns) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.columns = List.copyOf(columns);
  }

  /** The same rows without those of other keys, left out as early as possible. */
  static RelNode below(RelNode rel, List<Integer> columns) {
    if (rel instanceof StoreFilter) {
      return withInput(rel, 0, below(rel.getInput(0), columns));
    }
    if (rel instanceof StoreProject project && !project.containsOver()) {
      List<Integer> inputs = new ArrayList<>();
      for (int column : columns) {
        if (!(project.getProjects().get(column) instanceof RexInputRef ref)) {
          return new StoreKeyFilter(rel, columns);
        }
        inputs.add(ref.getIndex());
      }
      return withInput(rel, 0, below(project.getInput(), inputs));
    }
    if (rel instanceof StoreAggregate aggregate
        && aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && columns.stream().allMatch(column -> column < aggregate.getGroupCount())) {
      List<Integer> inputs =
          columns.stream().map(column -> aggregate.getGroupSet().nth(column)).toList();
      return withInput(rel, 0, below(aggregate.getInput(), inputs));
    }
    if (rel instanceof StoreJoin join) {
      int left = join.getLeft().getRowType().getFieldCount();
      if (!join.getJoinType().generatesNullsOnLeft()
          && columns.stream().allMatch(column -> column < left)) {
        return withInput(rel, 0, below(join.getLeft(), columns));
      }
      if (!join.getJoinType().generatesNullsOnRight()
          && columns.stream().allMatch(column -> column >= left)) {
        List<Integer> inputs = columns.stream().map(column -> column - left).toList();
        return withInput(rel, 1, below(join.getRight(), inputs));
      }
    }
    return new StoreKeyFilter(rel, columns);
  }

  private static RelNode withInput(RelNode rel, int ordinal, RelNode input) {
    List<RelNode> inputs = new ArrayList<>(rel.getInputs());
    inputs.set(ordinal, input);
    return rel.copy(rel.getTraitSet(), inputs);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new StoreKeyFilter(sole(inputs), columns);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock open = printer.open(printer.block(getInput()));
    String key =
        columns.stream()
            .map(column -> open.columns().get(column).sql())
            .collect(Collectors.joining(", ", "(", ")"));
    return open.where(
        key
            + " IN (SELECT * FROM "
            + printer.dialect().identifier(ArrowSource.KeyedQuery.KEYS)
            + ")");
  }
}
