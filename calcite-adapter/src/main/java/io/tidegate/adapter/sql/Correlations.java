package io.tidegate.adapter.sql;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;

/** What is known of sub-queries that use the columns of the query around them. */
final class Correlations {
  private Correlations() {}

  /**
   * Whether Calcite's decorrelator gives the right rows for all correlations of a plan. It takes
   * the condition out from below a window, which then sees the rows of all outer rows; and of a
   * join whose both sides are correlated it loses that both mean the same outer row.
   */
  static boolean canTakeApart(RelNode plan) {
    AtomicBoolean can = new AtomicBoolean(true);
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof Correlate correlate
            && !canTakeApart(correlate.getRight(), correlate.getCorrelationId())) {
          can.set(false);
        }
        super.visit(node, ordinal, parent);
      }
    }.go(plan);
    return can.get();
  }

  private static boolean canTakeApart(RelNode inner, CorrelationId outer) {
    if (inner instanceof Project project
        && project.getProjects().stream().anyMatch(RexOver::containsOver)) {
      return false;
    }
    if (inner instanceof Join join && uses(join.getLeft(), outer) && uses(join.getRight(), outer)) {
      return false;
    }
    return inner.getInputs().stream().allMatch(input -> canTakeApart(input, outer));
  }

  private static boolean uses(RelNode rel, CorrelationId outer) {
    return RelOptUtil.getVariablesUsed(rel).contains(outer);
  }

  /**
   * Refuses an aggregate in a sub-query whose argument is made of the outer query's columns alone:
   * by the standard it belongs to the outer query, Calcite would compute it inside.
   */
  static void refuseOuterAggregates(RelNode plan) {
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof Aggregate aggregate && aggregate.getInput() instanceof Project input) {
          aggregate.getAggCallList().forEach(call -> refuseOuter(call, input.getProjects()));
        }
        node.accept(
            new org.apache.calcite.rex.RexShuttle() {
              @Override
              public RexNode visitSubQuery(RexSubQuery subQuery) {
                refuseOuterAggregates(subQuery.rel);
                return super.visitSubQuery(subQuery);
              }
            });
        super.visit(node, ordinal, parent);
      }
    }.go(plan);
  }

  private static void refuseOuter(AggregateCall call, List<RexNode> inputs) {
    if (call.getArgList().isEmpty()) {
      return;
    }
    References references = new References();
    call.getArgList().forEach(argument -> inputs.get(argument).accept(references));
    if (references.outer && !references.inner) {
      throw PlanErrors.unsupported(
          call.getAggregation().getName()
              + " in a sub-query over nothing but columns of the outer query is not supported");
    }
  }

  private static final class References extends RexVisitorImpl<Void> {
    private boolean outer;
    private boolean inner;

    References() {
      super(true);
    }

    @Override
    public Void visitCorrelVariable(RexCorrelVariable variable) {
      outer = true;
      return null;
    }

    @Override
    public Void visitInputRef(RexInputRef ref) {
      inner = true;
      return null;
    }
  }
}
