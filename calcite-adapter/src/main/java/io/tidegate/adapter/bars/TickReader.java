package io.tidegate.adapter.bars;

import io.tidegate.functions.FixedPoint;
import io.tidegate.functions.TickColumns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Copies slices of Arrow batches into the arrays that the kernel reads. The arrays are those of one
 * slice and stay in the processor's cache.
 */
final class TickReader {
  /** Rows that are copied and given to the kernel together: one of its blocks. */
  static final int SLICE_ROWS = 4096;

  /** Amounts from here on have no raw value. */
  private static final double AMOUNT_LIMIT = 0x1p63 / FixedPoint.SCALE;

  private final String function;
  private final TickLayout layout;
  private final TickColumns columns;
  private final double[] doubles = new double[SLICE_ROWS];
  private final long[] words = new long[2 * SLICE_ROWS];
  private final byte[] packed = new byte[SLICE_ROWS / 8 + 1];
  private long rowsBefore;

  /** Reads for a function, whose name begins every message. */
  TickReader(String function, TickLayout layout) {
    this.function = function;
    this.layout = layout;
    this.columns =
        new TickColumns(
            new long[SLICE_ROWS],
            new long[SLICE_ROWS],
            new long[SLICE_ROWS],
            layout.aggTradeIds() ? new long[SLICE_ROWS] : null,
            layout.tradeIds() ? new long[SLICE_ROWS] : null,
            layout.tradeIds() ? new long[SLICE_ROWS] : null,
            layout.buyerMaker() ? new byte[SLICE_ROWS] : null);
  }

  /** The ticks that were read last. */
  TickColumns columns() {
    return columns;
  }

  /** Refuses a batch in which a value is missing. */
  void checkPresent(List<FieldVector> vectors, long newRowsBefore) {
    rowsBefore = newRowsBefore;
    for (FieldVector vector : vectors.subList(layout.partitionKeys(), layout.columns())) {
      if (vector.getNullCount() > 0) {
        int row = 0;
        while (!vector.isNull(row)) {
          row++;
        }
        throw refused(vector, "must not be NULL but is", row, "");
      }
    }
  }

  /**
   * Reads rows of a batch.
   *
   * @param rows at most {@link #SLICE_ROWS}
   * @param newRowsBefore how many rows of the whole input lie before the batch
   */
  void read(List<FieldVector> vectors, int from, int rows, long newRowsBefore) {
    rowsBefore = newRowsBefore;
    int next = layout.partitionKeys();
    times(vectors.get(next++), from, rows);
    amounts(vectors.get(next++), from, rows, columns.priceRaw());
    amounts(vectors.get(next++), from, rows, columns.volumeRaw());
    if (layout.aggTradeIds()) {
      longs(vectors.get(next++), from, rows).get(columns.aggTradeIds(), 0, rows);
    }
    if (layout.tradeIds()) {
      longs(vectors.get(next++), from, rows).get(columns.firstTradeIds(), 0, rows);
      longs(vectors.get(next++), from, rows).get(columns.lastTradeIds(), 0, rows);
    }
    if (layout.buyerMaker()) {
      flags(vectors.get(next), from, rows);
    }
  }

  private void times(FieldVector vector, int from, int rows) {
    if (!(vector instanceof TimeStampVector)
        || ((ArrowType.Timestamp) vector.getField().getType()).getUnit() != TimeUnit.MICROSECOND) {
      throw unexpected(vector);
    }
    longs(vector, from, rows).get(columns.tsMicros(), 0, rows);
  }

  private void amounts(FieldVector vector, int from, int rows, long[] raw) {
    if (vector instanceof Float8Vector) {
      bytes(vector, from, rows, Double.BYTES).asDoubleBuffer().get(doubles, 0, rows);
      for (int row = 0; row < rows; row++) {
        double value = doubles[row];
        if (!(Math.abs(value) < AMOUNT_LIMIT)) {
          throw refused(vector, "must be below 92233720368.54775808 but is", from + row, value);
        }
        raw[row] = FixedPoint.fromDouble(value);
      }
    } else if (vector instanceof DecimalVector decimal) {
      decimals(decimal, from, rows, raw);
    } else if (vector instanceof BigIntVector) {
      longs(vector, from, rows).get(raw, 0, rows);
    } else {
      throw unexpected(vector);
    }
  }

  private void decimals(DecimalVector vector, int from, int rows, long[] raw) {
    long factor = 1;
    for (int scale = vector.getScale(); scale < 8; scale++) {
      factor *= 10;
    }
    bytes(vector, from, rows, DecimalVector.TYPE_WIDTH).asLongBuffer().get(words, 0, 2 * rows);
    for (int row = 0; row < rows; row++) {
      long low = words[2 * row];
      long high = words[2 * row + 1];
      long value = low * factor;
      if (high != low >> 63 || Math.multiplyHigh(low, factor) != value >> 63) {
        throw refused(
            vector,
            "must be below 92233720368.54775808 but is",
            from + row,
            vector.getObject(from + row));
      }
      raw[row] = value;
    }
  }

  private void flags(FieldVector vector, int from, int rows) {
    byte[] flags = columns.buyerMaker();
    if (vector instanceof BitVector bits) {
      int first = from & 7;
      bits.getDataBuffer().getBytes(from >> 3, packed, 0, (first + rows + 7) >> 3);
      for (int row = 0; row < rows; row++) {
        int bit = first + row;
        flags[row] = (byte) (packed[bit >> 3] >> (bit & 7) & 1);
      }
      return;
    }
    LongBuffer values = longs(vector, from, rows);
    for (int row = 0; row < rows; row++) {
      long value = values.get(row);
      if ((value & ~1) != 0) {
        throw refused(vector, "must be 0 or 1 but is", from + row, value);
      }
      flags[row] = (byte) value;
    }
  }

  private LongBuffer longs(FieldVector vector, int from, int rows) {
    if (!(vector instanceof BigIntVector || vector instanceof TimeStampVector)) {
      throw unexpected(vector);
    }
    return bytes(vector, from, rows, Long.BYTES).asLongBuffer();
  }

  private static ByteBuffer bytes(FieldVector vector, int from, int rows, int width) {
    return vector
        .getDataBuffer()
        .nioBuffer((long) from * width, rows * width)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private IllegalArgumentException refused(FieldVector vector, String rule, int row, Object value) {
    String shown = value.toString();
    return new IllegalArgumentException(
        function
            + ": column '"
            + vector.getName()
            + "' "
            + rule
            + (shown.isEmpty() ? "" : " " + shown)
            + " in row "
            + (rowsBefore + row + 1)
            + " of the ordered input");
  }

  private IllegalStateException unexpected(FieldVector vector) {
    return new IllegalStateException(function + ": input column arrived as " + vector.getField());
  }
}
