package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterImpl;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/** Carries what one store answers into another as an Arrow stream. */
public final class ArrowInput extends ConverterImpl implements StoreRel {
  public ArrowInput(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
    super(cluster, ConventionTraitDef.INSTANCE, traits, input);
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new ArrowInput(getCluster(), traitSet, sole(inputs));
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.border(this, planner, mq);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    return read(
        printer,
        SqlPrinter.query(getInput(), printer.statement()),
        getInput().getRowType(),
        getCluster().getMetadataQuery().getRowCount(getInput()));
  }

  /** A block that reads a source by name, with the source's types. */
  static SelectBlock read(SqlPrinter printer, ArrowSource source, RelDataType rowType) {
    return read(printer, source, rowType, 0);
  }

  /**
   * The same.
   *
   * @param rows about how many there are: what is joined with the source is to know it
   */
  static SelectBlock read(
      SqlPrinter printer, ArrowSource source, RelDataType rowType, double rows) {
    StoreDialect dialect = printer.dialect();
    // Printing the names the way the source printed them keeps both ends in step.
    List<String> names =
        SelectBlock.from(
                null,
                rowType.getFieldList().stream().map(f -> Column.reference("")).toList(),
                rowType.getFieldNames())
            .names();
    SelectBlock scan =
        printer.scan(
            printer.sized(dialect.identifier(printer.input(source)), names.size(), rows),
            names.stream().map(dialect::identifier).toList(),
            names);
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      Column column = scan.columns().get(field.getIndex());
      // ClickHouse sends times in units of its own, some with a zone; everything else arrives in
      // the type it left with.
      columns.add(
          switch (field.getType().getSqlTypeName()) {
            case TIMESTAMP, ARRAY ->
                Column.exact(dialect.carry(column.sql(), field.getType()), Kind.EXPRESSION);
            default -> column;
          });
    }
    return scan.withColumns(columns, names);
  }
}
