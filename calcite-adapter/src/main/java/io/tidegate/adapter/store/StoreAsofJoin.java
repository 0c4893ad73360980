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
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/**
 * An ASOF join inside a store: beside each left row the one right row with equal keys that is
 * nearest by the match condition.
 */
public final class StoreAsofJoin extends AsofJoin implements StoreRel {
  StoreAsofJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      RexNode matchCondition,
      JoinRelType joinType) {
    super(cluster, traits, List.of(), left, right, condition, matchCondition, Set.of(), joinType);
  }

  @Override
  public StoreAsofJoin copy(
      RelTraitSet traitSet,
      RexNode condition,
      RelNode left,
      RelNode right,
      JoinRelType joinType,
      boolean semiJoinDone) {
    return new StoreAsofJoin(
        getCluster(), traitSet, left, right, condition, getMatchCondition(), joinType);
  }

  @Override
  public StoreAsofJoin copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return copy(traitSet, getCondition(), inputs.get(0), inputs.get(1), joinType, false);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, 2);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock left = StoreJoin.bare(printer, printer.block(getLeft()));
    SelectBlock right = printer.wrap(printer.block(getRight()));
    List<Column> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    List<String> names = new ArrayList<>(left.names());
    names.addAll(right.names());
    String match = printer.expression(getMatchCondition(), columns);
    String condition =
        getCondition().isAlwaysTrue()
            ? match
            : printer.expression(getCondition(), columns) + " AND " + match;
    return SelectBlock.from(
        left.fromItem()
            + " "
            + printer.dialect().pushDown().relation(this).spelling()
            + " "
            + right.fromItem()
            + " ON "
            + condition,
        columns,
        names);
  }
}
