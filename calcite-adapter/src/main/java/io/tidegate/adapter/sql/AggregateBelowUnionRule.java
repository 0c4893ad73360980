package io.tidegate.adapter.sql;

import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.rules.AggregateUnionTransposeRule;

/** Aggregates the branches of a union first; Calcite's rule with its result's types set right. */
final class AggregateBelowUnionRule extends AggregateUnionTransposeRule {
  static final RelOptRule INSTANCE =
      new AggregateBelowUnionRule(
          AggregateUnionTransposeRule.Config.DEFAULT
              .withOperandFor(LogicalAggregate.class, LogicalUnion.class)
              .withDescription("AggregateBelowUnionRule")
              .as(AggregateUnionTransposeRule.Config.class));

  private AggregateBelowUnionRule(AggregateUnionTransposeRule.Config config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    super.onMatch(new TypedRuleCall(call));
  }
}
