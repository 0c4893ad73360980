package io.tidegate.adapter.slices;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ComputedRows;
import io.tidegate.adapter.arrow.PartitionKey;
import io.tidegate.functions.Coverage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The coverage of alerts, batch by batch: the alerts that end in a batch of the input are one. */
final class CoverageReader extends ComputedRows {
  private final CoverageFunction function;
  private final ArrowReader input;
  private final ArrowExecution execution;
  private final Schema schema;
  private final PartitionKey alert;

  /** Counts for the alert that is being read; null before the first. */
  private Coverage.Counter counter;

  private boolean ended;

  /** Takes the input over, unless it throws. */
  CoverageReader(CoverageFunction function, ArrowReader input, ArrowExecution execution)
      throws IOException {
    super(execution.allocator());
    this.function = function;
    this.input = input;
    this.execution = execution;
    List<Field> given = input.getVectorSchemaRoot().getSchema().getFields();
    if (given.size() != function.keys() + 1) {
      throw new IllegalStateException(CoverageFunction.NAME + ": the input has " + given);
    }
    List<Field> keys = given.subList(0, function.keys());
    List<Field> fields = new ArrayList<>(keys);
    for (CoverageColumn column : CoverageColumn.values()) {
      fields.add(new Field(column.sqlName(), FieldType.nullable(column.arrow()), List.of()));
    }
    this.schema = new Schema(fields);
    this.alert = new PartitionKey(keys, execution.allocator());
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  @Override
  protected int fill(VectorSchemaRoot root) throws SQLException, IOException {
    root.allocateNew();
    int rows = 0;
    while (rows == 0 && !ended) {
      execution.checkCancelled();
      if (input.loadNextBatch()) {
        rows = read(input.getVectorSchemaRoot(), root);
      } else {
        ended = true;
        rows = counter == null ? 0 : write(root, 0);
      }
    }
    return rows;
  }

  /** Counts a batch and returns how many alerts ended in it. */
  private int read(VectorSchemaRoot batch, VectorSchemaRoot output) {
    int written = 0;
    int rows = batch.getRowCount();
    List<FieldVector> keys = batch.getFieldVectors().subList(0, function.keys());
    TimeStampVector times = (TimeStampVector) batch.getVector(function.keys());
    int row = 0;
    while (row < rows) {
      int end = alert.end(keys, row, rows);
      if (end == row) {
        if (counter != null) {
          write(output, written++);
        }
        begin(keys, row);
        end = alert.end(keys, row, rows);
      }
      for (; row < end; row++) {
        if (!times.isNull(row)) {
          counter.candle(times.get(row));
        }
      }
    }
    return written;
  }

  private void begin(List<FieldVector> keys, int row) {
    alert.set(keys, row);
    TimeStampVector time = (TimeStampVector) keys.get(function.alertTime());
    if (time.isNull(row)) {
      throw new IllegalArgumentException(
          CoverageFunction.NAME + ": an alert needs a time, but that of " + alert + " is NULL");
    }
    counter = new Coverage.Counter(time.get(row), function.intervalSeconds(), function.window());
  }

  /** Writes the alert that has ended and returns the number of rows that there are now. */
  private int write(VectorSchemaRoot output, int row) {
    for (int i = 0; i < function.keys(); i++) {
      output.getVector(i).copyFromSafe(0, row, alert.values().get(i));
    }
    Coverage coverage = counter.finish();
    for (CoverageColumn column : CoverageColumn.values()) {
      FieldVector vector = output.getVector(function.keys() + column.ordinal());
      Object value = column.value(coverage);
      if (value == null) {
        ((BigIntVector) vector).setNull(row);
      } else if (value instanceof String text) {
        ((VarCharVector) vector).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
      } else {
        ((BigIntVector) vector).setSafe(row, (Long) value);
      }
    }
    return row + 1;
  }

  @Override
  public long bytesRead() {
    return input.bytesRead();
  }

  @Override
  protected void closeReadSource() throws IOException {
    alert.close();
    input.close();
  }
}
