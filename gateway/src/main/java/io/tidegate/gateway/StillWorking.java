package io.tidegate.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.FutureCallback;

/**
 * Keeps a client from giving up on a statement that takes long.
 *
 * <p>Avatica's client drops a request after three minutes without a byte, while the INSERT it was
 * for goes on. So the request is worked on elsewhere, and the thread that holds the connection says
 * {@code 100 Continue} in between: HTTP/1.1 lets a server send that any number of times before the
 * answer, and obliges clients to read over it.
 */
final class StillWorking implements AutoCloseable {
  static final Duration BEAT = Duration.ofSeconds(30);

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Duration beat;
  private final ExecutorService workers;

  StillWorking(Duration beat) {
    this.beat = beat;
    this.workers =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "tidegate-request");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Waits for a piece of work, and tells the client so. The work goes on if the client is gone. */
  <T> T await(Callable<T> work, EndPoint client) throws IOException {
    Future<T> result = workers.submit(work);
    while (true) {
      try {
        return result.get(beat.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        sayContinue(client);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("The server is stopping", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static void sayContinue(EndPoint client) throws IOException {
    FutureCallback written = new FutureCallback();
    client.write(written, ByteBuffer.wrap(CONTINUE));
    try {
      written.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The server is stopping", e);
    } catch (ExecutionException e) {
      throw new IOException("The client is gone", e.getCause());
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
