package io.tidegate.adapter.sql;

import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.core.TableSpool;

/** Drops the spools of a recursive query: the engine keeps the rows of a step itself. */
final class SpoolRemoveRule extends RelOptRule {
  static final RelOptRule INSTANCE = new SpoolRemoveRule();

  private SpoolRemoveRule() {
    super(operand(TableSpool.class, any()), "SpoolRemoveRule");
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    TableSpool spool = call.rel(0);
    call.transformTo(spool.getInput());
  }
}
