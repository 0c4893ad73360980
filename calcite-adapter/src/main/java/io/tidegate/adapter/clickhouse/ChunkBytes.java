package io.tidegate.adapter.clickhouse;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/**
 * The bytes of one chunk, in an array that the next chunk uses again: at 30 MB a chunk, making and
 * growing arrays costs as much as encoding into them.
 */
final class ChunkBytes implements WritableByteChannel {
  private byte[] bytes = new byte[0];
  private int length;

  /** Begins a new chunk of about this size. */
  void begin(long expectedBytes) {
    length = 0;
    if (bytes.length < expectedBytes) {
      // The old one first, so that only one of them is in memory.
      bytes = null;
      bytes = new byte[Math.toIntExact(expectedBytes)];
    }
  }

  /** The chunk; valid until the next one begins. */
  ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
    }
    source.get(bytes, length, count);
    length = needed;
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Nothing: the bytes stay until the next chunk. */
  @Override
  public void close() {}
}
