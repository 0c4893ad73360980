package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.KeyedClient;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Carries the rows of one store into another like {@link ArrowInput}, but only those that can meet
 * a row of the other side of a join: that side's keys are found first and sent along.
 *
 * <p>Its rows are {@code rows} semi-joined with {@code keys}, or all of {@code rows} if the keys
 * turn out to be too many; so it may stand only where rows without a partner do not count.
 */
public final class KeyedArrowInput extends BiRel implements StoreRel {
  /** How many rows a key is taken to have at least. */
  private static final int ROWS_OF_KEY = 10;

  private final List<Integer> columns;

  /**
   * Creates an input.
   *
   * @param rows what the other store gives
   * @param keys the keys, each once, in this store
   * @param columns the columns of {@code rows} that the keys are equal to, in the keys' order
   */
  KeyedArrowInput(RelTraitSet traits, RelNode rows, RelNode keys, List<Integer> columns) {
    super(rows.getCluster(), traits, rows, keys);
    this.columns = List.copyOf(columns);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new KeyedArrowInput(traitSet, inputs.get(0), inputs.get(1), columns);
  }

  @Override
  protected RelDataType deriveRowType() {
    return getLeft().getRowType();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("columns", columns);
  }

  /** Keys are taken to be among those of the rows; where nobody knows those, each row has one. */
  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double rows = mq.getRowCount(getLeft());
    Double known = mq.getDistinctRowCount(getLeft(), ImmutableBitSet.of(columns), null);
    double distinct = known == null ? rows : Math.max(1, known);
    return Math.max(1, rows * Math.min(1, mq.getRowCount(getRight()) / distinct));
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.border(this, planner, mq).plus(StoreCost.border(getRight(), planner, mq));
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    StatementContext statement = printer.statement();
    StoreConvention store = (StoreConvention) getLeft().getConvention();
    List<String> types = new ArrayList<>();
    getRight()
        .getRowType()
        .getFieldList()
        .forEach(field -> types.add(store.dialect().type(field.getType())));
    RelNode keyed = StoreKeyFilter.below(getLeft(), columns);
    return ArrowInput.read(
        printer,
        new ArrowSource.KeyedQuery(
            (KeyedClient) store.client(),
            SqlPrinter.query(getRight(), statement),
            types,
            SqlPrinter.query(keyed, statement),
            SqlPrinter.query(getLeft(), statement)),
        getRowType(),
        sizeHint());
  }

  /**
   * The rows are more than their keys, by how much nobody knows; and the keys are those of the side
   * that they are joined with.
   */
  private double sizeHint() {
    RelMetadataQuery mq = getCluster().getMetadataQuery();
    return Math.max(mq.getRowCount(this), ROWS_OF_KEY * mq.getRowCount(getRight()));
  }
}
