package io.tidegate.adapter.store;

import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/** A filter inside a store. */
public final class StoreFilter extends Filter implements StoreRel {
  StoreFilter(RelOptCluster cluster, RelTraitSet traits, RelNode input, RexNode condition) {
    super(cluster, traits, input, condition);
  }

  @Override
  public StoreFilter copy(RelTraitSet traitSet, RelNode input, RexNode condition) {
    return new StoreFilter(getCluster(), traitSet, input, condition);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    tellScan(printer);
    SelectBlock input = printer.block(getInput());
    SelectBlock open = printer.open(input);
    return open.where(printer.condition(getCondition(), open.columns()));
  }

  /** Lets a scan below leave out what cannot match, through the columns that were trimmed. */
  private void tellScan(SqlPrinter printer) {
    RexNode condition = getCondition();
    RelNode below = getInput();
    while (below instanceof StoreProject project && !project.containsOver()) {
      condition = RelOptUtil.pushPastProject(condition, project);
      below = project.getInput();
    }
    if (below instanceof StoreScan scan) {
      printer.tellFilterAbove(scan, condition);
    }
  }
}
