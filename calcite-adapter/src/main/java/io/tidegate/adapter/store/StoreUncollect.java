package io.tidegate.adapter.store;

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
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * UNNEST inside a store: rows of the elements of arrays, side by side and as many as the longest
 * has, a ROW's fields as columns.
 *
 * <p>Printed for engines that have {@code unnest} in the SELECT list, which is DuckDB.
 */
public final class StoreUncollect extends Uncollect implements StoreRel {
  StoreUncollect(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      boolean withOrdinality,
      List<String> itemAliases) {
    super(cluster, traits, input, withOrdinality, itemAliases);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, RelNode input) {
    return new StoreUncollect(getCluster(), traitSet, input, withOrdinality, getItemAliases());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    SelectBlock input = printer.open(printer.block(getInput()));
    List<RelDataTypeField> collections = getInput().getRowType().getFieldList();
    List<Column> elements = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (RelDataTypeField collection : collections) {
      String sql = list(input.columns().get(collection.getIndex()).sql(), collection.getType());
      elements.add(Column.exact("unnest(" + sql + ")", Kind.WINDOW));
      names.add("element_" + collection.getIndex());
    }
    if (withOrdinality) {
      String longest =
          input.columns().stream()
              .map(column -> "coalesce(len(" + column.sql() + "), 0)")
              .collect(Collectors.joining(", ", "greatest(", ")"));
      elements.add(Column.exact("unnest(range(1, " + longest + " + 1))", Kind.WINDOW));
      names.add("ordinality");
    }
    SelectBlock rows = printer.wrap(input.withColumns(elements, names));
    return rows.withColumns(fields(printer, rows.columns()), getRowType().getFieldNames());
  }

  /** A map is a list of its entries. */
  private static String list(String sql, RelDataType type) {
    return type.getKeyType() == null ? sql : "map_entries(" + sql + ")";
  }

  private List<Column> fields(SqlPrinter printer, List<Column> elements) {
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField collection : getInput().getRowType().getFieldList()) {
      String element = elements.get(collection.getIndex()).sql();
      RelDataType type = collection.getType();
      if (type.getKeyType() != null) {
        columns.add(field(printer, element, 0));
        columns.add(field(printer, element, 1));
      } else if (type.getComponentType().isStruct() && getItemAliases().isEmpty()) {
        for (RelDataTypeField field : type.getComponentType().getFieldList()) {
          columns.add(field(printer, element, field.getIndex()));
        }
      } else {
        columns.add(new Column(element, Kind.REFERENCE, false));
      }
    }
    if (withOrdinality) {
      columns.add(new Column(elements.get(elements.size() - 1).sql(), Kind.REFERENCE, false));
    }
    return columns;
  }

  private static Column field(SqlPrinter printer, String element, int position) {
    return new Column(printer.field(element, position), Kind.EXPRESSION, false);
  }
}
