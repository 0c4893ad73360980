package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A table function run by Tidegate over the batches of its input, which may come from any store.
 * Its result is read by its own store as an Arrow stream.
 */
public final class StoreTableFunction extends SingleRel implements StoreRel {
  private final String call;
  private final ArrowTableFunction function;

  public StoreTableFunction(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      RelDataType rowType,
      String call,
      ArrowTableFunction function) {
    super(cluster, traits, input);
    this.rowType = rowType;
    this.call = call;
    this.function = function;
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new StoreTableFunction(
        getCluster(), traitSet, sole(inputs), getRowType(), call, function);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("call", call);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return rowCount(mq.getRowCount(getInput()));
  }

  /** A guess: a function makes less of its input, such as a bar of a hundred ticks. */
  static double rowCount(double inputRows) {
    return Math.max(1, inputRows / 100);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.border(getInput(), planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    return ArrowInput.read(
        printer,
        new ArrowSource.TableFunctionCall(
            call, function, SqlPrinter.checkedQuery(getInput(), printer.statement())),
        getRowType());
  }
}
