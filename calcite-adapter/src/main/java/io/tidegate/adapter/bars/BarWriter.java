package io.tidegate.adapter.bars;

import io.tidegate.functions.BarBatch;
import io.tidegate.functions.BarFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Writes finished bars into the vectors of one output batch, column by column. */
final class BarWriter {
  /** 10^38, the first integer that a DECIMAL of 38 digits cannot hold. */
  private static final long LIMIT_HIGH = 0x4B3B4CA85A86C47AL;

  private static final long LIMIT_LOW = 0x098A224000000000L;

  private final String function;
  private final List<BarColumn> columns;
  private final BarFeatures features = new BarFeatures();

  /** Writes some columns for a function, whose name begins every message. */
  BarWriter(String function, List<BarColumn> columns) {
    this.function = function;
    this.columns = columns;
  }

  List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (BarColumn column : columns) {
      fields.add(new Field(column.sqlName(), FieldType.nullable(column.type().arrow()), List.of()));
    }
    return fields;
  }

  /**
   * Writes all bars.
   *
   * @param vectors one for each column, with room for the bars
   * @param at the row that the first bar goes to
   */
  void write(BarBatch bars, List<FieldVector> vectors, int at) {
    if (columns.stream().anyMatch(column -> column.type() == BarColumn.Type.RATIO)) {
      features.compute(bars, 0, bars.size());
    }
    for (int i = 0; i < columns.size(); i++) {
      write(columns.get(i), bars, vectors.get(i), at);
    }
  }

  private void write(BarColumn column, BarBatch bars, FieldVector vector, int at) {
    int count = bars.size();
    switch (column.type()) {
      case TIME, COUNT -> longs(vector, at, count, 1).put(column.longs(bars), 0, count);
      case PRICE -> {
        LongBuffer target = longs(vector, at, count, 2);
        long[] raw = column.longs(bars);
        for (int row = 0; row < count; row++) {
          target.put(raw[row]).put(raw[row] >> 63);
        }
      }
      case AMOUNT, TURNOVER -> {
        LongBuffer target = longs(vector, at, count, 2);
        long[] high = column.highWords(bars);
        long[] low = column.longs(bars);
        for (int row = 0; row < count; row++) {
          if (high[row] >= LIMIT_HIGH
              && (high[row] > LIMIT_HIGH || Long.compareUnsigned(low[row], LIMIT_LOW) >= 0)) {
            throw new IllegalArgumentException(
                function
                    + ": the "
                    + column.sqlName()
                    + " of a bar must fit 38 digits, but that of the bar opened at "
                    + bars.openTimeMicros()[row]
                    + " has more");
          }
          target.put(low[row]).put(high[row]);
        }
      }
      case RATIO -> doubles(vector, at, count).put(column.doubles(features), 0, count);
      case FLAG -> {
        BitVector flags = (BitVector) vector;
        for (int row = 0; row < count; row++) {
          flags.set(at + row, bars.complete()[row] ? 1 : 0);
        }
      }
    }
  }

  /** Makes the first rows valid; everything that was written until now counts. */
  static void finish(List<FieldVector> vectors, int rows) {
    for (FieldVector vector : vectors) {
      vector.getValidityBuffer().setOne(0L, (rows + 7L) / 8);
      vector.setValueCount(rows);
    }
  }

  private static LongBuffer longs(FieldVector vector, int at, int count, int words) {
    return bytes(vector, at, count, words * Long.BYTES).asLongBuffer();
  }

  private static DoubleBuffer doubles(FieldVector vector, int at, int count) {
    return bytes(vector, at, count, Double.BYTES).asDoubleBuffer();
  }

  private static ByteBuffer bytes(FieldVector vector, int at, int count, int width) {
    return vector
        .getDataBuffer()
        .nioBuffer((long) at * width, count * width)
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
