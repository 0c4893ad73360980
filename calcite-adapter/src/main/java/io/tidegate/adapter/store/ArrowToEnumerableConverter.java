package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowSource;
import java.util.List;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterImpl;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/** The end of a query: a store's answer leaves as Arrow and is given to the client row by row. */
public final class ArrowToEnumerableConverter extends ConverterImpl implements StatementRel {
  private ArrowToEnumerableConverter(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
    super(cluster, ConventionTraitDef.INSTANCE, traits, input);
  }

  public static RelOptRule rule(StoreConvention from) {
    return ConverterRule.Config.INSTANCE
        .withConversion(RelNode.class, from, StatementRel.CONVENTION, "ArrowToEnumerableConverter")
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    return new ArrowToEnumerableConverter(
                        rel.getCluster(), rel.getTraitSet().replace(StatementRel.CONVENTION), rel);
                  }
                })
        .toRule();
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new ArrowToEnumerableConverter(getCluster(), traitSet, sole(inputs));
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.border(this, planner, mq);
  }

  public ArrowSource source(StatementContext statement) {
    return SqlPrinter.query(getInput(), statement);
  }
}
