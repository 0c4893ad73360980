package io.tidegate.adapter.store;

import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Collect;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** {@code ARRAY(query)} inside a store: all rows as one value, in their order. */
public final class StoreCollect extends Collect implements StoreRel {
  StoreCollect(RelOptCluster cluster, RelTraitSet traits, RelNode input, RelDataType rowType) {
    super(cluster, traits, input, rowType);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, RelNode input) {
    return new StoreCollect(getCluster(), traitSet, input, getRowType());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock rows = printer.wrap(printer.block(getInput()));
    List<String> columns = rows.columns().stream().map(Column::sql).toList();
    RelDataType type = getRowType().getFieldList().get(0).getType();
    String collected =
        switch (getCollectionType()) {
          case MAP ->
              "coalesce(map_from_entries(list(row(" + String.join(", ", columns) + "))), MAP {})";
          default -> "coalesce(list(" + element(columns, type.getComponentType()) + "), [])";
        };
    List<Column> outcome = new ArrayList<>();
    outcome.add(Column.exact(printer.dialect().carry(collected, type), Kind.EXPRESSION));
    return rows.withGroupBy("", outcome, getRowType().getFieldNames());
  }

  private static String element(List<String> columns, RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.ROW
        ? "row(" + String.join(", ", columns) + ")"
        : columns.get(0);
  }
}
