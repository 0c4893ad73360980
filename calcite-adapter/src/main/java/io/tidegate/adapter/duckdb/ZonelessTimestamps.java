package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ForwardingArrowReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * The batches of another reader with its timestamps in UTC as timestamps without a zone: the same
 * numbers under another type. DuckDB would convert one to the other through a calendar, row by row,
 * which takes as long as a join.
 */
final class ZonelessTimestamps extends ForwardingArrowReader {
  private final BufferAllocator allocator;
  private VectorSchemaRoot zoneless;

  ZonelessTimestamps(ArrowReader reader, BufferAllocator allocator) {
    super(reader, allocator);
    this.allocator = allocator;
  }

  private static boolean isUtc(Field field) {
    // DuckDB knows nanoseconds without a zone as a type of its own.
    return field.getType() instanceof ArrowType.Timestamp timestamp
        && "UTC".equals(timestamp.getTimezone())
        && timestamp.getUnit() != TimeUnit.NANOSECOND;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
    if (zoneless == null) {
      List<FieldVector> vectors = new ArrayList<>();
      for (FieldVector vector : super.getVectorSchemaRoot().getFieldVectors()) {
        vectors.add(
            isUtc(vector.getField())
                ? zoneless(vector.getField()).createVector(allocator)
                : vector);
      }
      zoneless = new VectorSchemaRoot(vectors);
    }
    return zoneless;
  }

  private static Field zoneless(Field field) {
    ArrowType.Timestamp type = (ArrowType.Timestamp) field.getType();
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), new ArrowType.Timestamp(type.getUnit(), null), null),
        List.of());
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    VectorSchemaRoot root = getVectorSchemaRoot();
    boolean more = super.loadNextBatch();
    VectorSchemaRoot source = super.getVectorSchemaRoot();
    for (int column = 0; column < root.getFieldVectors().size(); column++) {
      if (root.getVector(column) != source.getVector(column)) {
        TimeStampVector zoned = (TimeStampVector) source.getVector(column);
        root.getVector(column)
            .loadFieldBuffers(
                new ArrowFieldNode(zoned.getValueCount(), zoned.getNullCount()),
                zoned.getFieldBuffers());
      }
    }
    root.setRowCount(source.getRowCount());
    return more;
  }

  @Override
  protected void closeReadSource() throws IOException {
    if (zoneless != null) {
      zoneless.close();
    }
    super.closeReadSource();
  }
}
