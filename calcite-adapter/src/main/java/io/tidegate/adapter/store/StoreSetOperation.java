package io.tidegate.adapter.store;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.sql.SqlKind;

/** UNION, INTERSECT and EXCEPT inside a store, distinct or ALL. */
public final class StoreSetOperation extends SetOp implements StoreRel {
  StoreSetOperation(
      RelOptCluster cluster, RelTraitSet traits, List<RelNode> inputs, SqlKind kind, boolean all) {
    super(cluster, traits, List.of(), inputs, kind, all);
  }

  @Override
  public StoreSetOperation copy(RelTraitSet traitSet, List<RelNode> inputs, boolean all) {
    return new StoreSetOperation(getCluster(), traitSet, inputs, kind, all);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double rows = 0;
    for (RelNode input : inputs) {
      rows = kind == SqlKind.UNION ? rows + mq.getRowCount(input) : mq.getRowCount(input) / 2;
    }
    return rows;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    // Each branch leaves with the set operation's types, or the engines would pick their own.
    List<SelectBlock> branches =
        inputs.stream().map(input -> printer.carried(printer.block(input), getRowType())).toList();
    String union =
        branches.stream()
            .map(branch -> "(" + branch.toSql(printer.dialect()) + ")")
            .collect(Collectors.joining(" " + word(printer) + " ", "(", ")"));
    List<String> names = branches.get(0).names();
    return printer.scan(union, names.stream().map(printer.dialect()::identifier).toList(), names);
  }

  private String word(SqlPrinter printer) {
    return printer.dialect().pushDown().relation(this).spelling();
  }
}
