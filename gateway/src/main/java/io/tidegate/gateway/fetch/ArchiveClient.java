package io.tidegate.gateway.fetch;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.ticks.Checksum;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;

/**
 * Downloads files of an archive, each with its checksum.
 *
 * <p>A file grows under a name with {@code .part} behind it and gets its own when its SHA-256 is
 * the published one, so what has the name is whole. A download that breaks off, in this process or
 * in an earlier one, goes on where it stopped. Whatever may pass is tried again, each time after
 * twice as long a pause: broken and silent connections, answers 408, 429 and 5xx, a wrong length or
 * checksum.
 */
final class ArchiveClient {
  private static final String PART = ".part";
  private static final int CHECKSUM_BYTES = 4096;

  private final URI base;
  private final Settings settings;

  /**
   * How patient a client is.
   *
   * @param attempts tries of one file, 1 or more
   * @param pause before the second try
   * @param silence how long a connection may say nothing before it is given up
   */
  record Settings(int attempts, Duration pause, Duration silence) {
    /** Five tries in some 15 seconds, and half a minute of silence. */
    static final Settings DEFAULT = new Settings(5, Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  /** An answer that no second try will change. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Creates a client.
   *
   * @param base the URL that the files' paths are below
   */
  ArchiveClient(URI base, Settings settings) {
    String text = requireNonNull(base, "base").toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.settings = requireNonNull(settings, "settings");
  }

  /**
   * Brings a file and its checksum into a directory. One that is there and matches its checksum is
   * not fetched again.
   *
   * @param progress told the bytes that arrive
   * @return false if it was there already
   * @throws FileNotFoundException when the archive has no such file
   */
  boolean fetch(ArchiveFile file, Path directory, LongConsumer progress)
      throws IOException, InterruptedException {
    Path target = directory.resolve(file.name());
    if (Files.exists(target) && isWhole(target)) {
      return false;
    }
    URL url = url(file.path());
    IOException failure = null;
    for (int attempt = 0; attempt < settings.attempts(); attempt++) {
      if (attempt > 0) {
        pause(attempt);
      }
      try {
        attempt(url, target, progress);
        return true;
      } catch (FileNotFoundException | Refused e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw new IOException(
        url
            + ": given up after "
            + settings.attempts()
            + " attempts: "
            + (failure.getMessage() == null ? failure : failure.getMessage()),
        failure);
  }

  private static boolean isWhole(Path target) {
    Path beside = Checksum.beside(target);
    try {
      return Files.exists(beside)
          && Checksum.of(target)
              .equals(
                  Checksum.promised(
                      Files.readString(beside, StandardCharsets.US_ASCII),
                      target.getFileName().toString()));
    } catch (IOException e) {
      // What cannot be trusted is fetched again.
      return false;
    }
  }

  private URL url(String path) throws IOException {
    return base.resolve(path).toURL();
  }

  private void pause(int attempt) throws InterruptedException {
    long millis = settings.pause().toMillis() << Math.min(attempt - 1, 16);
    // Not all clients that lost one server come back at the same moment.
    Thread.sleep(millis == 0 ? 0 : millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
  }

  private void attempt(URL url, Path target, LongConsumer progress) throws IOException {
    String checksum = text(URI.create(url + Checksum.SUFFIX).toURL());
    String promised = Checksum.promised(checksum, target.getFileName().toString());
    Path part = target.resolveSibling(target.getFileName() + PART);
    download(url, part, progress);
    String met = Checksum.of(part);
    if (!met.equals(promised)) {
      Files.delete(part);
      throw new IOException("its SHA-256 is " + met + ", but the archive says " + promised);
    }
    // The checksum first: a file without one would pass for verified.
    Path beside = Checksum.beside(target);
    Path newBeside = beside.resolveSibling(beside.getFileName() + PART);
    Files.writeString(newBeside, checksum, StandardCharsets.US_ASCII);
    publish(newBeside, beside);
    publish(part, target);
  }

  private static void publish(Path part, Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String text(URL url) throws IOException {
    HttpURLConnection connection = connect(url, 0);
    try (InputStream in = body(connection)) {
      return new String(in.readNBytes(CHECKSUM_BYTES), StandardCharsets.US_ASCII);
    } finally {
      connection.disconnect();
    }
  }

  private void download(URL url, Path part, LongConsumer progress) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpURLConnection connection = connect(url, have);
    try {
      int status = connection.getResponseCode();
      if (have > 0 && status == 416) {
        // The part is as long as the file or longer; its checksum will tell.
        return;
      }
      boolean goesOn =
          status == HttpURLConnection.HTTP_PARTIAL
              && String.valueOf(connection.getHeaderField("Content-Range"))
                  .startsWith("bytes " + have + "-");
      if (status == HttpURLConnection.HTTP_PARTIAL && !goesOn) {
        Files.delete(part);
        throw new IOException("the archive answered with another part than the one asked for");
      }
      long length = connection.getContentLengthLong();
      long met = 0;
      try (InputStream in = body(connection);
          FileChannel out =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
          met += count;
          progress.accept(count);
        }
      }
      if (length >= 0 && met != length) {
        throw new IOException("the connection ended after " + met + " of " + length + " bytes");
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection connect(URL url, long from) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(Math.toIntExact(settings.silence().toMillis()));
    connection.setReadTimeout(Math.toIntExact(settings.silence().toMillis()));
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    return connection;
  }

  private static InputStream body(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    switch (status) {
      case HttpURLConnection.HTTP_OK, HttpURLConnection.HTTP_PARTIAL -> {
        return connection.getInputStream();
      }
      case HttpURLConnection.HTTP_NOT_FOUND ->
          throw new FileNotFoundException(connection.getURL().toString());
      default -> {
        String message = connection.getURL() + " answered " + status;
        throw status >= 500 || status == 408 || status == 429
            ? new IOException(message)
            : new Refused(message);
      }
    }
  }
}
