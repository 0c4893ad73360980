package io.tidegate.adapter.store;

import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.util.ImmutableBitSet;

/** A sub-query that is run for each row of its left side: what decorrelation left over. */
public final class StoreCorrelate extends Correlate implements StoreRel {
  StoreCorrelate(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      CorrelationId correlationId,
      ImmutableBitSet requiredColumns,
      JoinRelType joinType) {
    super(cluster, traits, List.of(), left, right, correlationId, requiredColumns, joinType);
  }

  @Override
  public StoreCorrelate copy(
      RelTraitSet traitSet,
      RelNode left,
      RelNode right,
      CorrelationId correlationId,
      ImmutableBitSet requiredColumns,
      JoinRelType joinType) {
    return new StoreCorrelate(
        getCluster(), traitSet, left, right, correlationId, requiredColumns, joinType);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, 10);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    if (joinType != JoinRelType.INNER && joinType != JoinRelType.LEFT) {
      throw new NotSupported("correlated " + joinType + " join");
    }
    SelectBlock left = printer.block(getLeft());
    left = left.isBareFrom() ? left : printer.wrap(left);
    printer.correlate(getCorrelationId(), left.columns());
    String alias = printer.dialect().identifier(printer.alias());
    SelectBlock right = printer.block(getRight());
    String from =
        left.fromItem()
            + (joinType == JoinRelType.LEFT ? " LEFT JOIN LATERAL (" : " INNER JOIN LATERAL (")
            + right.toSql(printer.dialect())
            + ") AS "
            + alias
            + " ON TRUE";
    List<Column> columns = new ArrayList<>(left.columns());
    for (int i = 0; i < right.names().size(); i++) {
      String name = printer.dialect().identifier(right.names().get(i));
      columns.add(new Column(alias + "." + name, Kind.REFERENCE, right.columns().get(i).exact()));
    }
    List<String> names = new ArrayList<>(left.names());
    names.addAll(right.names());
    return SelectBlock.from(from, columns, names);
  }
}
