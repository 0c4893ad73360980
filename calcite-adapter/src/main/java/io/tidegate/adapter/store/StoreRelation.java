package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ColumnStrategy;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql2rel.InitializerExpressionFactory;
import org.apache.calcite.sql2rel.NullInitializerExpressionFactory;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A table, view, file or native query of a store as Calcite sees it.
 *
 * <p>It is translatable and not modifiable on purpose: Calcite's own INSERT rule takes any
 * modifiable table, and has sent an INSERT into one store to the other.
 */
public class StoreRelation extends AbstractTable implements TranslatableTable, StoreTable {
  private final StoreConvention store;
  private final String from;
  private final List<StoreColumn> columns;
  private final double rowCount;
  private final String call;

  /**
   * Creates a relation.
   *
   * @param from what stands in FROM: a quoted name, a table function call, a sub-query in brackets
   * @param call the table function call that made it, or null for a table
   */
  public StoreRelation(
      StoreConvention store, String from, List<StoreColumn> columns, double rowCount, String call) {
    this.store = requireNonNull(store, "store");
    this.from = from;
    this.columns = List.copyOf(columns);
    this.rowCount = rowCount;
    this.call = call;
  }

  public StoreConvention store() {
    return store;
  }

  public List<StoreColumn> columns() {
    return columns;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder builder = typeFactory.builder();
    for (StoreColumn column : columns) {
      builder.add(column.name(), column.type());
    }
    return builder.build();
  }

  /** Lets an INSERT leave out columns that the store fills itself. */
  @Override
  public <C> C unwrap(Class<C> type) {
    if (type == InitializerExpressionFactory.class) {
      return type.cast(
          new NullInitializerExpressionFactory() {
            @Override
            public ColumnStrategy generationStrategy(RelOptTable table, int column) {
              return columns.get(column).hasDefault()
                  ? ColumnStrategy.DEFAULT
                  : super.generationStrategy(table, column);
            }
          });
    }
    if (type == BuiltInMetadata.DistinctRowCount.Handler.class) {
      return type.cast((BuiltInMetadata.DistinctRowCount.Handler) this::distinctRows);
    }
    if (type == BuiltInMetadata.Selectivity.Handler.class) {
      return type.cast((BuiltInMetadata.Selectivity.Handler) this::selectivity);
    }
    return super.unwrap(type);
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(rowCount(), List.of());
  }

  /** About how many rows there are; at least 1. */
  protected double rowCount() {
    return rowCount;
  }

  /** About how many different values a column has, if that is known; see {@link #getRowType}. */
  protected OptionalDouble distinctValues(int column) {
    return OptionalDouble.empty();
  }

  /** About which part of the rows passes a filter over the columns, if that is known. */
  protected OptionalDouble selectivity(RexNode condition) {
    return OptionalDouble.empty();
  }

  private Double distinctRows(
      RelNode scan, RelMetadataQuery mq, ImmutableBitSet columns, RexNode condition) {
    double distinct = 1;
    for (int column : columns) {
      OptionalDouble values = distinctValues(column);
      if (values.isEmpty()) {
        return null;
      }
      distinct *= Math.max(1, values.getAsDouble());
    }
    double rows = rowCount();
    distinct = Math.min(distinct, rows);
    return condition == null || condition.isAlwaysTrue()
        ? (Double) distinct
        : RelMdUtil.numDistinctVals(distinct, rows * mq.getSelectivity(scan, condition));
  }

  private Double selectivity(RelNode scan, RelMetadataQuery mq, RexNode condition) {
    OptionalDouble known =
        condition == null || condition.isAlwaysTrue()
            ? OptionalDouble.of(1)
            : selectivity(condition);
    return known.isPresent() ? (Double) known.getAsDouble() : RelMdUtil.guessSelectivity(condition);
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return new StoreScan(context.getCluster(), store, table, this, call);
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    return block(printer, from);
  }

  /** Prints a relation without rows that has all columns. */
  protected SelectBlock empty(SqlPrinter printer) {
    List<Column> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (StoreColumn column : columns) {
      names.add(column.name());
      values.add(Column.exact(printer.dialect().carry("NULL", column.type()), Kind.EXPRESSION));
    }
    return printer.wrap(SelectBlock.from(null, values, names).where("FALSE"));
  }

  /** Prints a scan of all columns from the given FROM item. */
  protected SelectBlock block(SqlPrinter printer, String fromItem) {
    List<String> names = columns.stream().map(StoreColumn::name).toList();
    SelectBlock scan =
        printer.scan(fromItem, names.stream().map(printer.dialect()::identifier).toList(), names);
    List<Column> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column reference = scan.columns().get(i);
      StoreColumn column = columns.get(i);
      values.add(
          column.isPlain()
              ? reference
              : Column.exact(column.expression().apply(reference.sql()), Kind.EXPRESSION));
    }
    return scan.withColumns(values, names);
  }
}
