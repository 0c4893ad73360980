package io.tidegate.adapter.store;

import com.google.common.collect.ImmutableList;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexLiteral;

/** Literal rows inside a store; none at all is an empty relation with the right columns. */
public final class StoreValues extends Values implements StoreRel {
  StoreValues(
      RelOptCluster cluster,
      RelDataType rowType,
      ImmutableList<ImmutableList<RexLiteral>> tuples,
      RelTraitSet traits) {
    super(cluster, rowType, tuples, traits);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new StoreValues(getCluster(), getRowType(), getTuples(), traitSet);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    StoreDialect dialect = printer.dialect();
    List<String> names = getRowType().getFieldNames();
    if (tuples.isEmpty()) {
      List<Column> columns = new ArrayList<>();
      for (RelDataTypeField field : getRowType().getFieldList()) {
        columns.add(Column.exact(dialect.carry("NULL", field.getType()), Kind.CONSTANT));
      }
      return SelectBlock.from(null, columns, names).where("FALSE");
    }
    if (tuples.size() == 1) {
      return SelectBlock.from(null, constants(dialect, tuples.get(0)), names);
    }
    String rows =
        tuples.stream()
            .map(
                tuple ->
                    constants(dialect, tuple).stream()
                        .map(Column::sql)
                        .collect(Collectors.joining(", ", "(", ")")))
            .collect(Collectors.joining(", ", "(VALUES ", ")"));
    // The engine names the columns of a VALUES list; give them names that cannot clash.
    String alias = dialect.identifier(printer.alias());
    List<String> positions = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : getRowType().getFieldList()) {
      String position = dialect.identifier("c" + field.getIndex());
      positions.add(position);
      columns.add(
          Column.exact(dialect.carry(alias + "." + position, field.getType()), Kind.EXPRESSION));
    }
    return SelectBlock.from(
        rows + " AS " + alias + "(" + String.join(", ", positions) + ")", columns, names);
  }

  private List<Column> constants(StoreDialect dialect, List<RexLiteral> tuple) {
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : getRowType().getFieldList()) {
      RexLiteral literal = tuple.get(field.getIndex());
      columns.add(
          literal.isNull()
              ? Column.exact(dialect.carry("NULL", field.getType()), Kind.CONSTANT)
              : new Column(dialect.literal(literal), Kind.CONSTANT, false));
    }
    return columns;
  }
}
