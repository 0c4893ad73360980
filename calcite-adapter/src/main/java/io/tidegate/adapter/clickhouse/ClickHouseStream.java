package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer in the ArrowStream format, which knows where a message must begin.
 *
 * <p>ClickHouse says 200 before it knows whether the query will succeed, and an error that comes
 * later is text in the middle of the binary stream. Arrow would take the first bytes of that text
 * for the length of a message (1.6 GB) or, if the connection ends there, for the end of the data.
 * So {@link #nextMessage()} looks at the eight bytes before each message; the stream is over when
 * they are Arrow's end marker and nothing but the end of the body follows.
 */
final class ClickHouseStream implements ReadableByteChannel {
  private static final int LARGEST_METADATA = 64 << 20;
  private static final int TAIL_BYTES = 64 << 10;
  private static final int LONGEST_REST = 4 << 20;

  private final InputStream body;
  private final AutoCloseable response;
  private final Runnable abort;
  private final byte[] chunk = new byte[128 << 10];
  private final byte[] prefix = new byte[8];
  private final byte[] tail = new byte[TAIL_BYTES];
  private int prefixBytes;
  private int tailEnd;
  private int prefixRead;
  private boolean complete;
  private boolean open = true;

  /**
   * @param response closed with this channel; closing it reads the body to its end first
   * @param abort cuts the connection; run before closing a response that was not read to its end
   */
  ClickHouseStream(InputStream body, AutoCloseable response, Runnable abort) {
    this.body = body;
    this.response = response;
    this.abort = abort;
  }

  /**
   * Whether another message follows; false only after a proper end.
   *
   * @throws IOException if the stream breaks off or something else than a message follows
   */
  boolean nextMessage() throws IOException {
    prefixRead = 0;
    prefixBytes = 0;
    while (prefixBytes < prefix.length) {
      int count = fill(prefix, prefixBytes, prefix.length - prefixBytes);
      if (count < 0) {
        throw new IOException("the answer ended without Arrow's end marker");
      }
      prefixBytes += count;
    }
    ByteBuffer words = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN);
    int continuation = words.getInt();
    int metadataBytes = words.getInt();
    if (continuation != -1 || metadataBytes < 0 || metadataBytes > LARGEST_METADATA) {
      throw new IOException("the answer is not an Arrow stream at this point");
    }
    if (metadataBytes == 0) {
      if (fill(chunk, 0, chunk.length) >= 0) {
        throw new IOException("the answer goes on after Arrow's end marker");
      }
      complete = true;
    }
    return !complete;
  }

  /** Whether the answer was read to its proper end. */
  boolean isComplete() {
    return complete;
  }

  /** The last bytes of the answer, after reading what is left of it, as the error's text. */
  String drainTail() {
    try {
      int rest = 0;
      int count = fill(chunk, 0, chunk.length);
      while (count >= 0 && rest < LONGEST_REST) {
        rest += count;
        count = fill(chunk, 0, chunk.length);
      }
    } catch (IOException expected) {
      // A server that failed cuts the connection after its error text.
    }
    int length = Math.min(tailEnd, TAIL_BYTES);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = tail[Math.floorMod(tailEnd - length + i, TAIL_BYTES)];
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (prefixRead < prefixBytes) {
      int count = Math.min(target.remaining(), prefixBytes - prefixRead);
      target.put(prefix, prefixRead, count);
      prefixRead += count;
      return count;
    }
    int count = fill(chunk, 0, Math.min(target.remaining(), chunk.length));
    if (count > 0) {
      target.put(chunk, 0, count);
    }
    return count;
  }

  private int fill(byte[] target, int offset, int length) throws IOException {
    int count = body.read(target, offset, length);
    if (count > 0) {
      keep(target, offset, count);
    }
    return count;
  }

  private void keep(byte[] source, int offset, int count) {
    int kept = Math.min(count, TAIL_BYTES);
    int from = offset + count - kept;
    int position = Math.floorMod(tailEnd + count - kept, TAIL_BYTES);
    int first = Math.min(kept, TAIL_BYTES - position);
    System.arraycopy(source, from, tail, position, first);
    System.arraycopy(source, from + first, tail, 0, kept - first);
    // Only the value modulo the ring's size and "at least one ring" matter.
    int total = tailEnd + count;
    tailEnd = total < 2 * TAIL_BYTES ? total : TAIL_BYTES + total % TAIL_BYTES;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    if (open) {
      open = false;
      if (!complete) {
        abort.run();
      }
      try {
        response.close();
      } catch (Exception e) {
        if (!complete) {
          return; // The connection is given up, in whatever state it is.
        }
        throw new IOException("Cannot close ClickHouse's answer", e);
      }
    }
  }
}
