package io.tidegate.adapter.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.hep.HepRelVertex;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * Applies a limit to the inputs of what it limits too, so that no input sends more rows than can be
 * in the answer: to the branches of a UNION ALL, and to the side of an outer join of which every
 * row is in the result.
 *
 * <p>Calcite's rules for this need collations as a planner's trait, which Tidegate has not.
 */
final class LimitBelowRule extends RelOptRule {

  private LimitBelowRule() {
    super(operand(LogicalSort.class, any()), "LimitBelowRule");
  }

  static List<RelOptRule> rules() {
    return List.of(new LimitBelowRule());
  }

  @Override
  public boolean matches(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    return sort.fetch instanceof RexLiteral
        && (sort.offset == null || sort.offset instanceof RexLiteral);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    RelNode limited = limited(sort.getInput(), sort.getCollation(), most(sort));
    if (limited != null) {
      call.transformTo(sort.copy(sort.getTraitSet(), List.of(limited)));
    }
  }

  /** The rows that can be in the answer: those that are skipped count too. */
  private static RexNode most(LogicalSort sort) {
    BigDecimal fetch = ((RexLiteral) sort.fetch).getValueAs(BigDecimal.class);
    BigDecimal offset =
        sort.offset == null
            ? BigDecimal.ZERO
            : ((RexLiteral) sort.offset).getValueAs(BigDecimal.class);
    return sort.getCluster().getRexBuilder().makeExactLiteral(fetch.add(offset));
  }

  /** The same with its inputs limited; null if there is nothing to do. */
  private static RelNode limited(RelNode input, RelCollation order, RexNode most) {
    RelNode rel = input instanceof HepRelVertex vertex ? vertex.getCurrentRel() : input;
    if (rel instanceof LogicalUnion union && union.all) {
      List<RelNode> branches = new ArrayList<>();
      for (RelNode branch : union.getInputs()) {
        branches.add(limit(branch, order, most));
      }
      return branches.equals(union.getInputs()) ? null : union.copy(union.getTraitSet(), branches);
    }
    if (rel instanceof LogicalJoin join) {
      int left = join.getLeft().getRowType().getFieldCount();
      boolean ofLeft =
          order.getFieldCollations().stream().allMatch(key -> key.getFieldIndex() < left);
      if (join.getJoinType() != JoinRelType.LEFT || !ofLeft) {
        return null;
      }
      RelNode limited = limit(join.getLeft(), order, most);
      return limited == join.getLeft()
          ? null
          : join.copy(join.getTraitSet(), List.of(limited, join.getRight()));
    }
    if (rel instanceof Project project && !project.containsOver()) {
      List<RelFieldCollation> keys = new ArrayList<>();
      for (RelFieldCollation key : order.getFieldCollations()) {
        if (!(project.getProjects().get(key.getFieldIndex()) instanceof RexInputRef ref)) {
          return null;
        }
        keys.add(key.withFieldIndex(ref.getIndex()));
      }
      RelNode limited = limited(project.getInput(), RelCollations.of(keys), most);
      return limited == null ? null : project.copy(project.getTraitSet(), List.of(limited));
    }
    return null;
  }

  private static RelNode limit(RelNode input, RelCollation order, RexNode most) {
    RelNode rel = input instanceof HepRelVertex vertex ? vertex.getCurrentRel() : input;
    boolean isLimited = rel instanceof LogicalSort sort && sort.fetch != null;
    return isLimited ? input : LogicalSort.create(input, order, null, most);
  }
}
