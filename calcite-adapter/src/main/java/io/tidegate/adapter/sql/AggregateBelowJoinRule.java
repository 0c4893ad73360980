package io.tidegate.adapter.sql;

import java.util.Map;
import org.apache.calcite.plan.RelHintsPropagator;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.rules.AggregateJoinTransposeRule;
import org.apache.calcite.rel.type.RelDataType;

/**
 * Aggregates below a join first, so that a store sends groups and not rows.
 *
 * <p>This is Calcite's rule with its result's types set right: a COUNT becomes a sum of counts,
 * whose type the rule's builder derives anew, and a sum of BIGINT is no BIGINT here.
 */
final class AggregateBelowJoinRule extends AggregateJoinTransposeRule {
  static final RelOptRule INSTANCE =
      new AggregateBelowJoinRule(
          AggregateJoinTransposeRule.Config.DEFAULT
              .withOperandFor(LogicalAggregate.class, LogicalJoin.class, true)
              .withDescription("AggregateBelowJoinRule")
              .as(AggregateJoinTransposeRule.Config.class));

  private AggregateBelowJoinRule(AggregateJoinTransposeRule.Config config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(1);
    // Calcite would count a semi join's matches.
    if (join.getJoinType().projectsRight()) {
      super.onMatch(new Typed(call));
    }
  }

  /** A match whose result gets the types of what it replaces. */
  private static final class Typed extends RelOptRuleCall {
    private final RelOptRuleCall call;

    Typed(RelOptRuleCall call) {
      super(
          call.getPlanner(),
          call.getOperand0(),
          call.getRelList().toArray(RelNode[]::new),
          Map.of(),
          call.getParents());
      this.call = call;
    }

    @Override
    public void transformTo(RelNode rel, Map<RelNode, RelNode> equiv, RelHintsPropagator hints) {
      RelDataType wanted = rel(0).getRowType();
      call.transformTo(RelOptUtil.createCastRel(rel, wanted, true), equiv, hints);
    }
  }
}
