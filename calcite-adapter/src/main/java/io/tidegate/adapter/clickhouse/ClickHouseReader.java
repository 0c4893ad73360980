package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.ipc.message.MessageResult;

/**
 * An Arrow reader over a ClickHouse answer in which no failure looks like an end.
 *
 * <p>{@link #loadNextBatch()} may only throw {@link IOException}, so the {@link
 * ClickHouseException} is its cause; {@link ClickHouseException#of} gets it out.
 */
final class ClickHouseReader extends ArrowStreamReader {
  private final ClickHouseStream stream;
  private final Messages messages;
  private final Runnable onAbandon;

  /**
   * @param translate makes the store's error out of a failure; it gets what the server said last
   * @param onAbandon run when the reader is closed although rows would follow
   */
  ClickHouseReader(
      ClickHouseStream stream,
      BufferAllocator allocator,
      Function<IOException, ClickHouseException> translate,
      Runnable onAbandon) {
    this(stream, new Messages(stream, allocator, translate), allocator, onAbandon);
  }

  private ClickHouseReader(
      ClickHouseStream stream, Messages messages, BufferAllocator allocator, Runnable onAbandon) {
    super(messages, allocator);
    this.stream = stream;
    this.messages = messages;
    this.onAbandon = onAbandon;
  }

  /** A batch, in which every text is one. */
  @Override
  public boolean loadNextBatch() throws IOException {
    if (!super.loadNextBatch()) {
      return false;
    }
    Optional<String> column = Utf8Check.firstInvalidColumn(getVectorSchemaRoot());
    if (column.isPresent()) {
      ClickHouseException failure = ClickHouseException.notText(column.get());
      throw new IOException(failure.getMessage(), failure);
    }
    return true;
  }

  @Override
  protected void closeReadSource() throws IOException {
    boolean abandoned = stream.isOpen() && !stream.isComplete() && messages.failure == null;
    super.closeReadSource();
    if (abandoned) {
      onAbandon.run();
    }
  }

  private static final class Messages extends MessageChannelReader {
    private final ClickHouseStream stream;
    private final Function<IOException, ClickHouseException> translate;
    private IOException failure;

    Messages(
        ClickHouseStream stream,
        BufferAllocator allocator,
        Function<IOException, ClickHouseException> translate) {
      super(new ReadChannel(stream), allocator);
      this.stream = stream;
      this.translate = translate;
    }

    @Override
    public MessageResult readNext() throws IOException {
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure.getCause());
      }
      try {
        return !stream.isComplete() && stream.nextMessage() ? super.readNext() : null;
      } catch (IOException e) {
        ClickHouseException known = translate.apply(e);
        failure = new IOException(known.getMessage(), known);
        throw failure;
      }
    }
  }
}
