package io.tidegate.adapter.ticks;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ComputedRows;
import io.tidegate.adapter.ticks.TickFormat.Tick;
import io.tidegate.adapter.ticks.TickLine.Malformed;
import io.tidegate.functions.FixedPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of tick files, batch by batch. Memory is that of one batch and one line. */
final class TickFilesReader extends ComputedRows {
  private static final int BATCH_ROWS = 32_768;
  private static final long PRICE_LIMIT = 10_000_000_000L * FixedPoint.SCALE;

  private final Iterator<Path> files;
  private final byte[] symbol;
  private final TickFormat.Factory formats;
  private final ArrowExecution execution;
  private final Tick tick = new Tick();

  private Path file;
  private InputStream in;
  private TickLine line;
  private TickFormat format;
  private long lastTs;
  private long lastId;
  private long bytesRead;

  TickFilesReader(
      List<Path> files, String symbol, TickFormat.Factory formats, ArrowExecution execution) {
    super(execution.allocator());
    this.files = files.iterator();
    this.symbol = symbol.getBytes(StandardCharsets.UTF_8);
    this.formats = formats;
    this.execution = execution;
  }

  @Override
  protected Schema readSchema() {
    return new Schema(Arrays.stream(TickColumn.values()).map(TickColumn::field).toList());
  }

  @Override
  protected int fill(VectorSchemaRoot root) throws SQLException, IOException {
    execution.checkCancelled();
    if (in == null && !nextFile()) {
      return 0;
    }
    Batch batch = new Batch(root.getFieldVectors());
    while (batch.rows < BATCH_ROWS && nextTick()) {
      batch.add(tick);
    }
    batch.finish();
    return batch.rows;
  }

  /** Reads the next tick of this file or of one behind it; false when there is none. */
  private boolean nextTick() throws IOException {
    do {
      try {
        if (line.next()) {
          format.parse(line, tick);
          check();
          return true;
        }
      } catch (Malformed e) {
        throw TickFileException.line(file, line.number(), e.getMessage());
      } catch (TickFileException e) {
        throw e;
      } catch (IOException e) {
        throw damaged(e);
      }
    } while (nextFile());
    return false;
  }

  private void check() throws Malformed {
    if (tick.priceRaw >= PRICE_LIMIT) {
      throw new Malformed(
          "price must be below 10000000000, but is " + FixedPoint.toText(tick.priceRaw));
    }
    if (tick.aggTradeId == lastId) {
      throw new Malformed("the line before it has the agg_trade_id " + lastId + " too");
    }
    if (tick.aggTradeId < lastId) {
      throw new Malformed(
          "ids must ascend, but agg_trade_id " + tick.aggTradeId + " comes after " + lastId);
    }
    if (tick.tsMicros < lastTs) {
      throw new Malformed(
          "times must not go back, but "
              + tick.tsMicros
              + " comes after "
              + lastTs
              + " (microseconds since 1970)");
    }
    lastId = tick.aggTradeId;
    lastTs = tick.tsMicros;
  }

  /** Opens the next file that has a line of ticks. */
  private boolean nextFile() throws IOException {
    closeFile();
    if (!files.hasNext()) {
      return false;
    }
    file = files.next();
    try {
      in = TickFileStream.open(file);
      line = new TickLine(in);
      format = formats.start();
      lastTs = Long.MIN_VALUE;
      lastId = -1;
      line.startsWithHeader(format);
      return true;
    } catch (Malformed e) {
      throw TickFileException.line(file, line.number(), e.getMessage());
    } catch (TickFileException e) {
      throw e;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private TickFileException damaged(IOException e) {
    String where = line == null || line.number() == 0 ? "" : " behind line " + line.number();
    return TickFileException.damaged(file, "cannot be read" + where + ": " + e.getMessage(), e);
  }

  private void closeFile() throws IOException {
    line = null;
    InputStream open = in;
    in = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  protected void closeReadSource() throws IOException {
    closeFile();
  }

  /** The vectors of one batch on their way. */
  private final class Batch {
    private final List<FieldVector> vectors;
    private final ArrowBuf[] data = new ArrowBuf[TickColumn.values().length];
    private int rows;

    Batch(List<FieldVector> vectors) {
      this.vectors = vectors;
      for (TickColumn column : TickColumn.values()) {
        FieldVector vector = vectors.get(column.ordinal());
        if (vector instanceof VarCharVector text) {
          text.allocateNew((long) BATCH_ROWS * symbol.length, BATCH_ROWS);
        } else {
          vector.setInitialCapacity(BATCH_ROWS);
          vector.allocateNew();
        }
        data[column.ordinal()] = vector.getDataBuffer();
      }
    }

    void add(Tick tick) {
      put(TickColumn.TS, tick.tsMicros);
      put(TickColumn.AGG_TRADE_ID, tick.aggTradeId);
      putDecimal(TickColumn.PRICE, tick.priceRaw);
      putDecimal(TickColumn.QUANTITY, tick.quantityRaw);
      put(TickColumn.FIRST_TRADE_ID, tick.firstTradeId);
      put(TickColumn.LAST_TRADE_ID, tick.lastTradeId);
      BitVector flags = (BitVector) vectors.get(TickColumn.IS_BUYER_MAKER.ordinal());
      flags.set(rows, tick.buyerMaker ? 1 : 0);
      rows++;
    }

    private void put(TickColumn column, long value) {
      data[column.ordinal()].setLong((long) rows * Long.BYTES, value);
    }

    private void putDecimal(TickColumn column, long raw) {
      ArrowBuf words = data[column.ordinal()];
      words.setLong(2L * rows * Long.BYTES, raw);
      words.setLong((2L * rows + 1) * Long.BYTES, raw >> 63);
    }

    void finish() {
      VarCharVector symbols = (VarCharVector) vectors.get(TickColumn.SYMBOL.ordinal());
      for (int row = 0; row < rows; row++) {
        symbols.set(row, symbol);
      }
      for (FieldVector vector : vectors) {
        vector.getValidityBuffer().setOne(0L, (rows + 7L) / 8);
        vector.setValueCount(rows);
        bytesRead += vector.getBufferSize();
      }
    }
  }
}
