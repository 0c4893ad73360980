package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.store.InsertRel;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreConvention;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/**
 * How rows get into the lake: all columns in table order, then the partition values that the rows
 * are to bring with them, in a total order if the table has a sort key. The order is part of the
 * plan, so that a store that has it for nothing can give it; partitions are no part of the order,
 * they are told apart as the rows come.
 */
record LakeInsertPath(LakeTable table) implements InsertTarget.Path {
  @Override
  public StoreConvention source() {
    return table.store();
  }

  @Override
  public RelNode shape(RelNode rows, List<String> columns) {
    InsertRows shaped = inOrder(table, rows, columns);
    for (PartitionExpression expression : table.definition().partitionedBy()) {
      if (PartitionRuns.comesWithRows(expression)) {
        shaped.partition("$" + expression.key(), term(expression));
      }
    }
    return shaped.shaped();
  }

  /** All columns of the table, in a total order if it has a sort key. */
  static InsertRows inOrder(LakeTable table, RelNode rows, List<String> columns) {
    LakeTableDefinition definition = table.definition();
    InsertRows shaped = new InsertRows(rows, columns, table.catalogName());
    for (var column : definition.columns()) {
      shaped.column(
          column.name(),
          LakeTypes.sql(column.type(), column.nullable(), rows.getCluster().getTypeFactory()));
    }
    List<Integer> order = new ArrayList<>();
    if (!definition.sortedBy().isEmpty()) {
      definition.totalOrder().forEach(column -> order.add(shaped.position(column.name())));
    }
    shaped.sort(order);
    return shaped;
  }

  private static PartitionTerm term(PartitionExpression expression) {
    String column = expression.column();
    if (expression instanceof PartitionExpression.Floor floor) {
      return new PartitionTerm.Floor(
          column, PartitionTerm.Unit.valueOf(floor.unit().name()), Optional.empty());
    }
    if (expression instanceof PartitionExpression.FloorToInterval floor) {
      return new PartitionTerm.FloorToInterval(column, floor.seconds(), Optional.empty());
    }
    if (expression instanceof PartitionExpression.Identity) {
      return new PartitionTerm.Identity(column, Optional.empty());
    }
    throw new IllegalArgumentException(expression.sql() + " does not come with the rows");
  }

  @Override
  public StatementRel.Update end(RelNode shaped, List<String> columns) {
    return new InsertRel(
        shaped.getCluster(),
        shaped,
        table.catalogName(),
        1,
        rows -> new LakeInsert(table, rows, false),
        // The files of partitions are sorted one by one, which is less work than all rows at once.
        table.definition().partitionedBy().isEmpty()
            ? Optional.empty()
            : Optional.of(rows -> new LakeInsert(table, rows, true)));
  }
}
