package io.tidegate.adapter.sql;

import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;

/**
 * A sub-query in the condition of an inner join becomes one in a filter above it. Calcite's own
 * rule for join conditions puts the columns of correlated sub-queries in the wrong places.
 */
final class JoinSubQueryRule extends RelOptRule {
  static final RelOptRule INSTANCE = new JoinSubQueryRule();

  private JoinSubQueryRule() {
    super(operand(LogicalJoin.class, any()), "JoinSubQueryRule");
  }

  @Override
  public boolean matches(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    return RexUtil.SubQueryFinder.find(join.getCondition()) != null;
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    if (join.getJoinType() == JoinRelType.INNER) {
      RexNode always = join.getCluster().getRexBuilder().makeLiteral(true);
      LogicalJoin product =
          (LogicalJoin)
              join.copy(
                  join.getTraitSet(),
                  always,
                  join.getLeft(),
                  join.getRight(),
                  JoinRelType.INNER,
                  join.isSemiJoinDone());
      call.transformTo(
          LogicalFilter.create(
              product,
              join.getCondition(),
              com.google.common.collect.ImmutableSet.copyOf(join.getVariablesSet())));
    } else if (isCorrelated(join)) {
      throw PlanErrors.unsupported(
          "A "
              + join.getJoinType()
              + " JOIN whose ON has a sub-query with columns of the joined tables is not supported");
    }
  }

  private static boolean isCorrelated(LogicalJoin join) {
    boolean[] correlated = new boolean[1];
    join.getCondition()
        .accept(
            new RexVisitorImpl<Void>(true) {
              @Override
              public Void visitSubQuery(RexSubQuery subQuery) {
                for (CorrelationId id : join.getVariablesSet()) {
                  correlated[0] |=
                      org.apache.calcite.plan.RelOptUtil.getVariablesUsed(subQuery.rel)
                          .contains(id);
                }
                return super.visitSubQuery(subQuery);
              }
            });
    return correlated[0];
  }
}
