package io.tidegate.adapter.store;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalIntersect;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalMinus;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalRepeatUnion;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.schema.TransientTable;

/**
 * The rules that move one operator each from the logical plan into a store. Which operators, and
 * with which expressions, is the store's own list: see its rules class.
 */
public final class StoreRules {
  private StoreRules() {}

  /** Moves a filter if the store can run its condition. */
  public static RelOptRule filter(StoreConvention out, Predicate<Filter> may) {
    return rule(
        out,
        LogicalFilter.class,
        may,
        filter ->
            new StoreFilter(
                filter.getCluster(),
                filter.getTraitSet().replace(out),
                input(filter.getInput(), out),
                filter.getCondition()));
  }

  public static RelOptRule project(StoreConvention out, Predicate<Project> may) {
    return rule(
        out,
        LogicalProject.class,
        may,
        project ->
            new StoreProject(
                project.getCluster(),
                project.getTraitSet().replace(out),
                input(project.getInput(), out),
                project.getProjects(),
                project.getRowType()));
  }

  public static RelOptRule aggregate(StoreConvention out, Predicate<Aggregate> may) {
    return rule(
        out,
        LogicalAggregate.class,
        may,
        aggregate ->
            new StoreAggregate(
                aggregate.getCluster(),
                aggregate.getTraitSet().replace(out),
                input(aggregate.getInput(), out),
                aggregate.getGroupSet(),
                aggregate.getGroupSets(),
                aggregate.getAggCallList()));
  }

  public static RelOptRule join(StoreConvention out, Predicate<Join> may) {
    return rule(
        out,
        LogicalJoin.class,
        may,
        join ->
            new StoreJoin(
                join.getCluster(),
                join.getTraitSet().replace(out),
                input(join.getLeft(), out),
                input(join.getRight(), out),
                join.getCondition(),
                join.getJoinType()));
  }

  public static RelOptRule correlate(StoreConvention out, Predicate<Correlate> may) {
    return rule(
        out,
        LogicalCorrelate.class,
        may,
        correlate ->
            new StoreCorrelate(
                correlate.getCluster(),
                correlate.getTraitSet().replace(out),
                input(correlate.getLeft(), out),
                input(correlate.getRight(), out),
                correlate.getCorrelationId(),
                correlate.getRequiredColumns(),
                correlate.getJoinType()));
  }

  public static RelOptRule sort(StoreConvention out, Predicate<Sort> may) {
    return rule(
        out,
        LogicalSort.class,
        may,
        sort ->
            new StoreSort(
                sort.getCluster(),
                sort.getTraitSet().replace(out),
                input(sort.getInput(), out),
                sort.getCollation(),
                sort.offset,
                sort.fetch));
  }

  public static RelOptRule union(StoreConvention out, Predicate<SetOp> may) {
    return setOperation(out, LogicalUnion.class, may);
  }

  public static RelOptRule intersect(StoreConvention out, Predicate<SetOp> may) {
    return setOperation(out, LogicalIntersect.class, may);
  }

  public static RelOptRule minus(StoreConvention out, Predicate<SetOp> may) {
    return setOperation(out, LogicalMinus.class, may);
  }

  public static RelOptRule values(StoreConvention out, Predicate<Values> may) {
    return rule(
        out,
        LogicalValues.class,
        may,
        values ->
            new StoreValues(
                values.getCluster(),
                values.getRowType(),
                values.getTuples(),
                values.getTraitSet().replace(out)));
  }

  public static RelOptRule asofJoin(StoreConvention out, Predicate<AsofJoin> may) {
    return rule(
        out,
        LogicalAsofJoin.class,
        may,
        join ->
            new StoreAsofJoin(
                join.getCluster(),
                join.getTraitSet().replace(out),
                input(join.getLeft(), out),
                input(join.getRight(), out),
                join.getCondition(),
                join.getMatchCondition(),
                join.getJoinType()));
  }

  public static RelOptRule uncollect(StoreConvention out, Predicate<RelNode> may) {
    return rule(
        out,
        Uncollect.class,
        may,
        uncollect ->
            new StoreUncollect(
                uncollect.getCluster(),
                uncollect.getTraitSet().replace(out),
                input(uncollect.getInput(), out),
                uncollect.withOrdinality,
                uncollect.getItemAliases()));
  }

  public static RelOptRule collect(StoreConvention out, Predicate<RelNode> may) {
    return rule(
        out,
        Collect.class,
        may,
        collect ->
            new StoreCollect(
                collect.getCluster(),
                collect.getTraitSet().replace(out),
                input(collect.getInput(), out),
                collect.getRowType()));
  }

  public static RelOptRule repeatUnion(StoreConvention out, Predicate<RelNode> may) {
    return rule(
        out,
        LogicalRepeatUnion.class,
        may,
        union ->
            new StoreRepeatUnion(
                union.getCluster(),
                union.getTraitSet().replace(out),
                input(union.getSeedRel(), out),
                input(union.getIterativeRel(), out),
                union.all,
                union.iterationLimit,
                union.getTransientTable()));
  }

  /** The rows of the step before, in a recursive query. */
  public static RelOptRule transientScan(StoreConvention out, Predicate<RelNode> may) {
    return rule(
        out,
        LogicalTableScan.class,
        scan -> scan.getTable().unwrap(TransientTable.class) != null && may.test(scan),
        scan ->
            new StoreTransientScan(
                scan.getCluster(), scan.getTraitSet().replace(out), scan.getTable()));
  }

  /** Carries what one store answers into another. */
  public static RelOptRule arrowInput(StoreConvention from, StoreConvention to) {
    return ConverterRule.Config.INSTANCE
        .withConversion(RelNode.class, from, to, "ArrowInput")
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    return new ArrowInput(rel.getCluster(), rel.getTraitSet().replace(to), rel);
                  }
                })
        .toRule();
  }

  private static <S extends SetOp> RelOptRule setOperation(
      StoreConvention out, Class<S> logical, Predicate<SetOp> may) {
    return rule(
        out,
        logical,
        may::test,
        setOp -> {
          RelTraitSet traits = setOp.getTraitSet().replace(out);
          List<RelNode> inputs = setOp.getInputs().stream().map(rel -> input(rel, out)).toList();
          return new StoreSetOperation(setOp.getCluster(), traits, inputs, setOp.kind, setOp.all);
        });
  }

  private static RelNode input(RelNode rel, StoreConvention out) {
    return RelOptRule.convert(rel, rel.getTraitSet().replace(out));
  }

  private static <R extends RelNode> RelOptRule rule(
      StoreConvention out, Class<R> logical, Predicate<? super R> may, Function<R, RelNode> move) {
    return ConverterRule.Config.INSTANCE
        .withConversion(logical, may::test, Convention.NONE, out, logical.getSimpleName() + "To")
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    return move.apply(logical.cast(rel));
                  }
                })
        .toRule();
  }
}
