package io.tidegate.adapter.store;

import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
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
    SelectBlock input =
        getInput() instanceof StoreScan scan
            ? scan.block(printer, getCondition())
            : printer.block(getInput());
    SelectBlock open = printer.open(input);
    return open.where(printer.expression(getCondition(), open.columns()));
  }
}
