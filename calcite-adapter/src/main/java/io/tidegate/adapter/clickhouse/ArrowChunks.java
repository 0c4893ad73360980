package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.RangeEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;

/** Cuts Arrow batches into the chunks of an insert and encodes them. */
final class ArrowChunks {
  /** Schema, headers and padding of an Arrow stream, for the whole and for each column. */
  private static final int ENVELOPE_BYTES = 1 << 10;

  static final int LARGEST_CHUNK_ROWS = 262_144;

  private final VectorSchemaRoot batch;
  private final List<String> columns;
  private final OptionalInt partitionColumn;

  /** Some consecutive rows of the current batch. */
  record Range(int start, int rows) {}

  ArrowChunks(VectorSchemaRoot batch, List<String> columns, OptionalInt partitionColumn) {
    int width = batch.getFieldVectors().size() - (partitionColumn.isPresent() ? 1 : 0);
    if (width != columns.size()
        || (partitionColumn.isPresent() && partitionColumn.getAsInt() != width)) {
      throw new IllegalArgumentException(
          "The source has %d columns, partition value at %s, for %d columns of the target"
              .formatted(batch.getFieldVectors().size(), partitionColumn, columns.size()));
    }
    this.batch = batch;
    this.columns = columns;
    this.partitionColumn = partitionColumn;
  }

  /** The chunks of the batch that is loaded now. */
  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    int rows = batch.getRowCount();
    int start = 0;
    while (start < rows) {
      int end = Math.min(rows, start + LARGEST_CHUNK_ROWS);
      if (partitionColumn.isPresent()) {
        end = samePartition(batch.getVector(partitionColumn.getAsInt()), start, end);
      }
      ranges.add(new Range(start, end - start));
      start = end;
    }
    return ranges;
  }

  /** Rows are sorted by partition, so its end is found by halving. */
  private static int samePartition(FieldVector partition, int start, int end) {
    int same = start;
    int other = end;
    while (other - same > 1) {
      int middle = (same + other) >>> 1;
      if (equal(partition, start, middle)) {
        same = middle;
      } else {
        other = middle;
      }
    }
    return same + 1;
  }

  private static boolean equal(FieldVector vector, int left, int right) {
    return new RangeEqualsVisitor(vector, vector)
        .rangeEquals(new org.apache.arrow.vector.compare.Range(left, right, 1));
  }

  boolean hasNull(int column, Range range) {
    FieldVector vector = batch.getVector(column);
    if (vector.getNullCount() == 0) {
      return false;
    }
    for (int row = range.start(); row < range.start() + range.rows(); row++) {
      if (vector.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  /** The first value of a column that is outside a limit; NULL is in any. */
  Optional<Object> firstOutside(int column, Range range, ValueLimit limit) {
    FieldVector vector = batch.getVector(column);
    for (int row = range.start(); row < range.start() + range.rows(); row++) {
      if (!vector.isNull(row) && !limit.takes(vector, row)) {
        return Optional.of(vector.getObject(row));
      }
    }
    return Optional.empty();
  }

  /**
   * Writes the rows as a whole Arrow stream of one batch, whose columns have the target's names.
   */
  void encode(Range range, ChunkBytes bytes) throws IOException {
    VectorSchemaRoot rows =
        range.start() == 0 && range.rows() == batch.getRowCount()
            ? batch
            : batch.slice(range.start(), range.rows());
    try {
      List<Field> fields = new ArrayList<>();
      List<FieldVector> vectors = rows.getFieldVectors().subList(0, columns.size());
      for (int i = 0; i < columns.size(); i++) {
        blankNulls(vectors.get(i), range.rows());
        Field field = vectors.get(i).getField();
        fields.add(new Field(columns.get(i), field.getFieldType(), field.getChildren()));
      }
      bytes.begin(
          vectors.stream().mapToLong(FieldVector::getBufferSize).sum()
              + ENVELOPE_BYTES * (1L + columns.size()));
      // Not closed: it would close vectors that belong to the source.
      VectorSchemaRoot named = new VectorSchemaRoot(fields, vectors, range.rows());
      try (ArrowStreamWriter writer = new ArrowStreamWriter(named, null, bytes)) {
        writer.writeBatch();
        writer.end();
      }
    } finally {
      if (rows != batch) {
        rows.close();
      }
    }
  }

  /**
   * ClickHouse checks the range of a date, time or decimal even where it is NULL, and DuckDB leaves
   * anything there.
   */
  private static void blankNulls(FieldVector vector, int rows) {
    int width = 0;
    if (vector instanceof DateDayVector
        || vector instanceof TimeStampVector
        || vector instanceof DecimalVector) {
      width = ((BaseFixedWidthVector) vector).getTypeWidth();
    }
    if (width == 0 || vector.getNullCount() == 0) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      if (vector.isNull(row)) {
        vector.getDataBuffer().setZero((long) row * width, width);
      }
    }
  }
}
