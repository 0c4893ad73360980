package io.tidegate.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.adapter.ticks.Checksum;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a server that does everything wrong that one can do. */
class ArchiveClientTest {
  private static final ArchiveFile FILE =
      new ArchiveFile("data/spot/daily/aggTrades/X/X-aggTrades-2024-01-01.zip", List.of());
  private static final byte[] BYTES = new byte[300_000];

  static {
    new Random(1).nextBytes(BYTES);
  }

  /** One answer; the ones behind the last are right. */
  @FunctionalInterface
  private interface Answer {
    void send(HttpExchange exchange) throws IOException;
  }

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Queue<Answer> zipAnswers = new ArrayDeque<>();
  private final Queue<Answer> checksumAnswers = new ArrayDeque<>();
  private final Queue<String> ranges = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private String checksum;

  @BeforeEach
  void serve() throws IOException {
    Path copy = Files.write(directory.resolve("copy"), BYTES);
    checksum = Checksum.of(copy) + "  " + FILE.name() + "\n";
    Files.delete(copy);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          boolean isChecksum = exchange.getRequestURI().getPath().endsWith(Checksum.SUFFIX);
          Answer answer = (isChecksum ? checksumAnswers : zipAnswers).poll();
          if (!isChecksum) {
            ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
          }
          try {
            if (answer != null) {
              answer.send(exchange);
            } else if (isChecksum) {
              whole(checksum.getBytes()).send(exchange);
            } else {
              right(exchange);
            }
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static Answer whole(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static Answer status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  /** Promises all and sends a part. */
  private static Answer cutAfter(int bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, BYTES.length);
      exchange.getResponseBody().write(BYTES, 0, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /** The file, or the part of it that is asked for. */
  private static void right(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from >= BYTES.length && range != null) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (BYTES.length - 1) + "/" + BYTES.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, BYTES.length - from);
    exchange.getResponseBody().write(BYTES, from, BYTES.length - from);
  }

  private boolean fetch(int attempts) throws IOException, InterruptedException {
    return fetch(attempts, Duration.ofSeconds(30));
  }

  private boolean fetch(int attempts, Duration silence) throws IOException, InterruptedException {
    AtomicLong arrived = new AtomicLong();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new ArchiveClient(base, new ArchiveClient.Settings(attempts, Duration.ZERO, silence))
        .fetch(FILE, directory, arrived::addAndGet);
  }

  private void assertFetched() throws IOException {
    assertThat(directory.resolve(FILE.name())).hasBinaryContent(BYTES);
    assertThat(Files.readString(directory.resolve(FILE.name() + Checksum.SUFFIX)))
        .isEqualTo(checksum);
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  private void assertNothingPublished() {
    assertThat(directory.resolve(FILE.name())).doesNotExist();
  }

  @Test
  void fileComesWithItsChecksumAndIsNotFetchedAgain() throws Exception {
    assertThat(fetch(1)).isTrue();
    assertFetched();
    assertThat(fetch(1)).isFalse();
    assertThat(ranges).hasSize(1);
  }

  @Test
  void fileThatIsDamagedOnTheDiskIsFetchedAgain() throws Exception {
    fetch(1);
    Files.write(directory.resolve(FILE.name()), new byte[] {1, 2, 3});
    assertThat(fetch(1)).isTrue();
    assertFetched();
  }

  @Test
  void serverErrorsAreTriedAgain() throws Exception {
    zipAnswers.addAll(List.of(status(500), status(503), status(429)));
    checksumAnswers.add(status(502));
    assertThat(fetch(5)).isTrue();
    assertFetched();
  }

  @Test
  void downloadThatBreaksOffGoesOnWhereItStopped() throws Exception {
    zipAnswers.add(cutAfter(100_000));
    assertThat(fetch(2)).isTrue();
    assertFetched();
    assertThat(ranges).containsExactly("null", "bytes=100000-");
  }

  @Test
  void partOfAnEarlierProcessIsGoneOnWith() throws Exception {
    Files.write(directory.resolve(FILE.name() + ".part"), Arrays.copyOf(BYTES, 250_000));
    assertThat(fetch(1)).isTrue();
    assertFetched();
    assertThat(ranges).containsExactly("bytes=250000-");
  }

  @Test
  void partThatIsCompleteOnlyNeedsItsName() throws Exception {
    Files.write(directory.resolve(FILE.name() + ".part"), BYTES);
    assertThat(fetch(1)).isTrue();
    assertFetched();
  }

  @Test
  void partOfSomethingElseIsThrownAwayOnceItsChecksumTells() throws Exception {
    Files.write(directory.resolve(FILE.name() + ".part"), new byte[250_000]);
    assertThat(fetch(2)).isTrue();
    assertFetched();
    assertThat(ranges).containsExactly("bytes=250000-", "null");
  }

  @Test
  void serverThatKnowsNoRangesSendsAllAgain() throws Exception {
    zipAnswers.addAll(List.of(cutAfter(100_000), whole(BYTES)));
    assertThat(fetch(2)).isTrue();
    assertFetched();
  }

  @Test
  void wrongPartOfTheFileIsRefused() throws Exception {
    zipAnswers.addAll(
        List.of(
            cutAfter(100_000),
            exchange -> {
              exchange.getResponseHeaders().set("Content-Range", "bytes 0-299999/300000");
              exchange.sendResponseHeaders(206, BYTES.length);
              exchange.getResponseBody().write(BYTES);
            }));
    assertThat(fetch(3)).isTrue();
    assertFetched();
  }

  @Test
  void wrongBytesAreNeverPublished() {
    byte[] wrong = BYTES.clone();
    wrong[17]++;
    zipAnswers.addAll(List.of(whole(wrong), whole(wrong)));
    assertThatThrownBy(() -> fetch(2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(FILE.name())
        .hasMessageContaining("given up after 2 attempts: its SHA-256 is ");
    assertNothingPublished();
  }

  @Test
  void wrongBytesAreTriedAgain() throws Exception {
    zipAnswers.add(whole(new byte[10]));
    assertThat(fetch(2)).isTrue();
    assertFetched();
  }

  @Test
  void checksumOfAnotherFileIsRefused() {
    checksumAnswers.add(whole((checksum.substring(0, 64) + "  other.zip").getBytes()));
    assertThatThrownBy(() -> fetch(1))
        .hasMessageContaining("must hold a SHA-256 and the name " + FILE.name());
    assertNothingPublished();
  }

  @Test
  void missingFileIsNotTriedAgain() {
    checksumAnswers.add(status(404));
    assertThatThrownBy(() -> fetch(5)).isInstanceOf(FileNotFoundException.class);
    assertThat(ranges).isEmpty();
    assertNothingPublished();
  }

  @Test
  void refusalIsNotTriedAgain() {
    zipAnswers.add(status(403));
    assertThatThrownBy(() -> fetch(5)).hasMessageContaining("answered 403");
    assertThat(ranges).hasSize(1);
  }

  @Test
  void silentServerIsGivenUpAndTriedAgain() throws Exception {
    zipAnswers.add(
        exchange -> {
          exchange.sendResponseHeaders(200, BYTES.length);
          exchange.getResponseBody().write(BYTES, 0, 100_000);
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(fetch(2, Duration.ofMillis(200))).isTrue();
    assertFetched();
    assertThat(ranges).containsExactly("null", "bytes=100000-");
  }

  @Test
  void serverThatNeverWorksIsGivenUp() {
    zipAnswers.addAll(List.of(status(500), status(500), status(500), status(500)));
    assertThatThrownBy(() -> fetch(3))
        .hasMessageContaining("given up after 3 attempts: ")
        .hasMessageContaining("answered 500");
    assertThat(ranges).hasSize(3);
    assertNothingPublished();
  }
}
