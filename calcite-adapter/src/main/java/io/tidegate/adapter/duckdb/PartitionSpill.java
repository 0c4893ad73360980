package io.tidegate.adapter.duckdb;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;

/**
 * Rows put aside by partition: one file, to which slices of batches are appended as they come, and
 * from which each partition is read on its own, in the order in which its rows were put there.
 *
 * <p>A text that every row of a slice has is put there once: a table in the order of its symbols,
 * cut by symbol, has hardly any other.
 *
 * <p>The file has no name from the moment it is open, so that nothing of it outlives the process.
 */
final class PartitionSpill implements AutoCloseable {
  private static final int WRITE_BYTES = 4 << 20;

  private final Schema schema;
  private final BufferAllocator allocator;
  private final FileChannel file;
  private final Appender appender;
  private final WriteChannel writer;
  private final List<List<Slice>> partitions = new ArrayList<>();

  /** Where a slice lies in the file, and which of its columns are there as one row. */
  private record Slice(long offset, long bytes, int rows, BitSet repeated) {}

  /** Makes its file in the given directory, which is made when it is missing. */
  PartitionSpill(Path directory, Schema schema, BufferAllocator allocator) throws IOException {
    this.schema = schema;
    this.allocator = allocator;
    Files.createDirectories(directory);
    Path path = Files.createTempFile(directory, "partitions-", ".spill");
    try {
      this.file = FileChannel.open(path, READ, WRITE);
    } finally {
      Files.delete(path);
    }
    this.appender = new Appender();
    this.writer = new WriteChannel(appender);
  }

  /**
   * Appends rows to a partition; partitions are counted from 0.
   *
   * @param columns all columns, of which the rows {@code from} to {@code from + rows} are taken
   */
  void append(int partition, List<FieldVector> columns, int from, int rows) throws IOException {
    while (partitions.size() <= partition) {
      partitions.add(new ArrayList<>());
    }
    BitSet repeated = new BitSet();
    for (int i = 0; i < columns.size(); i++) {
      repeated.set(i, RepeatedText.is(columns.get(i), from, rows));
    }
    long offset = appender.position();
    write(chosen(columns, repeated, false), from, rows);
    if (!repeated.isEmpty()) {
      write(chosen(columns, repeated, true), from, 1);
    }
    partitions.get(partition).add(new Slice(offset, appender.position() - offset, rows, repeated));
  }

  private static List<FieldVector> chosen(
      List<FieldVector> columns, BitSet repeated, boolean repeatedOnes) {
    return IntStream.range(0, columns.size())
        .filter(column -> repeated.get(column) == repeatedOnes)
        .mapToObj(columns::get)
        .toList();
  }

  private void write(List<FieldVector> columns, int from, int rows) throws IOException {
    List<FieldVector> slice = new ArrayList<>();
    for (FieldVector column : columns) {
      TransferPair pair = column.getTransferPair(column.getField(), allocator);
      pair.splitAndTransfer(from, rows);
      slice.add((FieldVector) pair.getTo());
    }
    try (VectorSchemaRoot root = root(slice, rows);
        ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
      MessageSerializer.serialize(writer, batch);
    }
  }

  private static VectorSchemaRoot root(List<FieldVector> columns, int rows) {
    return new VectorSchemaRoot(
        columns.stream().map(FieldVector::getField).toList(), columns, rows);
  }

  /** Says that all rows were appended: they can be read now. */
  void complete() throws IOException {
    appender.flush();
  }

  /** The columns of the rows. */
  Schema schema() {
    return schema;
  }

  /** How many rows were appended to a partition. */
  long rows(int partition) {
    return partitions.get(partition).stream().mapToLong(Slice::rows).sum();
  }

  /** How many bytes a partition's rows take here. */
  long bytes(int partition) {
    return partitions.get(partition).stream().mapToLong(Slice::bytes).sum();
  }

  /** The rows of a partition. Several partitions can be read at once. */
  ArrowReader reader(int partition) {
    return new PartitionReader(partitions.get(partition));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Collects the many small pieces of a message into few writes. */
  private final class Appender implements WritableByteChannel {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_BYTES);
    private long written;

    long position() {
      return written + buffer.position();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int bytes = source.remaining();
      if (bytes > buffer.remaining()) {
        flush();
      }
      if (bytes > buffer.remaining()) {
        writeOut(source);
      } else {
        buffer.put(source);
      }
      return bytes;
    }

    void flush() throws IOException {
      writeOut(buffer.flip());
      buffer.clear();
    }

    private void writeOut(ByteBuffer source) throws IOException {
      while (source.hasRemaining()) {
        written += file.write(source);
      }
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() {}
  }

  private final class PartitionReader extends ArrowReader {
    private final List<Slice> slices;
    private int next;

    PartitionReader(List<Slice> slices) {
      super(PartitionSpill.this.allocator);
      this.slices = slices;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      VectorSchemaRoot root = getVectorSchemaRoot();
      root.clear();
      if (next == slices.size()) {
        return false;
      }
      Slice slice = slices.get(next++);
      try (ReadChannel source = new ReadChannel(new SliceChannel(slice))) {
        List<FieldVector> columns = root.getFieldVectors();
        int rows = load(source, chosen(columns, slice.repeated(), false));
        if (!slice.repeated().isEmpty()) {
          List<FieldVector> repeated = chosen(columns, slice.repeated(), true);
          load(source, repeated);
          repeated.forEach(column -> RepeatedText.repeat(column, rows));
        }
        root.setRowCount(rows);
      }
      return true;
    }

    /** Fills columns with the next batch and returns its number of rows. */
    private int load(ReadChannel source, List<FieldVector> columns) throws IOException {
      try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(source, allocator)) {
        new VectorLoader(root(columns, 0)).load(batch);
        return batch.getLength();
      }
    }

    @Override
    public long bytesRead() {
      return slices.subList(0, next).stream().mapToLong(Slice::bytes).sum();
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return schema;
    }
  }

  private final class SliceChannel implements ReadableByteChannel {
    private final long end;
    private long position;

    SliceChannel(Slice slice) {
      this.position = slice.offset();
      this.end = slice.offset() + slice.bytes();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (position == end) {
        return -1;
      }
      int limit = target.limit();
      target.limit((int) Math.min(limit, target.position() + (end - position)));
      int bytes = file.read(target, position);
      target.limit(limit);
      if (bytes > 0) {
        position += bytes;
      }
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() {}
  }
}
