package io.tidegate.adapter.bars;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ComputedRows;
import io.tidegate.adapter.arrow.PartitionKey;
import io.tidegate.functions.BarMachine;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The bars of an ordered input, batch by batch. Memory is that of one input batch, one output batch
 * and one forming bar.
 *
 * <p>The rows are taken in pieces. A piece is cut where partitions begin into a part for each
 * processor, and the parts are worked on at the same time. What comes out does not depend on how
 * many there are: each part carries the partition that it is in over to the next.
 */
final class BarsReader extends ComputedRows {
  /** Rows of the input that are worked on together; their bars are one output batch. */
  static final int PIECE_ROWS = 8 * TickReader.SLICE_ROWS;

  /** Fewer rows than this are not worth another thread. */
  private static final int LEAST_PART_ROWS = TickReader.SLICE_ROWS;

  private final BarsFunction function;
  private final ArrowReader input;
  private final ArrowExecution execution;
  private final int keyCount;

  /** Which keys are given; behind them come the writer's columns. */
  private final List<Integer> givenKeys;

  private final Schema schema;
  private final BarWriter writer;
  private final List<PartitionBars> parts = new ArrayList<>();

  /** The partition of the row before the next one, and what goes on with it if there is one. */
  private final PartitionKey begunKey;

  private BarMachine begun;
  private long begunRow;
  private final PartitionKey borderKey;

  private List<FieldVector> inputVectors = List.of();
  private long rowsBefore;
  private int inputRows;
  private int inputRow;
  private boolean inputEnded;

  /** Takes the input over, unless it throws. */
  BarsReader(BarsFunction function, ArrowReader input, ArrowExecution execution)
      throws IOException {
    super(execution.allocator());
    this.function = function;
    this.input = input;
    this.execution = execution;
    this.keyCount = function.layout().partitionKeys();
    this.givenKeys = function.output().stream().filter(i -> i < keyCount).toList();
    List<BarColumn> givenColumns =
        function.output().stream()
            .filter(i -> i >= keyCount)
            .map(i -> BarColumn.values()[i - keyCount])
            .toList();
    this.writer = new BarWriter(function.name(), givenColumns);
    List<Field> given = input.getVectorSchemaRoot().getSchema().getFields();
    if (given.size() != function.layout().columns()) {
      throw new IllegalStateException(function.name() + ": the input has the columns " + given);
    }
    List<Field> keys = given.subList(0, keyCount);
    for (Field field : keys) {
      if (field.getDictionary() != null) {
        throw new IllegalStateException(
            function.name() + ": a key arrived as a dictionary: " + field);
      }
    }
    List<Field> fields = new ArrayList<>();
    givenKeys.forEach(key -> fields.add(keys.get(key)));
    fields.addAll(writer.fields());
    this.schema = new Schema(fields);
    this.begunKey = new PartitionKey(keys, execution.allocator());
    this.borderKey = new PartitionKey(keys, execution.allocator());
    int most = keyCount == 0 ? 1 : Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < Math.min(most, PIECE_ROWS / LEAST_PART_ROWS); i++) {
      parts.add(new PartitionBars(function, keys, execution.allocator()));
    }
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  @Override
  protected int fill(VectorSchemaRoot root) throws SQLException, IOException {
    int rows = 0;
    while (rows == 0 && !inputEnded) {
      rows = fill(root.getFieldVectors());
    }
    return rows;
  }

  /** The bars that close in the next piece, or behind the last one those that are open. */
  private int fill(List<FieldVector> output) throws SQLException, IOException {
    if (inputRow == inputRows && !nextInputBatch()) {
      inputEnded = true;
      PartitionBars part = parts.get(0);
      part.begin(begun, begunKey, begunRow);
      part.end();
      return write(List.of(part), output);
    }
    int end = Math.min(inputRow + PIECE_ROWS, inputRows);
    List<Integer> borders = borders(end);
    List<PartitionBars> working = parts.subList(0, borders.size() - 1);
    for (int i = 0; i < working.size(); i++) {
      working.get(i).begin(i == 0 ? begun : null, begunKey, begunRow);
    }
    IntStream numbers = IntStream.range(0, working.size());
    (working.size() > 1 ? numbers.parallel() : numbers).forEach(i -> run(i, borders));
    // The first failure in the order of the rows, as if one part after the other had run.
    working.forEach(PartitionBars::check);
    inputRow = end;
    int rows = write(working, output);
    PartitionBars last = working.get(working.size() - 1);
    begun = last.machine();
    begunRow = last.firstRow();
    begunKey.copyFrom(last.key());
    return rows;
  }

  private void run(int part, List<Integer> borders) {
    boolean ends = part + 2 < borders.size();
    parts.get(part).run(inputVectors, borders.get(part), borders.get(part + 1), rowsBefore, ends);
  }

  /** Where the parts of the next piece begin, and its end; between them partitions begin. */
  private List<Integer> borders(int end) {
    List<FieldVector> keys = inputVectors.subList(0, keyCount);
    List<Integer> borders = new ArrayList<>();
    int rows = end - inputRow;
    int count = Math.min(parts.size(), rows / LEAST_PART_ROWS);
    int border = inputRow;
    borders.add(border);
    for (int part = 1; part < count; part++) {
      int row = Math.max(border, inputRow + rows / count * part);
      borderKey.set(keys, row);
      border = borderKey.end(keys, row, end);
      if (border == end) {
        break;
      }
      borders.add(border);
    }
    borders.add(end);
    return borders;
  }

  /** Goes on to the next batch that has rows; false if there is none. */
  private boolean nextInputBatch() throws SQLException, IOException {
    do {
      rowsBefore += inputRows;
      inputRows = 0;
      inputRow = 0;
      execution.checkCancelled();
      if (!input.loadNextBatch()) {
        return false;
      }
      inputVectors = input.getVectorSchemaRoot().getFieldVectors();
      inputRows = input.getVectorSchemaRoot().getRowCount();
      parts.get(0).checkPresent(inputVectors, rowsBefore);
    } while (inputRows == 0);
    return true;
  }

  private int write(List<PartitionBars> working, List<FieldVector> output) {
    int rows = working.stream().mapToInt(part -> part.bars().size()).sum();
    if (rows > 0) {
      for (FieldVector vector : output) {
        vector.setInitialCapacity(rows);
        vector.allocateNew();
      }
      List<FieldVector> keys = inputVectors.subList(0, inputVectors.isEmpty() ? 0 : keyCount);
      List<FieldVector> targetKeys = output.subList(0, givenKeys.size());
      List<FieldVector> targets = output.subList(givenKeys.size(), output.size());
      int at = 0;
      for (PartitionBars part : working) {
        part.writeKeys(keys, begunKey, givenKeys, targetKeys, at);
        writer.write(part.bars(), targets, at);
        at += part.bars().size();
      }
      BarWriter.finish(targets, rows);
    }
    return rows;
  }

  @Override
  public long bytesRead() {
    return input.bytesRead();
  }

  @Override
  protected void closeReadSource() throws IOException {
    begunKey.close();
    borderKey.close();
    parts.forEach(PartitionBars::close);
    input.close();
  }
}
