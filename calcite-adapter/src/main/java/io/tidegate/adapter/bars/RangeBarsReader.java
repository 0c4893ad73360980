package io.tidegate.adapter.bars;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.functions.BarBatch;
import io.tidegate.functions.RangeBars;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The bars of an ordered input, batch by batch. Memory is that of one input batch, one output batch
 * and one forming bar.
 */
final class RangeBarsReader extends ArrowReader {
  /** Rows of an output batch. Every slice of the input, and an open bar behind it, must fit. */
  private static final int BATCH_ROWS = 2 * TickReader.SLICE_ROWS;

  private final RangeBarsFunction function;
  private final ArrowReader input;
  private final ArrowExecution execution;
  private final int keyCount;
  private final Schema schema;
  private final PartitionKey key;
  private final TickReader ticks;
  private final BarWriter writer = new BarWriter();
  private final BarBatch bars = new BarBatch(TickReader.SLICE_ROWS + 1);

  private RangeBars machine;
  private List<FieldVector> inputVectors = List.of();
  private int inputRows;
  private int inputRow;
  private boolean inputEnded;

  /** Takes the input over, unless it throws. */
  RangeBarsReader(RangeBarsFunction function, ArrowReader input, ArrowExecution execution)
      throws IOException {
    super(execution.allocator());
    this.function = function;
    this.input = input;
    this.execution = execution;
    this.keyCount = function.layout().partitionKeys();
    this.ticks = new TickReader(function.layout());
    List<Field> given = input.getVectorSchemaRoot().getSchema().getFields();
    if (given.size() != function.layout().columns()) {
      throw new IllegalStateException("range_bars: the input has the columns " + given);
    }
    List<Field> keys = given.subList(0, keyCount);
    for (Field field : keys) {
      if (field.getDictionary() != null) {
        throw new IllegalStateException("range_bars: a key arrived as a dictionary: " + field);
      }
    }
    List<Field> fields = new ArrayList<>(keys);
    fields.addAll(BarWriter.fields());
    this.schema = new Schema(fields);
    this.key = new PartitionKey(keys, execution.allocator());
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    VectorSchemaRoot root = getVectorSchemaRoot();
    // Whoever got the last batch may still hold its memory.
    root.clear();
    try {
      int rows = fill(root.getFieldVectors());
      root.setRowCount(rows);
      return rows > 0;
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), new SQLException(e.getMessage(), "22023", e));
    }
  }

  private int fill(List<FieldVector> output) throws SQLException, IOException {
    int rows = 0;
    while (rows + TickReader.SLICE_ROWS + 1 <= BATCH_ROWS && !inputEnded) {
      if (inputRow == inputRows && !nextInputBatch()) {
        rows += endPartition(output, rows);
        inputEnded = true;
        break;
      }
      List<FieldVector> keys = inputVectors.subList(0, keyCount);
      int end = machine == null ? inputRow : key.end(keys, inputRow, inputRows);
      if (end == inputRow) {
        rows += endPartition(output, rows);
        key.set(keys, inputRow);
        machine = new RangeBars(function.thresholdDbps(), function.timeGate());
        end = key.end(keys, inputRow, inputRows);
      }
      int count = Math.min(end - inputRow, TickReader.SLICE_ROWS);
      ticks.read(inputVectors, inputRow, count);
      accept(count);
      inputRow += count;
      rows += drain(output, rows);
    }
    if (rows > 0) {
      BarWriter.finish(output.subList(keyCount, output.size()), rows);
    }
    return rows;
  }

  /** Gives the kernel what was read. It counts ticks by partition, so its errors name that. */
  private void accept(int count) {
    try {
      machine.accept(ticks.columns(), 0, count, bars);
    } catch (IllegalArgumentException e) {
      throw keyCount == 0
          ? e
          : new IllegalArgumentException(e.getMessage() + " (partition " + key + ")", e);
    }
  }

  /** Goes on to the next batch that has rows; false if there is none. */
  private boolean nextInputBatch() throws SQLException, IOException {
    int rowsBefore = inputRows;
    do {
      execution.checkCancelled();
      if (!input.loadNextBatch()) {
        return false;
      }
      inputVectors = input.getVectorSchemaRoot().getFieldVectors();
      inputRows = input.getVectorSchemaRoot().getRowCount();
      inputRow = 0;
      ticks.startBatch(inputVectors, rowsBefore);
      rowsBefore = 0;
    } while (inputRows == 0);
    return true;
  }

  /** Writes the bar that the partition leaves open, if it is wanted. */
  private int endPartition(List<FieldVector> output, int at) {
    if (machine == null || !function.includeIncomplete()) {
      return 0;
    }
    machine.appendOpenBar(bars);
    return drain(output, at);
  }

  private int drain(List<FieldVector> output, int at) {
    int count = bars.size();
    if (count > 0) {
      if (at == 0) {
        for (FieldVector vector : output) {
          vector.setInitialCapacity(BATCH_ROWS);
          vector.allocateNew();
        }
      }
      key.write(output.subList(0, keyCount), at, count);
      writer.write(bars, output.subList(keyCount, output.size()), at);
      bars.clear();
    }
    return count;
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
