package io.tidegate.adapter.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server on which inserts arrive, but the first answers to them get lost. */
final class AnswerLosingProxy implements AutoCloseable {
  private final ClickHouseEndpoint target;
  private final int losses;
  private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger lost = new AtomicInteger();

  AnswerLosingProxy(ClickHouseEndpoint target, int losses) throws IOException {
    this.target = target;
    this.losses = losses;
    threads.execute(this::accept);
  }

  ClickHouseEndpoint endpoint() {
    return ClickHouseEndpoint.of(
        "127.0.0.1", door.getLocalPort(), target.user(), target.password(), target.database());
  }

  int lostAnswers() {
    return lost.get();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(target.host(), target.port());
        AtomicBoolean insert = new AtomicBoolean();
        threads.execute(() -> forward(client, server, insert));
        threads.execute(() -> answer(server, client, insert));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private static void forward(Socket client, Socket server, AtomicBoolean insert) {
    byte[] chunk = new byte[64 << 10];
    try (client;
        server) {
      InputStream in = client.getInputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (new String(chunk, 0, count, StandardCharsets.ISO_8859_1).contains("query=INSERT")) {
          insert.set(true);
        }
        server.getOutputStream().write(chunk, 0, count);
      }
    } catch (IOException e) {
      return; // One end is gone, and so is the other now.
    }
  }

  private void answer(Socket server, Socket client, AtomicBoolean insert) {
    byte[] chunk = new byte[64 << 10];
    try (client;
        server) {
      InputStream in = server.getInputStream();
      StringBuilder head = new StringBuilder();
      boolean losing = false;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        losing = losing || (insert.get() && claimLoss());
        if (losing) {
          // The head is complete when the insert is: its summary comes last.
          head.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
          if (head.indexOf("\r\n\r\n") >= 0) {
            return;
          }
        } else {
          client.getOutputStream().write(chunk, 0, count);
        }
      }
    } catch (IOException e) {
      return; // One end is gone, and so is the other now.
    }
  }

  private boolean claimLoss() {
    return lost.getAndUpdate(count -> Math.min(losses, count + 1)) < losses;
  }

  @Override
  public void close() throws IOException {
    door.close();
    threads.shutdownNow();
  }
}
