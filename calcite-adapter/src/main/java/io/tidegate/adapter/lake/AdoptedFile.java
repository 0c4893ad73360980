package io.tidegate.adapter.lake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * A file that another engine wrote, whose footer is made to say what the lake's own files say. No
 * value is touched: the pages stay, only the footer behind them is written anew.
 *
 * <ul>
 *   <li>A TIMESTAMP is not adjusted to UTC. ClickHouse, which has no other, marks all of them as
 *       adjusted; the numbers are the same, since all times here are UTC. Left so, one table would
 *       have files of two types, which readers unify in their own ways or refuse.
 *   <li>REAL and DOUBLE have no bounds. Parquet's leave NaN out, but in SQL it is the greatest
 *       value: a reader that trusts them skips rows. Hashes of values are dropped with them, which
 *       know two zeros.
 * </ul>
 */
final class AdoptedFile {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER_BYTES = Integer.BYTES + MAGIC.length;

  private AdoptedFile() {}

  /** Rewrites the footer of a file that is complete and that nobody else writes to. */
  static void adopt(Path file, LakeTableDefinition definition) throws IOException, LakeException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long start = footerStart(channel);
      byte[] footer =
          read(channel, start, Math.toIntExact(channel.size() - TRAILER_BYTES - start)).array();
      FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
      correct(metadata, definition);
      ByteArrayOutputStream corrected = new ByteArrayOutputStream(footer.length);
      Util.writeFileMetaData(metadata, corrected);
      ByteBuffer end =
          ByteBuffer.allocate(corrected.size() + TRAILER_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(corrected.toByteArray())
              .putInt(corrected.size())
              .put(MAGIC)
              .flip();
      // Cut first: a writer that dies here leaves what no reader takes for a Parquet file.
      channel.truncate(start);
      channel.position(start);
      while (end.hasRemaining()) {
        channel.write(end);
      }
    }
  }

  private static long footerStart(FileChannel file) throws IOException, LakeException {
    long size = file.size();
    if (size > TRAILER_BYTES) {
      ByteBuffer trailer = read(file, size - TRAILER_BYTES, TRAILER_BYTES);
      long start = size - TRAILER_BYTES - Integer.toUnsignedLong(trailer.getInt());
      byte[] magic = new byte[MAGIC.length];
      trailer.get(magic);
      if (Arrays.equals(magic, MAGIC) && start >= MAGIC.length) {
        return start;
      }
    }
    throw LakeException.corrupt("does not end in a footer and PAR1, so it is not a Parquet file");
  }

  private static ByteBuffer read(FileChannel file, long position, int bytes) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (read.hasRemaining()) {
      if (file.read(read, position + read.position()) < 0) {
        throw new IOException("ended before byte " + (position + bytes));
      }
    }
    return read.flip();
  }

  private static void correct(FileMetaData metadata, LakeTableDefinition definition) {
    Set<String> timestamps = new HashSet<>();
    for (LakeColumn column : definition.columns()) {
      if (column.type().kind() == LakeType.Kind.TIMESTAMP) {
        timestamps.add(column.name());
      }
    }
    for (SchemaElement element : metadata.getSchema()) {
      if (timestamps.contains(element.getName())
          && element.isSetLogicalType()
          && element.getLogicalType().isSetTIMESTAMP()) {
        element.getLogicalType().getTIMESTAMP().setIsAdjustedToUTC(false);
        // The older annotation means a time that is adjusted.
        element.unsetConverted_type();
      }
    }
    for (RowGroup group : metadata.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        if (column.getType() == Type.FLOAT || column.getType() == Type.DOUBLE) {
          dropBounds(chunk, column);
        }
      }
    }
  }

  private static void dropBounds(ColumnChunk chunk, ColumnMetaData column) {
    chunk.unsetColumn_index_offset();
    chunk.unsetColumn_index_length();
    column.unsetBloom_filter_offset();
    column.unsetBloom_filter_length();
    if (column.isSetStatistics()) {
      Statistics statistics = column.getStatistics();
      statistics.unsetMin();
      statistics.unsetMax();
      statistics.unsetMin_value();
      statistics.unsetMax_value();
      statistics.unsetIs_min_value_exact();
      statistics.unsetIs_max_value_exact();
    }
  }
}
