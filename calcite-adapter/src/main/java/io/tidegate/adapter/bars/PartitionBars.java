package io.tidegate.adapter.bars;

import io.tidegate.adapter.arrow.PartitionKey;
import io.tidegate.functions.BarBatch;
import io.tidegate.functions.BarMachine;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Makes the bars of some rows of a batch: of whole partitions, but for the one that was begun in
 * rows before them and the one that may go on behind them. Several of these work on one batch at a
 * time, each on its own rows; the vectors are only read.
 */
final class PartitionBars implements AutoCloseable {
  private final BarsFunction function;
  private final int keyCount;
  private final TickReader ticks;
  private final BarBatch bars = new BarBatch();

  /** The key of the partition that {@link #machine} is in. */
  private final PartitionKey key;

  private BarMachine machine;

  /** The number of the partition's first row in the whole input, from 1. */
  private long firstRow;

  /** The bars belong to partitions in order: how many bars there are up to each one's end. */
  private int[] partitionEnds = new int[16];

  /** The row that has the key of each of these partitions, or -1 for the one begun earlier. */
  private int[] partitionRows = new int[16];

  private int partitions;
  private RuntimeException failure;

  PartitionBars(BarsFunction function, List<Field> keys, BufferAllocator allocator) {
    this.function = function;
    this.keyCount = function.layout().partitionKeys();
    this.ticks = new TickReader(function.name(), function.layout());
    this.key = new PartitionKey(keys, allocator);
  }

  /** Refuses a batch in which a value is missing. */
  void checkPresent(List<FieldVector> vectors, long rowsBefore) {
    ticks.checkPresent(vectors, rowsBefore);
  }

  /**
   * Forgets the bars of the last rows.
   *
   * @param begun what goes on with the partition that was begun before the next rows, or null
   * @param begunKey the key of that partition
   * @param begunRow the number of its first row in the whole input
   */
  void begin(BarMachine begun, PartitionKey begunKey, long begunRow) {
    bars.clear();
    partitions = 0;
    failure = null;
    machine = begun;
    firstRow = begunRow;
    if (begun != null) {
      key.copyFrom(begunKey);
    }
  }

  /**
   * Makes the bars of rows.
   *
   * @param rowsBefore how many rows of the whole input lie before the batch, for messages
   * @param ends whether the last row's partition ends with it
   */
  void run(List<FieldVector> vectors, int from, int to, long rowsBefore, boolean ends) {
    try {
      List<FieldVector> keys = vectors.subList(0, keyCount);
      int keyRow = -1;
      int row = from;
      while (row < to) {
        int end = machine == null ? row : key.end(keys, row, to);
        if (end == row) {
          endPartition(keyRow);
          keyRow = row;
          key.set(keys, row);
          machine = function.machines().get();
          firstRow = rowsBefore + row + 1;
          end = key.end(keys, row, to);
        }
        accept(vectors, row, end, rowsBefore);
        row = end;
      }
      if (ends) {
        endPartition(keyRow);
      } else {
        closePartition(keyRow);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Gives the kernel rows of one partition. It counts ticks by that, so its errors name it. */
  private void accept(List<FieldVector> vectors, int from, int to, long rowsBefore) {
    for (int row = from; row < to; row += TickReader.SLICE_ROWS) {
      int count = Math.min(to - row, TickReader.SLICE_ROWS);
      ticks.read(vectors, row, count, rowsBefore);
      try {
        machine.accept(ticks.columns(), 0, count, bars);
      } catch (IllegalArgumentException e) {
        throw keyCount == 0
            ? e
            : new IllegalArgumentException(
                e.getMessage()
                    + " (partition "
                    + key
                    + ", whose tick 0 is row "
                    + firstRow
                    + " of the ordered input)",
                e);
      }
    }
  }

  /** Ends the partition that was begun before, behind which there are no rows. */
  void end() {
    endPartition(-1);
  }

  /** Ends the partition in hand, if there is one; its open bar comes too, if that is wanted. */
  private void endPartition(int keyRow) {
    if (machine != null && function.includeIncomplete()) {
      machine.appendOpenBar(bars);
    }
    machine = null;
    closePartition(keyRow);
  }

  private void closePartition(int keyRow) {
    int before = partitions == 0 ? 0 : partitionEnds[partitions - 1];
    if (bars.size() > before) {
      if (partitions == partitionEnds.length) {
        partitionEnds = Arrays.copyOf(partitionEnds, 2 * partitions);
        partitionRows = Arrays.copyOf(partitionRows, 2 * partitions);
      }
      partitionEnds[partitions] = bars.size();
      partitionRows[partitions] = keyRow;
      partitions++;
    }
  }

  /** Throws what made {@link #run} fail. */
  void check() {
    if (failure != null) {
      throw failure;
    }
  }

  BarBatch bars() {
    return bars;
  }

  /** What goes on with the partition of the last row; null if that ended. */
  BarMachine machine() {
    return machine;
  }

  /** The number of the first row of the last row's partition. */
  long firstRow() {
    return firstRow;
  }

  /** The key of the last row. */
  PartitionKey key() {
    return key;
  }

  /**
   * Writes the keys of all bars.
   *
   * @param keys those of the batch that the rows are from
   * @param begunKey that of the partition that was begun before them
   */
  void writeKeys(
      List<FieldVector> keys,
      PartitionKey begunKey,
      List<Integer> given,
      List<FieldVector> target,
      int at) {
    int bar = 0;
    for (int i = 0; i < partitions; i++) {
      List<FieldVector> sources = partitionRows[i] < 0 ? begunKey.values() : keys;
      int row = Math.max(0, partitionRows[i]);
      for (int column = 0; column < target.size(); column++) {
        for (int to = bar; to < partitionEnds[i]; to++) {
          target.get(column).copyFromSafe(row, at + to, sources.get(given.get(column)));
        }
      }
      bar = partitionEnds[i];
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
