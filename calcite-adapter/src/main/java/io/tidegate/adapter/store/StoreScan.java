package io.tidegate.adapter.store;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/** Reads a table, or a relation that a table function names, inside its store. */
public final class StoreScan extends TableScan implements StoreRel {
  private final StoreTable storeTable;
  private final String call;
  private final double work;

  /**
   * Creates a scan.
   *
   * @param call the table function call that names the relation, or null for a table; tells scans
   *     apart that have no table name to do it
   */
  public StoreScan(
      RelOptCluster cluster,
      StoreConvention convention,
      RelOptTable table,
      StoreTable storeTable,
      String call) {
    this(cluster, convention, table, storeTable, call, 1);
  }

  /**
   * Creates a scan in one of several stores that can read the same.
   *
   * @param work what reading a row costs there, as a multiple of what it costs elsewhere
   */
  StoreScan(
      RelOptCluster cluster,
      StoreConvention convention,
      RelOptTable table,
      StoreTable storeTable,
      String call,
      double work) {
    super(cluster, cluster.traitSetOf(convention), List.of(), table);
    this.storeTable = storeTable;
    this.call = call;
    this.work = work;
  }

  StoreTable storeTable() {
    return storeTable;
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return this;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).itemIf("call", call, call != null);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, work);
  }

  /** The columns by which the rows are stored. */
  List<String> keyOrder() {
    return storeTable.keyOrder();
  }

  /** What the table knows of its rows without reading them. */
  Optional<SelectBlock> aggregate(
      SqlPrinter printer, RexNode condition, List<AggregateCall> calls) {
    return storeTable.aggregate(printer, condition, calls);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    return storeTable.block(printer, printer.filterAbove(this), printer.wishAbove(this));
  }
}
