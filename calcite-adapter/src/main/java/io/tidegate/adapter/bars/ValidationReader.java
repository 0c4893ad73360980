package io.tidegate.adapter.bars;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ComputedRows;
import io.tidegate.adapter.arrow.PartitionKey;
import io.tidegate.functions.BarCheck;
import io.tidegate.functions.BarChecks;
import io.tidegate.functions.BarField;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The checks of an ordered input, partition by partition. */
final class ValidationReader extends ComputedRows {
  /** Rows that are copied and given to the kernel together. */
  private static final int SLICE_ROWS = 4096;

  /** An output batch is given out when it has this many rows. */
  private static final int BATCH_ROWS = 8192;

  private final ValidationFunction function;
  private final ArrowReader input;
  private final ArrowExecution execution;
  private final int keyCount;
  private final Schema schema;
  private final double[][] slice = new double[BarField.values().length][];
  private final PartitionKey key;

  /** What validates the partition in hand, or null if none is begun. */
  private BarChecks validation;

  private List<FieldVector> inputVectors = List.of();
  private int inputRows;
  private int inputRow;
  private boolean inputEnded;

  /** Takes the input over, unless it throws. */
  ValidationReader(ValidationFunction function, ArrowReader input, ArrowExecution execution)
      throws IOException {
    super(execution.allocator());
    this.function = function;
    this.input = input;
    this.execution = execution;
    this.keyCount = function.partitionKeys();
    List<Field> given = input.getVectorSchemaRoot().getSchema().getFields();
    if (given.size() != keyCount + function.fields().size() + function.ordering()) {
      throw new IllegalStateException(function.name() + ": the input has the columns " + given);
    }
    List<Field> fields = new ArrayList<>(given.subList(0, keyCount));
    for (CheckColumn column : function.columns()) {
      fields.add(new Field(column.sqlName(), FieldType.nullable(column.type().arrow()), List.of()));
    }
    this.schema = new Schema(fields);
    this.key = new PartitionKey(given.subList(0, keyCount), execution.allocator());
    for (BarField field : function.fields()) {
      slice[field.ordinal()] = new double[SLICE_ROWS];
    }
    if (keyCount == 0) {
      validation = function.validations().get();
    }
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  @Override
  protected int fill(VectorSchemaRoot root) throws SQLException, IOException {
    int rows = 0;
    while (rows < BATCH_ROWS && !inputEnded) {
      rows = validate(root.getFieldVectors(), rows);
    }
    return rows;
  }

  /** Takes the next rows of one partition; gives the rows of output then, more if one ended. */
  private int validate(List<FieldVector> output, int at) throws SQLException, IOException {
    if (inputRow == inputRows && !nextInputBatch()) {
      inputEnded = true;
      return endPartition(output, at);
    }
    if (keyCount == 0) {
      accept(inputRows);
      return at;
    }
    List<FieldVector> keys = inputVectors.subList(0, keyCount);
    int end = validation == null ? inputRow : key.end(keys, inputRow, inputRows);
    int rows = at;
    if (end == inputRow) {
      rows = endPartition(output, at);
      key.set(keys, inputRow);
      validation = function.validations().get();
      end = key.end(keys, inputRow, inputRows);
    }
    accept(end);
    return rows;
  }

  private boolean nextInputBatch() throws SQLException, IOException {
    do {
      inputRows = 0;
      inputRow = 0;
      execution.checkCancelled();
      if (!input.loadNextBatch()) {
        return false;
      }
      inputVectors = input.getVectorSchemaRoot().getFieldVectors();
      inputRows = input.getVectorSchemaRoot().getRowCount();
    } while (inputRows == 0);
    return true;
  }

  private void accept(int end) {
    while (inputRow < end) {
      int count = Math.min(end - inputRow, SLICE_ROWS);
      for (int i = 0; i < function.fields().size(); i++) {
        copy(inputVectors.get(keyCount + i), count, slice[function.fields().get(i).ordinal()]);
      }
      validation.accept(slice, 0, count);
      inputRow += count;
    }
  }

  private void copy(FieldVector vector, int count, double[] target) {
    if (vector instanceof Float8Vector doubles) {
      for (int row = 0; row < count; row++) {
        target[row] = doubles.isNull(inputRow + row) ? Double.NaN : doubles.get(inputRow + row);
      }
    } else if (vector instanceof TimeStampMicroVector times) {
      for (int row = 0; row < count; row++) {
        target[row] = times.isNull(inputRow + row) ? Double.NaN : times.get(inputRow + row);
      }
    } else {
      throw new IllegalStateException(
          function.name() + ": input column arrived as " + vector.getField());
    }
  }

  private int endPartition(List<FieldVector> output, int at) throws SQLException {
    if (validation == null) {
      return at;
    }
    execution.checkCancelled();
    int row = at;
    for (BarCheck check : validation.checks()) {
      for (int column = 0; column < keyCount; column++) {
        output.get(column).copyFromSafe(0, row, key.values().get(column));
      }
      for (int column = 0; column < function.columns().size(); column++) {
        function.columns().get(column).write(check, output.get(keyCount + column), row);
      }
      row++;
    }
    validation = null;
    return row;
  }

  @Override
  public long bytesRead() {
    return input.bytesRead();
  }

  @Override
  protected void closeReadSource() throws IOException {
    key.close();
    input.close();
  }
}
