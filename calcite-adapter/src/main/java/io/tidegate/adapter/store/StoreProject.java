package io.tidegate.adapter.store;

import io.tidegate.adapter.store.SelectBlock.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;

/** Expressions, window functions included, inside a store. */
public final class StoreProject extends Project implements StoreRel {
  StoreProject(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      List<? extends RexNode> projects,
      RelDataType rowType) {
    super(cluster, traits, List.of(), input, projects, rowType, Set.of());
  }

  @Override
  public StoreProject copy(
      RelTraitSet traitSet, RelNode input, List<RexNode> projects, RelDataType rowType) {
    return new StoreProject(getCluster(), traitSet, input, projects, rowType);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock input = printer.block(getInput());
    // An ordered input is not wrapped: the order of a sub-query's rows is nobody's promise.
    boolean picksColumns = getProjects().stream().allMatch(RexInputRef.class::isInstance);
    boolean fits =
        picksColumns
            || input.isOpen()
            || (input.isOrderedOrLimited()
                && !input.isGrouped()
                && !input.hasWindows()
                && getProjects().stream().noneMatch(RexOver::containsOver));
    SelectBlock block = fits ? input : printer.wrap(input);
    List<Column> columns = new ArrayList<>();
    for (RexNode project : getProjects()) {
      columns.add(printer.column(project, block.columns()));
    }
    return block.withColumns(columns, getRowType().getFieldNames());
  }
}
