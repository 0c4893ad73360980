package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.store.InsertRel;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * How rows get into the lake: all columns in table order, then the partition values, in a total
 * order if the table has a sort key or partitions. The order is part of the plan, so that a store
 * that has it for nothing can give it.
 */
final class LakeInsertPath implements InsertTarget.Path {
  private final StoreConvention duckDb;
  private final DuckDbEngine engine;
  private final Lake lake;
  private final String name;
  private final String catalogName;
  private final LakeTableDefinition definition;
  private final Optional<TableDirectory> directory;

  LakeInsertPath(
      StoreConvention duckDb,
      DuckDbEngine engine,
      Lake lake,
      String name,
      String catalogName,
      LakeTableDefinition definition,
      Optional<TableDirectory> directory) {
    this.duckDb = duckDb;
    this.engine = engine;
    this.lake = lake;
    this.name = name;
    this.catalogName = catalogName;
    this.definition = definition;
    this.directory = directory;
  }

  @Override
  public StoreConvention source() {
    return duckDb;
  }

  @Override
  public RelNode shape(RelNode rows, List<String> columns) {
    InsertRows shaped = new InsertRows(rows, columns, catalogName);
    for (var column : definition.columns()) {
      shaped.column(
          column.name(),
          LakeTypes.sql(column.type(), column.nullable(), rows.getCluster().getTypeFactory()));
    }
    List<Integer> order = new ArrayList<>();
    for (PartitionExpression expression : definition.partitionedBy()) {
      RexNode column = shaped.value(expression.column());
      order.add(shaped.derived("$" + expression.key(), partition(expression, column, rows)));
    }
    if (!definition.sortedBy().isEmpty()) {
      definition.sortedBy().forEach(column -> order.add(shaped.position(column)));
      // The other columns make the order total: same rows, same bytes.
      for (int i = 0; i < definition.columns().size(); i++) {
        if (!order.contains(i)) {
          order.add(i);
        }
      }
    }
    return shaped.orderedBy(order);
  }

  private static RexNode partition(PartitionExpression expression, RexNode column, RelNode rows) {
    RexBuilder rexBuilder = rows.getCluster().getRexBuilder();
    if (expression instanceof PartitionExpression.Bucket) {
      return rexBuilder.makeCall(StoreFunctions.MINT_BUCKET, column);
    }
    if (expression instanceof PartitionExpression.FloorToInterval floor) {
      return rexBuilder.makeCall(
          StoreFunctions.FLOOR_TO_INTERVAL,
          column,
          rexBuilder.makeExactLiteral(java.math.BigDecimal.valueOf(floor.seconds())));
    }
    if (expression instanceof PartitionExpression.Floor floor) {
      RexNode floored =
          rexBuilder.makeCall(
              SqlStdOperatorTable.FLOOR,
              column,
              rexBuilder.makeFlag(TimeUnitRange.valueOf(floor.unit().name())));
      return floor.unit() == PartitionExpression.FloorUnit.HOUR
          ? floored
          : rexBuilder.makeCast(date(rows, column), floored);
    }
    return column;
  }

  private static RelDataType date(RelNode rows, RexNode column) {
    var factory = rows.getCluster().getTypeFactory();
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DATE), column.getType().isNullable());
  }

  @Override
  public StatementRel.Update end(RelNode shaped, List<String> columns) {
    return new InsertRel(
        shaped.getCluster(),
        shaped,
        catalogName,
        1,
        rows -> new LakeInsert(engine, lake, name, catalogName, definition, directory, rows));
  }
}
