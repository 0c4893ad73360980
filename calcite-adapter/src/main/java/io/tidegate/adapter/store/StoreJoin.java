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
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/** A join inside a store. */
public final class StoreJoin extends Join implements StoreRel {
  StoreJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode condition,
      JoinRelType joinType) {
    super(cluster, traits, List.of(), left, right, condition, Set.of(), joinType);
  }

  @Override
  public StoreJoin copy(
      RelTraitSet traitSet,
      RexNode condition,
      RelNode left,
      RelNode right,
      JoinRelType joinType,
      boolean semiJoinDone) {
    return new StoreJoin(getCluster(), traitSet, left, right, condition, joinType);
  }

  /**
   * Each value of a key meets its share of the other side's rows, if it is known how many different
   * values there are.
   */
  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    JoinInfo keys = analyzeCondition();
    Double left = mq.getDistinctRowCount(getLeft(), keys.leftSet(), null);
    Double right = mq.getDistinctRowCount(getRight(), keys.rightSet(), null);
    if (keys.leftKeys.isEmpty() || left == null && right == null) {
      return super.estimateRowCount(mq);
    }
    double most = Math.max(1, Math.max(left == null ? 1 : left, right == null ? 1 : right));
    double rows = mq.getRowCount(getLeft()) * mq.getRowCount(getRight()) / most;
    return switch (joinType) {
      case INNER -> Math.max(1, rows);
      case LEFT -> Math.max(rows, mq.getRowCount(getLeft()));
      case RIGHT -> Math.max(rows, mq.getRowCount(getRight()));
      default -> super.estimateRowCount(mq);
    };
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, 2);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock left = bare(printer, printer.joined(getLeft()));
    SelectBlock right = bare(printer, printer.joined(getRight()));
    if (right.fromItem().contains(" JOIN ")) {
      right = printer.wrap(right);
    }
    List<Column> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    List<String> names = new ArrayList<>(left.names());
    names.addAll(right.names());
    String words = printer.dialect().pushDown().relation(this).spelling();
    String condition =
        getCondition().isAlwaysTrue() && joinType == JoinRelType.INNER
            ? null
            : printer.expression(getCondition(), columns);
    String from =
        condition == null
            ? left.fromItem() + " CROSS JOIN " + right.fromItem()
            : left.fromItem() + " " + words + " " + right.fromItem() + " ON " + condition;
    return joinType.projectsRight()
        ? SelectBlock.from(from, columns, names)
        : SelectBlock.from(from, left.columns(), left.names());
  }

  /** A block that can stand in a FROM clause as it is. */
  static SelectBlock bare(SqlPrinter printer, SelectBlock block) {
    return block.isBareFrom() ? block : printer.wrap(block);
  }
}
