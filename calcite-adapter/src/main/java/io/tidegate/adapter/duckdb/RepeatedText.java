package io.tidegate.adapter.duckdb;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Rows of a column of texts that are all equal. */
final class RepeatedText {
  private RepeatedText() {}

  /** Whether rows of a column, two or more, all have one text. NULL is no text. */
  static boolean is(FieldVector column, int from, int rows) {
    if (!(column instanceof BaseVariableWidthVector texts)
        || rows < 2
        || texts.getNullCount() > 0) {
      return false;
    }
    ArrowBuf offsets = texts.getOffsetBuffer();
    int start = offsets.getInt(from * 4L);
    int length = offsets.getInt((from + 1) * 4L) - start;
    int end = start + length;
    for (int row = from + 2; row <= from + rows; row++) {
      end += length;
      if (offsets.getInt(row * 4L) != end) {
        return false;
      }
    }
    // Each byte equals the one that is a length behind it.
    ArrowBuf data = texts.getDataBuffer();
    return ByteFunctionHelpers.equal(data, start, end - length, data, start + length, end) != 0;
  }

  /** Gives each of the rows the column's one text. */
  static void repeat(FieldVector column, int rows) {
    BaseVariableWidthVector texts = (BaseVariableWidthVector) column;
    int length = texts.getOffsetBuffer().getInt(4) - texts.getOffsetBuffer().getInt(0);
    byte[] text = new byte[length];
    texts.getDataBuffer().getBytes(texts.getOffsetBuffer().getInt(0), text);
    texts.clear();
    texts.allocateNew((long) length * rows, rows);
    ArrowBuf data = texts.getDataBuffer();
    ArrowBuf offsets = texts.getOffsetBuffer();
    offsets.setInt(0, 0);
    for (int row = 0; row < rows; row++) {
      data.setBytes((long) row * length, text);
      offsets.setInt((row + 1) * 4L, (row + 1) * length);
    }
    texts.getValidityBuffer().setOne(0, BitVectorHelper.getValidityBufferSize(rows));
    texts.setLastSet(rows - 1);
    texts.setValueCount(rows);
  }
}
