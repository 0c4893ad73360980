package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A real ClickHouse engine on a directory of this machine, started when the first user opens it and
 * stopped when the last one leaves.
 *
 * <p>All users of a directory, in whatever process, share one engine: a child process ({@link
 * EngineProcess}) that listens on 127.0.0.1 only. Each process holds a shared lock on one file, and
 * the engine ends when it gets the exclusive lock, so a user who is killed leaves no orphan. A
 * POSIX lock belongs to the process and goes with <em>any</em> descriptor of its file that is
 * closed, which is why this JVM keeps one channel per directory and counts its own users.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private static final Map<Path, Membership> MEMBERSHIPS = new HashMap<>();
  private static final long POLL_MILLIS = 10;

  private final Membership membership;
  private final ClickHouseEndpoint endpoint;
  private boolean closed;

  private EmbeddedClickHouse(Membership membership, ClickHouseEndpoint endpoint) {
    this.membership = membership;
    this.endpoint = endpoint;
  }

  /** Joins the engine on {@code data}, starting it from {@code library} if none runs. */
  public static EmbeddedClickHouse open(Path data, Path library) throws IOException {
    return open(data, library, EngineConfiguration.DEFAULT);
  }

  /**
   * Joins the engine on {@code data}, starting it if none runs.
   *
   * @param configuration only read by a start: a running engine keeps what it was started with
   */
  public static EmbeddedClickHouse open(Path data, Path library, EngineConfiguration configuration)
      throws IOException {
    requireNonNull(library, "library");
    requireNonNull(configuration, "configuration");
    Files.createDirectories(data);
    Path directory = data.toRealPath();
    synchronized (MEMBERSHIPS) {
      Membership membership = MEMBERSHIPS.get(directory);
      if (membership == null) {
        membership = new Membership(directory);
        MEMBERSHIPS.put(directory, membership);
      }
      membership.users++;
      try {
        int port = membership.port(library, configuration);
        return new EmbeddedClickHouse(
            membership,
            ClickHouseEndpoint.of(
                "127.0.0.1", port, EngineFiles.USER, membership.files.readPassword(), "default"));
      } catch (IOException | RuntimeException e) {
        membership.leave();
        throw e;
      }
    }
  }

  /** Where the engine answers; another one after a restart, so ask the newest instance. */
  public ClickHouseEndpoint endpoint() {
    return endpoint;
  }

  /** Leaves the engine; the last user to leave, of all processes, stops it shortly after. */
  @Override
  public void close() throws IOException {
    synchronized (MEMBERSHIPS) {
      if (!closed) {
        closed = true;
        membership.leave();
      }
    }
  }

  /** The engine library; see {@link EngineLibrary#find()}. */
  public static Path findLibrary() throws IOException {
    return EngineLibrary.find();
  }

  /** What this JVM shares per directory: one channel with its lock, and a count of its users. */
  private static final class Membership {
    final EngineFiles files;
    final FileChannel channel;
    int users;

    Membership(Path directory) throws IOException {
      files = new EngineFiles(directory);
      channel = openChannel(files.users());
      // Waits for an engine that is just ending: it keeps the exclusive lock until it is gone.
      channel.lock(0, Long.MAX_VALUE, true);
    }

    void leave() throws IOException {
      if (--users == 0) {
        MEMBERSHIPS.remove(files.data());
        channel.close();
      }
    }

    int port(Path library, EngineConfiguration configuration) throws IOException {
      try (FileChannel starting = openChannel(files.starting());
          FileLock lock = starting.lock()) {
        requireNonNull(lock, "lock");
        long deadline = System.nanoTime() + configuration.startTimeout().toNanos();
        Process process = null;
        while (true) {
          // An engine that somebody else started and did not live to see ready is waited for too.
          if (process == null && !engineIsAlive()) {
            process = start(library, configuration);
          }
          if (Files.exists(files.ready()) && (process != null || engineIsAlive())) {
            return Integer.parseInt(Files.readString(files.ready()).strip());
          }
          if (process != null && !process.isAlive()) {
            throw new IOException(
                "The ClickHouse engine on %s ended with code %d while it started; it said:%n%s"
                    .formatted(files.data(), process.exitValue(), tail()));
          }
          if (System.nanoTime() > deadline) {
            if (process != null) {
              process.destroyForcibly();
            }
            throw new IOException(
                "The ClickHouse engine on %s was not ready after %s s; it said:%n%s"
                    .formatted(files.data(), configuration.startTimeout().toSeconds(), tail()));
          }
          pause(process);
        }
      }
    }

    private static void pause(Process process) throws IOException {
      try {
        if (process == null) {
          Thread.sleep(POLL_MILLIS);
        } else {
          process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while the ClickHouse engine started", e);
      }
    }

    private boolean engineIsAlive() throws IOException {
      try (FileChannel alive = openChannel(files.alive());
          FileLock lock = alive.tryLock()) {
        return lock == null;
      }
    }

    private Process start(Path library, EngineConfiguration configuration) throws IOException {
      EngineLibrary.check(library);
      files.ensurePassword();
      files.clearFormerRun();
      configuration.write(files);
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx32m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Xshare:auto",
              "-cp",
              classPath(),
              EngineProcess.class.getName(),
              files.data().toString(),
              library.toAbsolutePath().toString())
          .directory(files.data().toFile())
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectErrorStream(true)
          .redirectOutput(files.output().toFile())
          .start();
    }

    /**
     * The two entries the child needs; the whole class path of a test or a tool may be a wrapper.
     */
    private static String classPath() {
      Set<String> entries = new LinkedHashSet<>();
      for (Class<?> type : List.of(EngineProcess.class, Native.class)) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
          return System.getProperty("java.class.path");
        }
        try {
          entries.add(Path.of(source.getLocation().toURI()).toString());
        } catch (URISyntaxException e) {
          return System.getProperty("java.class.path");
        }
      }
      return String.join(File.pathSeparator, entries);
    }

    private String tail() throws IOException {
      return lastLines(files.output(), 20) + lastLines(files.serverLog(), 10);
    }

    private static String lastLines(Path file, int count) throws IOException {
      if (!Files.exists(file)) {
        return "";
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()))
          + "\n";
    }

    private static FileChannel openChannel(Path file) throws IOException {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
  }
}
