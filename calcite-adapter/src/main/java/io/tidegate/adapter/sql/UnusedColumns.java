package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.LogicalTableFunction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/** Takes the columns that nothing uses out of a plan, those of table functions too. */
public final class UnusedColumns extends RelFieldTrimmer {
  UnusedColumns(RelBuilder relBuilder) {
    super(null, relBuilder);
  }

  /** A function reads all of its input, but need not give all that it could; Calcite calls this. */
  public TrimResult trimFields(
      LogicalTableFunction function, ImmutableBitSet used, Set<RelDataTypeField> extraFields) {
    TrimResult whole = trimFields((RelNode) function, used, extraFields);
    // Rows are counted by a column.
    List<Integer> columns = used.isEmpty() ? List.of(0) : used.asList();
    Optional<RelNode> narrow =
        columns.size() == function.getRowType().getFieldCount()
            ? Optional.empty()
            : ((LogicalTableFunction) whole.left).only(columns);
    if (narrow.isEmpty()) {
      return whole;
    }
    Mapping mapping =
        Mappings.create(
            MappingType.INVERSE_SURJECTION, function.getRowType().getFieldCount(), columns.size());
    for (int i = 0; i < columns.size(); i++) {
      mapping.set(columns.get(i), i);
    }
    return result(narrow.get(), mapping);
  }
}
