package io.tidegate.adapter.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * {@code WHERE EXISTS}, {@code NOT EXISTS}, {@code IN} and {@code NOT IN} as semi and anti joins.
 *
 * <p>Calcite's own way makes an aggregate of the sub-query and joins that, and for a correlation
 * that is no equality it first joins the sub-query with all outer rows. The engines have the joins
 * that are meant. What is not of the simple shape, a sub-query whose correlation is in its own
 * WHERE, is left to Calcite; so is a {@code NOT IN} where a NULL can be, which is no anti join.
 */
final class SemiJoinRule extends RelOptRule {
  static final RelOptRule INSTANCE = new SemiJoinRule();

  private SemiJoinRule() {
    super(operand(LogicalFilter.class, any()), "SemiJoinRule");
  }

  /** The right side of a join, and its condition over the columns of both sides. */
  private record RightSide(RelNode rel, List<RexNode> conditions) {}

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    List<RexNode> conjuncts = RelOptUtil.conjunctions(filter.getCondition());
    for (int i = 0; i < conjuncts.size(); i++) {
      boolean not = conjuncts.get(i).isA(SqlKind.NOT);
      RexNode test = not ? ((RexCall) conjuncts.get(i)).getOperands().get(0) : conjuncts.get(i);
      if (test instanceof RexSubQuery subQuery) {
        Optional<RightSide> right = rightSide(filter, subQuery, not);
        if (right.isPresent()) {
          List<RexNode> others = new ArrayList<>(conjuncts);
          others.remove(i);
          call.transformTo(join(filter, right.get(), not, others));
          return;
        }
      }
    }
  }

  private static RelNode join(
      LogicalFilter filter, RightSide right, boolean not, List<RexNode> others) {
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    RelNode join =
        LogicalJoin.create(
            filter.getInput(),
            right.rel(),
            List.of(),
            RexUtil.composeConjunction(rexBuilder, right.conditions()),
            Set.of(),
            not ? JoinRelType.ANTI : JoinRelType.SEMI);
    return others.isEmpty()
        ? join
        : filter.copy(filter.getTraitSet(), join, RexUtil.composeConjunction(rexBuilder, others));
  }

  private static Optional<RightSide> rightSide(
      LogicalFilter filter, RexSubQuery subQuery, boolean not) {
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    int leftFields = filter.getInput().getRowType().getFieldCount();
    RelNode rel = subQuery.rel;
    List<RexNode> outputs = rexBuilder.identityProjects(rel.getRowType());
    // Which columns come out does not matter to EXISTS, and the order to neither.
    while (rel instanceof Sort sort && sort.fetch == null && sort.offset == null) {
      rel = sort.getInput();
    }
    if (rel instanceof Project project && !project.containsOver()) {
      outputs = project.getProjects();
      rel = project.getInput();
    }
    List<RexNode> conditions = new ArrayList<>();
    switch (subQuery.getKind()) {
      case EXISTS:
        break;
      case IN:
        for (int i = 0; i < outputs.size(); i++) {
          RexNode left = subQuery.getOperands().get(i);
          RexNode right = outputs.get(i);
          if (!isSimple(left)
              || !isSimple(right)
              || !isSameType(left.getType(), right.getType())
              || not && (left.getType().isNullable() || right.getType().isNullable())) {
            return Optional.empty();
          }
          conditions.add(
              rexBuilder.makeCall(
                  SqlStdOperatorTable.EQUALS, left, RexUtil.shift(right, leftFields)));
        }
        break;
      default:
        return Optional.empty();
    }
    if (rel instanceof LogicalFilter inner) {
      List<RexNode> rest = new ArrayList<>();
      for (RexNode condition : RelOptUtil.conjunctions(inner.getCondition())) {
        if (RexUtil.containsCorrelation(condition)) {
          if (!isSimple(condition)) {
            return Optional.empty();
          }
          conditions.add(RexUtil.shift(condition, leftFields));
        } else {
          rest.add(condition);
        }
      }
      rel =
          rest.isEmpty()
              ? inner.getInput()
              : inner.copy(
                  inner.getTraitSet(),
                  inner.getInput(),
                  RexUtil.composeConjunction(rexBuilder, rest));
    }
    if (conditions.isEmpty() || !RelOptUtil.getVariablesUsed(rel).isEmpty()) {
      return Optional.empty();
    }
    Outer outer = new Outer(filter.getVariablesSet());
    List<RexNode> bound = outer.apply(conditions);
    return outer.foreign ? Optional.empty() : Optional.of(new RightSide(rel, bound));
  }

  private static boolean isSimple(RexNode node) {
    return RexUtil.SubQueryFinder.find(node) == null && !RexOver.containsOver(node);
  }

  private static boolean isSameType(RelDataType left, RelDataType right) {
    return left.getSqlTypeName() == right.getSqlTypeName();
  }

  /** Makes references to the join's left side of the outer query's columns. */
  private static final class Outer extends RexShuttle {
    private final Set<CorrelationId> own;
    private boolean foreign;

    Outer(Set<CorrelationId> own) {
      this.own = own;
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      if (access.getReferenceExpr() instanceof RexCorrelVariable variable) {
        if (own.contains(variable.id)) {
          return new RexInputRef(access.getField().getIndex(), access.getType());
        }
        // Of a query further out: it stays what it is, but then this is no plain join.
        foreign = true;
      }
      return super.visitFieldAccess(access);
    }
  }
}
