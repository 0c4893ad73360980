package io.tidegate.adapter.bars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import io.tidegate.functions.RangeBars;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How range_bars behaves as a reader: memory, cancellation, closing. */
class BarsFunctionTest {
  private static final int BATCH_ROWS = 50_000;
  private static final long MEGABYTE = 1L << 20;

  private final BarsFunction function =
      new BarsFunction(
          "range_bars", new TickLayout(0, false, false, false), () -> new RangeBars(1000), true);
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingIsLeftAllocated() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  /** Prices that go up and down by more than the range, so that every two ticks make a bar. */
  private static final class Ticks extends ArrowReader {
    private final int batches;
    private int given;
    private boolean closed;

    Ticks(BufferAllocator allocator, int batches) {
      super(allocator);
      this.batches = batches;
    }

    @Override
    protected Schema readSchema() {
      ArrowType time = new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      ArrowType raw = new ArrowType.Int(64, true);
      return new Schema(
          List.of(
              Field.nullable("ts", time),
              Field.nullable("price", raw),
              Field.nullable("volume", raw)));
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      prepareLoadNextBatch();
      if (given == batches) {
        return false;
      }
      VectorSchemaRoot root = getVectorSchemaRoot();
      TimeStampMicroVector ts = (TimeStampMicroVector) root.getVector("ts");
      BigIntVector price = (BigIntVector) root.getVector("price");
      BigIntVector volume = (BigIntVector) root.getVector("volume");
      for (int row = 0; row < BATCH_ROWS; row++) {
        ts.setSafe(row, (long) given * BATCH_ROWS + row);
        price.setSafe(row, 100_000_000L + row % 2 * 2_000_000);
        volume.setSafe(row, 1);
      }
      root.setRowCount(BATCH_ROWS);
      given++;
      return true;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {
      closed = true;
    }
  }

  private ArrowExecution execution() {
    return new ArrowExecution("s-1", "SELECT ...", allocator);
  }

  @Test
  void memoryIsThatOfTheBatchesInHand() throws Exception {
    try (ArrowExecution execution = execution()) {
      Ticks ticks = new Ticks(execution.allocator(), 40);
      long bars = 0;
      try (ArrowReader reader = function.apply(ticks, execution)) {
        while (reader.loadNextBatch()) {
          bars += reader.getVectorSchemaRoot().getRowCount();
        }
        assertThat(reader.loadNextBatch()).as("behind the end").isFalse();
      }
      assertThat(bars).isEqualTo(40L * BATCH_ROWS / 2);
      assertThat(ticks.closed).isTrue();
    }
    assertThat(allocator.getPeakMemoryAllocation()).isLessThan(16 * MEGABYTE);
  }

  @Test
  void columnsThatNobodyAskedForAreNotGiven() throws Exception {
    ArrowTableFunction whole = function;
    ArrowTableFunction narrow =
        whole.only(List.of(1, 3, 7)).orElseThrow().only(List.of(0, 2)).get();
    try (ArrowExecution execution = execution();
        ArrowReader all = whole.apply(new Ticks(execution.allocator(), 1), execution);
        ArrowReader some = narrow.apply(new Ticks(execution.allocator(), 1), execution)) {
      assertThat(all.loadNextBatch()).isTrue();
      assertThat(some.loadNextBatch()).isTrue();
      List<FieldVector> given = all.getVectorSchemaRoot().getFieldVectors();
      List<FieldVector> asked = some.getVectorSchemaRoot().getFieldVectors();
      assertThat(asked).hasSize(2);
      assertThat(VectorEqualsVisitor.vectorEquals(asked.get(0), given.get(1))).isTrue();
      assertThat(VectorEqualsVisitor.vectorEquals(asked.get(1), given.get(7))).isTrue();
    }
  }

  @Test
  void cancelledStatementStopsBetweenBatches() throws Exception {
    try (ArrowExecution execution = execution();
        ArrowReader reader =
            function.apply(new Ticks(execution.allocator(), Integer.MAX_VALUE), execution)) {
      assertThat(reader.loadNextBatch()).isTrue();
      execution.cancel();
      assertThatThrownBy(
              () -> {
                while (reader.loadNextBatch()) {
                  // Runs to the end of the input batch in hand.
                }
              })
          .isInstanceOf(IOException.class)
          .cause()
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    }
  }

  @Test
  void inputOfAnotherShapeIsClosedAndRefused() throws Exception {
    try (ArrowExecution execution = execution()) {
      Ticks ticks = new Ticks(execution.allocator(), 1);
      BarsFunction withIds =
          new BarsFunction(
              "range_bars", new TickLayout(0, true, false, false), () -> new RangeBars(1000), true);
      assertThatThrownBy(() -> withIds.apply(ticks, execution))
          .isInstanceOf(IllegalStateException.class);
      assertThat(ticks.closed).isTrue();
    }
  }
}
