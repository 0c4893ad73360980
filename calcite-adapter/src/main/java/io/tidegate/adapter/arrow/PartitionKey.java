package io.tidegate.adapter.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.compare.Range;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The key of the partition that is being read, of any types. It is a copy: the batch it came from
 * may be gone when the partition's last row is written. NULL equals NULL.
 */
public final class PartitionKey implements AutoCloseable {
  private final List<FieldVector> values = new ArrayList<>();
  private boolean present;

  /** A key that is none yet; the fields are those of its columns. */
  public PartitionKey(List<Field> fields, BufferAllocator allocator) {
    for (Field field : fields) {
      values.add(field.createVector(allocator));
    }
  }

  /** Becomes the key of a row. */
  public void set(List<FieldVector> keys, int row) {
    for (int i = 0; i < values.size(); i++) {
      FieldVector value = values.get(i);
      value.clear();
      value.setInitialCapacity(1);
      value.allocateNew();
      value.copyFromSafe(row, 0, keys.get(i));
      value.setValueCount(1);
    }
    present = true;
  }

  /**
   * The end of the rows from {@code from} on that have this key; {@code from} if there are none.
   * Rows with equal keys lie together, so a binary search finds it.
   */
  public int end(List<FieldVector> keys, int from, int rows) {
    if (!present || from == rows || !equalsRow(keys, from)) {
      return from;
    }
    if (equalsRow(keys, rows - 1)) {
      return rows;
    }
    int equal = from;
    int different = rows - 1;
    while (different - equal > 1) {
      int middle = (equal + different) >>> 1;
      if (equalsRow(keys, middle)) {
        equal = middle;
      } else {
        different = middle;
      }
    }
    return different;
  }

  private boolean equalsRow(List<FieldVector> keys, int row) {
    for (int i = 0; i < values.size(); i++) {
      if (!new RangeEqualsVisitor(values.get(i), keys.get(i)).rangeEquals(new Range(0, row, 1))) {
        return false;
      }
    }
    return true;
  }

  /** Becomes a copy of another key of the same columns. */
  public void copyFrom(PartitionKey other) {
    if (other.present) {
      set(other.values, 0);
    }
    present = other.present;
  }

  /** The key: one value in each vector. */
  public List<FieldVector> values() {
    return values;
  }

  /** The key for messages, such as {@code symbol = BTC}; empty without keys. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (FieldVector value : values) {
      parts.add(value.getName() + " = " + (present ? value.getObject(0) : "?"));
    }
    return String.join(", ", parts);
  }

  @Override
  public void close() {
    values.forEach(FieldVector::close);
  }
}
