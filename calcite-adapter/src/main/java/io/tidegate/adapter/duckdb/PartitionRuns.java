package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.functions.MintBucket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.ElementAddressableVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Counts partitions as they come, from 0, and finds the rows of each in a batch.
 *
 * <p>What a level's value costs to compute decides where that is done. A hash is computed here,
 * once for a run of equal mints, of which an ordered table has few; everything else comes computed
 * with the rows, as text in a column behind those of the table.
 */
final class PartitionRuns {
  /** Hashes that are remembered, for rows that do not come mint by mint. */
  private static final int KNOWN_BUCKETS = 65_536;

  private final List<Level> levels = new ArrayList<>();
  private final Map<List<Optional<String>>, Integer> numbers = new HashMap<>();
  private final List<List<Optional<String>>> values = new ArrayList<>();
  private final Map<String, String> buckets = new HashMap<>();

  /** The column that a level's value is in, or is computed from. */
  private record Level(int column, boolean bucket) {}

  PartitionRuns(LakeTableDefinition definition) {
    int next = definition.columns().size();
    for (PartitionExpression expression : definition.partitionedBy()) {
      levels.add(
          comesWithRows(expression)
              ? new Level(next++, false)
              : new Level(column(definition, expression), true));
    }
  }

  private static int column(LakeTableDefinition definition, PartitionExpression expression) {
    return definition.columns().indexOf(definition.column(expression.column()).orElseThrow());
  }

  /** Whether the rows bring an expression's value with them. */
  static boolean comesWithRows(PartitionExpression expression) {
    return !(expression instanceof PartitionExpression.Bucket);
  }

  /** Rows {@code from} to {@code to}, without it, of one partition. */
  record Run(int partition, int from, int to) {
    int rows() {
      return to - from;
    }
  }

  /** The values of each partition met, by its number. */
  List<List<Optional<String>>> partitions() {
    return values;
  }

  /** The runs of rows of one partition, in the batch's order. */
  List<Run> of(VectorSchemaRoot batch) {
    List<Run> runs = new ArrayList<>();
    List<FieldVector> keys = levels.stream().map(level -> batch.getVector(level.column())).toList();
    Change change = new Change(keys);
    int from = 0;
    for (int row = 1; row <= batch.getRowCount(); row++) {
      if (row == batch.getRowCount() || change.at(row)) {
        runs.add(new Run(number(keys, from), from, row));
        from = row;
      }
    }
    return runs;
  }

  private int number(List<FieldVector> keys, int row) {
    List<Optional<String>> partition = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Optional<String> text = Optional.ofNullable(keys.get(i).getObject(row)).map(Object::toString);
      partition.add(levels.get(i).bucket() ? text.map(this::bucket) : text);
    }
    Integer known = numbers.putIfAbsent(partition, values.size());
    if (known != null) {
      return known;
    }
    values.add(partition);
    return values.size() - 1;
  }

  private String bucket(String mint) {
    if (buckets.size() == KNOWN_BUCKETS) {
      buckets.clear();
    }
    return buckets.computeIfAbsent(mint, MintBucket::of);
  }

  /** Whether a row's partition is another than that of the row before. */
  private static final class Change {
    private final List<FieldVector> keys;
    private final ArrowBufPointer before = new ArrowBufPointer();
    private final ArrowBufPointer here = new ArrowBufPointer();

    Change(List<FieldVector> keys) {
      this.keys = keys;
    }

    boolean at(int row) {
      for (FieldVector key : keys) {
        ElementAddressableVector texts = (ElementAddressableVector) key;
        if (!texts.getDataPointer(row, here).equals(texts.getDataPointer(row - 1, before))) {
          return true;
        }
      }
      return false;
    }
  }

  /** The same rows in order of their partition, those of one partition in the order they had. */
  static Sorted sort(List<Run> runs, int rows) {
    List<Run> byPartition = new ArrayList<>(runs);
    byPartition.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
    int[] order = new int[rows];
    List<Run> merged = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < byPartition.size(); ) {
      int start = at;
      int partition = byPartition.get(i).partition();
      for (; i < byPartition.size() && byPartition.get(i).partition() == partition; i++) {
        for (int row = byPartition.get(i).from(); row < byPartition.get(i).to(); row++) {
          order[at++] = row;
        }
      }
      merged.add(new Run(partition, start, at));
    }
    return new Sorted(order, merged);
  }

  /** An order of rows, and the runs that they make in it. */
  record Sorted(int[] order, List<Run> runs) {}
}
