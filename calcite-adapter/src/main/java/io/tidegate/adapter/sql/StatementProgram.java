package io.tidegate.adapter.sql;

import com.google.common.collect.Sets;
import io.tidegate.adapter.store.LogicalTableFunction;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreScan;
import io.tidegate.adapter.store.UncarriedType;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.rules.AggregateReduceFunctionsRule;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;

/**
 * The steps from the logical plan to the cheapest one that the stores can run: sub-queries become
 * joins, filters move down, unused columns go, then the cost decides which store runs what.
 *
 * <p>The steps before the last are heuristics that always help, run in a fixed order; only the
 * choice between stores is a search. That keeps planning short and its outcome explainable.
 */
final class StatementProgram {
  private static final List<RelOptRule> SUB_QUERIES =
      List.of(
          SemiJoinRule.INSTANCE,
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          JoinSubQueryRule.INSTANCE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE,
          SpoolRemoveRule.INSTANCE);

  private static final List<RelOptRule> WITHIN_DISTINCT =
      List.of(CoreRules.AGGREGATE_REDUCE_FUNCTIONS, CoreRules.AGGREGATE_EXPAND_WITHIN_DISTINCT);

  private static final List<RelOptRule> NORMAL_FORM =
      List.of(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          LogicalTableFunction.filterPartitions(),
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.AGGREGATE_PROJECT_MERGE,
          CoreRules.UNION_MERGE);

  /** Averages and deviations as sums and counts, which can be made of parts; a SUM already can. */
  private static final RelOptRule REDUCE =
      AggregateReduceFunctionsRule.Config.DEFAULT
          .withOperandFor(LogicalAggregate.class)
          .withFunctionsToReduce(
              EnumSet.copyOf(
                  Sets.union(SqlKind.AVG_AGG_FUNCTIONS, SqlKind.COVAR_AVG_AGG_FUNCTIONS)))
          .toRule();

  private StatementProgram() {}

  static RelNode run(RelOptPlanner planner, RelNode logical) {
    RelBuilder relBuilder =
        RelBuilder.proto(Contexts.of(RelBuilder.Config.DEFAULT.withBloat(-1)))
            .create(logical.getCluster(), null);
    Correlations.refuseOuterAggregates(logical);
    RelNode plan = hep(SUB_QUERIES, logical);
    plan = decorrelated(plan, relBuilder);
    if (hasWithinDistinct(plan)) {
      plan = hep(WITHIN_DISTINCT, plan);
    }
    plan = hep(NORMAL_FORM, ConstantFolding.fold(plan));
    plan = hep(NORMAL_FORM, JoinOrder.arrange(plan));
    plan = trimmed(plan, relBuilder);
    refuseUncarried(plan, true);
    if (conventions(plan).size() > 1) {
      plan = hep(LimitBelowRule.rules(), plan);
      planner.addRule(AggregateBelowJoinRule.INSTANCE);
      planner.addRule(CoreRules.AGGREGATE_PROJECT_MERGE);
      planner.addRule(REDUCE);
      planner.addRule(CoreRules.PROJECT_MERGE);
      planner.addRule(CoreRules.UNION_TO_DISTINCT);
      planner.addRule(AggregateBelowUnionRule.INSTANCE);
    }
    RelNode root = planner.changeTraits(plan, plan.getTraitSet().replace(StatementRel.CONVENTION));
    planner.setRoot(root);
    return planner.findBestExp();
  }

  /**
   * Refuses a statement that takes a column which cannot be carried without naming it, as TABLE and
   * a UNION of tables do.
   */
  private static void refuseUncarried(RelNode plan, boolean used) {
    for (RelDataTypeField field : plan.getRowType().getFieldList()) {
      if (used) {
        refuse(field);
      }
    }
    if (plan instanceof Sort sort) {
      for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
        refuse(plan.getRowType().getFieldList().get(key.getFieldIndex()));
      }
    }
    for (RelNode input : plan.getInputs()) {
      refuseUncarried(input, input instanceof SetOp || input instanceof Aggregate);
    }
  }

  private static void refuse(RelDataTypeField field) {
    if (field.getType() instanceof UncarriedType uncarried) {
      throw PlanErrors.unsupported(uncarried.refusal());
    }
  }

  /** Where Calcite cannot take a correlation apart, DuckDB runs it as a lateral join. */
  private static RelNode decorrelated(RelNode plan, RelBuilder relBuilder) {
    if (!Correlations.canTakeApart(plan)) {
      return plan;
    }
    try {
      return RelDecorrelator.decorrelateQuery(plan, relBuilder);
    } catch (AssertionError | RuntimeException e) {
      return plan;
    }
  }

  /** Without the columns that nothing uses; where a correlation is left, Calcite may not know. */
  private static RelNode trimmed(RelNode plan, RelBuilder relBuilder) {
    try {
      return new UnusedColumns(relBuilder).trim(plan);
    } catch (RuntimeException e) {
      if (contains(plan, node -> node instanceof Correlate)) {
        return plan;
      }
      throw e;
    }
  }

  private static boolean hasWithinDistinct(RelNode plan) {
    return contains(
        plan,
        node ->
            node instanceof Aggregate aggregate
                && aggregate.getAggCallList().stream().anyMatch(c -> c.distinctKeys != null));
  }

  private static boolean contains(RelNode plan, Predicate<RelNode> wanted) {
    return wanted.test(plan) || plan.getInputs().stream().anyMatch(node -> contains(node, wanted));
  }

  private static RelNode hep(List<RelOptRule> rules, RelNode rel) {
    HepProgramBuilder program = HepProgram.builder().addMatchOrder(HepMatchOrder.DEPTH_FIRST);
    program.addRuleCollection(rules);
    HepPlanner planner =
        new HepPlanner(program.build(), rel.getCluster().getPlanner().getContext());
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static Set<Convention> conventions(RelNode plan) {
    Set<Convention> conventions = new HashSet<>();
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, RelNode parent) {
        if (node instanceof StoreScan) {
          conventions.add(node.getConvention());
        }
        super.visit(node, ordinal, parent);
      }
    }.go(plan);
    return conventions;
  }
}
