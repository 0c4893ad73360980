package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A table as CREATE TABLE describes it, before a store has taken it.
 *
 * @param columns columns with their types, nullable unless declared otherwise
 * @param partitionedBy what rows are kept apart by, outermost first
 * @param sortedBy columns that rows are ordered by
 * @param options WITH (key = value, ...), keys in lower case
 */
public record TableDefinition(
    String name,
    RelDataType columns,
    List<PartitionTerm> partitionedBy,
    List<String> sortedBy,
    Map<String, String> options) {
  public TableDefinition {
    requireNonNull(name, "name");
    requireNonNull(columns, "columns");
    partitionedBy = List.copyOf(partitionedBy);
    sortedBy = List.copyOf(sortedBy);
    options = Map.copyOf(options);
  }
}
