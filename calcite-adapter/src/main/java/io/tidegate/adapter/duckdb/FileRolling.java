package io.tidegate.adapter.duckdb;

import java.util.OptionalLong;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How many rows the next file of a partition takes, so that files come out near a target size.
 *
 * <p>The first file is estimated by the width of its columns, the others by what the one before
 * came to on the disk. Both follow from the rows alone, so the same rows give the same files.
 */
final class FileRolling {
  /** What a value of no fixed width is taken for, in bytes. */
  private static final int TEXT_BYTES = 16;

  private static final int VALUE_BYTES = 8;

  private final OptionalLong targetBytes;
  private long rows;

  FileRolling(OptionalLong targetBytes, Schema schema) {
    this.targetBytes = targetBytes;
    this.rows = rows(targetBytes, schema);
  }

  private static long rows(OptionalLong targetBytes, Schema schema) {
    if (targetBytes.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long width = 0;
    for (Field field : schema.getFields()) {
      width +=
          switch (field.getType().getTypeID()) {
            case Utf8, LargeUtf8, Binary, LargeBinary, Decimal -> TEXT_BYTES;
            default -> VALUE_BYTES;
          };
    }
    return wholeVectors(targetBytes.getAsLong() / Math.max(1, width));
  }

  /** Rows of the next file: a multiple of {@link WholeVectors#VECTOR_ROWS}. */
  long rows() {
    return rows;
  }

  /** Takes what a file has come to. */
  void written(long fileRows, long fileBytes) {
    if (targetBytes.isPresent()) {
      rows =
          wholeVectors(
              (long) (fileRows * (targetBytes.getAsLong() / (double) Math.max(1, fileBytes))));
    }
  }

  private static long wholeVectors(long rows) {
    return Math.max(1, rows / WholeVectors.VECTOR_ROWS) * WholeVectors.VECTOR_ROWS;
  }
}
