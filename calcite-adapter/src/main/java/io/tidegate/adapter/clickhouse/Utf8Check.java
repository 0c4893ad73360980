package io.tidegate.adapter.clickhouse;

import com.google.common.base.Utf8;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Finds texts that are none: a ClickHouse String may hold any bytes, and Arrow's Utf8, DuckDB's and
 * Java's texts may not. Shown to a client they would come with other characters in their place.
 */
final class Utf8Check {
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8Check() {}

  /** The name of the first column of a batch that holds such bytes. */
  static Optional<String> firstInvalidColumn(VectorSchemaRoot batch) {
    for (FieldVector vector : batch.getFieldVectors()) {
      if (!isValid(vector)) {
        return Optional.of(vector.getName());
      }
    }
    return Optional.empty();
  }

  private static boolean isValid(FieldVector vector) {
    if (vector instanceof ListVector list) {
      return isValid(list.getDataVector());
    }
    int rows = vector.getValueCount();
    if (rows == 0) {
      return true;
    }
    if (vector instanceof VarCharVector texts) {
      return isAscii(texts.getDataBuffer(), texts.getStartOffset(0), texts.getEndOffset(rows - 1))
          || isValid(vector, texts::get);
    }
    if (vector instanceof LargeVarCharVector texts) {
      return isValid(vector, texts::get);
    }
    return true;
  }

  private interface Texts {
    byte[] get(int row);
  }

  private static boolean isValid(FieldVector vector, Texts texts) {
    for (int row = 0; row < vector.getValueCount(); row++) {
      if (!vector.isNull(row) && !Utf8.isWellFormed(texts.get(row))) {
        return false;
      }
    }
    return true;
  }

  /** Most texts are ASCII, and eight bytes are looked at in one go. */
  private static boolean isAscii(ArrowBuf bytes, long start, long end) {
    long at = start;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      if ((bytes.getLong(at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (bytes.getByte(at) < 0) {
        return false;
      }
    }
    return true;
  }
}
