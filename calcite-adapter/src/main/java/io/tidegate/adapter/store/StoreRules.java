package io.tidegate.adapter.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Uncollect;
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
 * with which expressions, the store's {@link PushDownList} says.
 */
public final class StoreRules {
  private StoreRules() {}

  /** One rule for each operator that some store runs; the store's list decides of each use. */
  public static List<RelOptRule> of(StoreConvention store) {
    PushDown pushDown = new PushDown(store);
    return List.of(
        filter(store, pushDown),
        project(store, pushDown),
        aggregate(store, pushDown),
        join(store, pushDown),
        correlate(store, pushDown),
        sort(store, pushDown),
        union(store, pushDown),
        intersect(store, pushDown),
        minus(store, pushDown),
        values(store, pushDown),
        asofJoin(store, pushDown),
        uncollect(store, pushDown),
        collect(store, pushDown),
        repeatUnion(store, pushDown),
        transientScan(store, pushDown));
  }

  private static RelOptRule filter(StoreConvention out, PushDown may) {
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

  private static RelOptRule project(StoreConvention out, PushDown may) {
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

  private static RelOptRule aggregate(StoreConvention out, PushDown may) {
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

  private static RelOptRule join(StoreConvention out, PushDown may) {
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

  private static RelOptRule correlate(StoreConvention out, PushDown may) {
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

  private static RelOptRule sort(StoreConvention out, PushDown may) {
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

  private static RelOptRule union(StoreConvention out, PushDown may) {
    return setOperation(out, LogicalUnion.class, may);
  }

  private static RelOptRule intersect(StoreConvention out, PushDown may) {
    return setOperation(out, LogicalIntersect.class, may);
  }

  private static RelOptRule minus(StoreConvention out, PushDown may) {
    return setOperation(out, LogicalMinus.class, may);
  }

  private static RelOptRule values(StoreConvention out, PushDown may) {
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

  private static RelOptRule asofJoin(StoreConvention out, PushDown may) {
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

  private static RelOptRule uncollect(StoreConvention out, PushDown may) {
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

  private static RelOptRule collect(StoreConvention out, PushDown may) {
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

  private static RelOptRule repeatUnion(StoreConvention out, PushDown may) {
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
  private static RelOptRule transientScan(StoreConvention out, PushDown may) {
    return rule(
        out,
        LogicalTableScan.class,
        scan -> scan.getTable().unwrap(TransientTable.class) != null && may.may(scan),
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

  /**
   * Lets a store read the files of another one itself.
   *
   * @param relation the files as the store names them; empty if it cannot read them all as they are
   * @param work see {@link StoreScan}: below 1 the store is preferred for whatever it can do
   */
  public static RelOptRule sharedFiles(
      StoreConvention from,
      StoreConvention to,
      Function<SharedFiles, Optional<? extends StoreTable>> relation,
      double work) {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            StoreScan.class, scan -> scan.storeTable() instanceof SharedFiles, from, to, "Shared")
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    StoreScan scan = (StoreScan) rel;
                    return relation
                        .apply((SharedFiles) scan.storeTable())
                        .map(
                            table ->
                                new StoreScan(
                                    rel.getCluster(), to, rel.getTable(), table, null, work))
                        .orElse(null);
                  }
                })
        .toRule();
  }

  /** Lets a join of two stores send one side's keys to the other, which must take them. */
  public static List<RelOptRule> keyedJoins(StoreConvention from, StoreConvention to) {
    return KeyedJoin.rules(from, to);
  }

  private static <S extends SetOp> RelOptRule setOperation(
      StoreConvention out, Class<S> logical, PushDown may) {
    return rule(
        out,
        logical,
        may,
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
      StoreConvention out, Class<R> logical, PushDown pushDown, Function<R, RelNode> move) {
    return rule(out, logical, pushDown::may, move);
  }

  private static <R extends RelNode> RelOptRule rule(
      StoreConvention out, Class<R> logical, Predicate<R> may, Function<R, RelNode> move) {
    return ConverterRule.Config.INSTANCE
        .withConversion(logical, may, Convention.NONE, out, logical.getSimpleName() + "To")
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
