package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a lake table is: kept as {@code _table.json} in its directory, and never changed.
 *
 * @param columns the columns, in the order of the files
 * @param partitionedBy one directory level each, outermost first
 * @param sortedBy names of the columns that files are sorted by, ascending, NULLs last
 * @param codec how pages are compressed
 */
public record LakeTableDefinition(
    List<LakeColumn> columns,
    List<PartitionExpression> partitionedBy,
    List<String> sortedBy,
    LakeCodec codec) {

  /** The directory key that names the run; every table's directories have it. */
  public static final String RUN_KEY = "run_id";

  public LakeTableDefinition {
    columns = List.copyOf(columns);
    partitionedBy = List.copyOf(partitionedBy);
    sortedBy = List.copyOf(sortedBy);
    requireNonNull(codec, "codec");
  }

  /** The column of that name, matched without case. */
  public Optional<LakeColumn> column(String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  /**
   * The columns in the order that rows are told apart by: the sort key, then all others. Where a
   * table has a sort key its files are in this order, so that the same rows give the same bytes.
   */
  public List<LakeColumn> totalOrder() {
    Set<LakeColumn> order = new LinkedHashSet<>();
    sortedBy.forEach(name -> order.add(column(name).orElseThrow()));
    order.addAll(columns);
    return List.copyOf(order);
  }

  /** The type of a directory's value. */
  public LakeType partitionType(PartitionExpression expression) throws LakeException {
    LakeColumn column =
        column(expression.column())
            .orElseThrow(
                () ->
                    LakeException.invalid(
                        "Cannot partition by "
                            + expression.sql()
                            + ": there is no column "
                            + expression.column()));
    return expression.valueType(column.type());
  }

  /** Refuses what cannot be a table. */
  void check() throws LakeException {
    if (columns.isEmpty()) {
      throw LakeException.invalid("a lake table needs at least one column");
    }
    Set<String> names = new HashSet<>();
    for (LakeColumn column : columns) {
      if (column.name().isEmpty()) {
        throw LakeException.invalid("a column of a lake table needs a name");
      }
      if (!names.add(folded(column.name()))) {
        throw LakeException.invalid("column " + column.name() + " is there twice");
      }
      if (column.name().equalsIgnoreCase(RUN_KEY)) {
        throw LakeException.invalid(
            "column " + column.name() + ": the name is taken by the lake's own run directories");
      }
    }
    checkPartitions(names);
    Set<String> sorted = new HashSet<>();
    for (String name : sortedBy) {
      if (!names.contains(folded(name))) {
        throw LakeException.invalid("Cannot sort by " + name + ": there is no such column");
      }
      if (!sorted.add(folded(name))) {
        throw LakeException.invalid("Cannot sort by " + name + " twice");
      }
    }
  }

  private void checkPartitions(Set<String> columnNames) throws LakeException {
    Set<String> keys = new HashSet<>(Set.of(RUN_KEY));
    for (PartitionExpression expression : partitionedBy) {
      partitionType(expression);
      String key = LakeNames.checkKey(expression.key());
      boolean identity = expression instanceof PartitionExpression.Identity;
      if (!identity && columnNames.contains(folded(key))) {
        throw LakeException.invalid(
            "Cannot partition by "
                + expression.sql()
                + ": its directory key "
                + key
                + " is a column's name; give another with AS");
      }
      if (!keys.add(folded(key))) {
        throw LakeException.invalid(
            "Cannot partition by "
                + expression.sql()
                + ": the directory key "
                + key
                + " is taken; give another with AS");
      }
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
