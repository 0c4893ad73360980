package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/**
 * {@code WITH RECURSIVE} inside a store: rows of the seed, and of a step over the rows of the step
 * before, until it gives none.
 */
public final class StoreRepeatUnion extends RepeatUnion implements StoreRel {
  StoreRepeatUnion(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode seed,
      RelNode iterative,
      boolean all,
      int iterationLimit,
      RelOptTable transientTable) {
    super(cluster, traits, seed, iterative, all, iterationLimit, transientTable);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new StoreRepeatUnion(
        getCluster(), traitSet, inputs.get(0), inputs.get(1), all, iterationLimit, transientTable);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, 10);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    StoreDialect dialect = printer.dialect();
    List<String> columns =
        getRowType().getFieldList().stream()
            .map(field -> dialect.identifier("c" + field.getIndex()))
            .toList();
    String name = dialect.identifier(printer.alias());
    String seed = printer.carried(printer.block(getSeedRel()), getRowType()).toSql(dialect);
    SqlPrinter.Step step =
        printer.step(
            StoreTransientScan.nameOf(transientTable),
            name,
            () -> printer.carried(printer.block(getIterativeRel()), getRowType()));
    String sql =
        "(WITH RECURSIVE "
            + step.materialized()
            + name
            + "("
            + String.join(", ", columns)
            + ") AS (("
            + seed
            + ") UNION "
            + (all ? "ALL " : "")
            + "("
            + step.block().toSql(dialect)
            + ")) SELECT * FROM "
            + name
            + ")";
    return printer.scan(sql, columns, getRowType().getFieldNames());
  }
}
