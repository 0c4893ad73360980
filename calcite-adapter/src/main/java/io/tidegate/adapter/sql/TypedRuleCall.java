package io.tidegate.adapter.sql;

import java.util.Map;
import org.apache.calcite.plan.RelHintsPropagator;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;

/**
 * A match whose result gets the types of what it replaces: rules that split an aggregate derive
 * them anew, and a sum of BIGINT is no BIGINT here.
 */
final class TypedRuleCall extends RelOptRuleCall {
  private final RelOptRuleCall call;

  TypedRuleCall(RelOptRuleCall call) {
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
    call.transformTo(RelOptUtil.createCastRel(rel, rel(0).getRowType(), true), equiv, hints);
  }
}
