package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.sql.SqlKind;

/** The end of an INSERT: a store computes the rows, and what carries them over makes an update. */
public final class InsertRel extends SingleRel implements StatementRel.Update {
  private final String target;
  private final double bordersCrossed;
  private final Function<ArrowSource.EngineQuery, ArrowUpdate> insert;
  private final Optional<Function<ArrowSource.EngineQuery, ArrowUpdate>> sortingInsert;

  /**
   * Creates the end of an INSERT.
   *
   * @param target what it writes, for EXPLAIN
   * @param bordersCrossed how often a row is carried after it was computed: 0 if it stays in its
   *     store
   * @param insert makes the update of the query for the rows
   */
  public InsertRel(
      RelOptCluster cluster,
      RelNode input,
      String target,
      double bordersCrossed,
      Function<ArrowSource.EngineQuery, ArrowUpdate> insert) {
    this(cluster, input, target, bordersCrossed, insert, Optional.empty());
  }

  /**
   * Creates the end of an INSERT that can put the rows in order by itself.
   *
   * @param sortingInsert makes the update of the same query without the sort that it ends in: taken
   *     where the last store would sort, and not where the rows come in order from another one
   */
  public InsertRel(
      RelOptCluster cluster,
      RelNode input,
      String target,
      double bordersCrossed,
      Function<ArrowSource.EngineQuery, ArrowUpdate> insert,
      Optional<Function<ArrowSource.EngineQuery, ArrowUpdate>> sortingInsert) {
    super(cluster, cluster.traitSetOf(StatementRel.CONVENTION), input);
    this.target = requireNonNull(target, "target");
    this.bordersCrossed = bordersCrossed;
    this.insert = requireNonNull(insert, "insert");
    this.sortingInsert = requireNonNull(sortingInsert, "sortingInsert");
    this.rowType = RelOptUtil.createDmlRowType(SqlKind.INSERT, cluster.getTypeFactory());
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new InsertRel(getCluster(), sole(inputs), target, bordersCrossed, insert, sortingInsert);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("target", target);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.border(getInput(), planner, mq).multiplyBy(bordersCrossed);
  }

  @Override
  public ArrowUpdate update(StatementContext statement) {
    return sortingInsert
        .flatMap(sorting -> SqlPrinter.unsortedQuery(getInput(), statement).map(sorting))
        .orElseGet(() -> insert.apply(SqlPrinter.query(getInput(), statement)));
  }
}
