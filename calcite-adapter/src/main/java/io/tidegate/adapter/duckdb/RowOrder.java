package io.tidegate.adapter.duckdb;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Copies the values of a vector in another order, column by column. */
final class RowOrder {
  private final int[] rows;

  /** An order; {@code rows[i]} is the old place of what comes to place i. */
  RowOrder(int[] rows) {
    this.rows = rows;
  }

  /** Fills an empty vector of the same type. */
  void copy(FieldVector from, FieldVector to) {
    if (from instanceof BaseVariableWidthVector texts) {
      copyTexts(texts, (BaseVariableWidthVector) to);
    } else if (from instanceof BaseFixedWidthVector values && !(from instanceof BitVector)) {
      copyValues(values, (BaseFixedWidthVector) to);
    } else {
      to.allocateNew();
      for (int i = 0; i < rows.length; i++) {
        to.copyFromSafe(rows[i], i, from);
      }
    }
    to.setValueCount(rows.length);
  }

  private void copyValues(BaseFixedWidthVector from, BaseFixedWidthVector to) {
    to.allocateNew(rows.length);
    ArrowBuf source = from.getDataBuffer();
    ArrowBuf target = to.getDataBuffer();
    int width = from.getTypeWidth();
    for (int i = 0; i < rows.length; i++) {
      long at = (long) rows[i] * width;
      switch (width) {
        case 8 -> target.setLong(i * 8L, source.getLong(at));
        case 4 -> target.setInt(i * 4L, source.getInt(at));
        case 2 -> target.setShort(i * 2L, source.getShort(at));
        case 1 -> target.setByte(i, source.getByte(at));
        default -> target.setBytes((long) i * width, source, at, width);
      }
    }
    copyValidity(from, to);
  }

  private void copyTexts(BaseVariableWidthVector from, BaseVariableWidthVector to) {
    ArrowBuf offsets = from.getOffsetBuffer();
    long bytes = 0;
    for (int row : rows) {
      bytes += offsets.getInt((row + 1) * 4L) - offsets.getInt(row * 4L);
    }
    to.allocateNew(bytes, rows.length);
    ArrowBuf source = from.getDataBuffer();
    ArrowBuf target = to.getDataBuffer();
    ArrowBuf ends = to.getOffsetBuffer();
    int end = 0;
    ends.setInt(0, 0);
    for (int i = 0; i < rows.length; i++) {
      int start = offsets.getInt(rows[i] * 4L);
      int length = offsets.getInt((rows[i] + 1) * 4L) - start;
      target.setBytes(end, source, start, length);
      end += length;
      ends.setInt((i + 1) * 4L, end);
    }
    copyValidity(from, to);
    to.setLastSet(rows.length - 1);
  }

  private void copyValidity(FieldVector from, FieldVector to) {
    ArrowBuf valid = to.getValidityBuffer();
    if (from.getNullCount() == 0) {
      valid.setOne(0, BitVectorHelper.getValidityBufferSize(rows.length));
      return;
    }
    for (int i = 0; i < rows.length; i++) {
      BitVectorHelper.setValidityBit(valid, i, from.isNull(rows[i]) ? 0 : 1);
    }
  }
}
