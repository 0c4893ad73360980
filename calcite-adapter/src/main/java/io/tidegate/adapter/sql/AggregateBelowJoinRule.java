package io.tidegate.adapter.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptSchema;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.rules.AggregateJoinTransposeRule;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;

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
              .withRelBuilderFactory(CastingBuilder::new)
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
      super.onMatch(new TypedRuleCall(call));
    }
  }

  /** Where Calcite takes the only count of a group for the sum of it, the count is cast. */
  private static final class CastingBuilder extends RelBuilder {
    CastingBuilder(RelOptCluster cluster, RelOptSchema schema) {
      super(Contexts.empty(), cluster, schema);
    }

    @Override
    public RelBuilder project(
        Iterable<? extends RexNode> nodes,
        Iterable<? extends String> names,
        boolean force,
        Iterable<CorrelationId> variables) {
      List<RexNode> typed = new ArrayList<>();
      for (RexNode node : nodes) {
        typed.add(
            node instanceof RexInputRef ref
                ? getRexBuilder().ensureType(ref.getType(), field(ref.getIndex()), true)
                : node);
      }
      return super.project(typed, names, force, variables);
    }
  }
}
