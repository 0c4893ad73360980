package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/** What a recursive query reads of itself: the rows of the step before. */
public final class StoreTransientScan extends TableScan implements StoreRel {
  StoreTransientScan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table) {
    super(cluster, traits, List.of(), table);
  }

  static String nameOf(RelOptTable table) {
    return String.join(".", table.getQualifiedName());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    return printer.scan(
        printer.stepBefore(nameOf(getTable())),
        getRowType().getFieldList().stream()
            .map(field -> printer.dialect().identifier("c" + field.getIndex()))
            .toList(),
        getRowType().getFieldNames());
  }
}
