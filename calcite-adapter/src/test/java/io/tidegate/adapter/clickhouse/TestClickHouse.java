package io.tidegate.adapter.clickhouse;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The ClickHouse that tests talk to, one per test JVM: the server {@code CH_HOST} names, else a
 * container where Docker answers, else the engine library, which npm fetches once (500 MB) into
 * {@code .tidegate/engine} of the repository. With none of the three a test fails and says why.
 */
public final class TestClickHouse {
  private static final String IMAGE =
      System.getProperty("tidegate.test.clickhouse.image", "clickhouse/clickhouse-server:25.8");
  private static ClickHouseEndpoint endpoint;

  private TestClickHouse() {}

  /** The server, on a database made for {@code testClass} alone and empty. */
  public static synchronized ClickHouseEndpoint databaseOf(Class<?> testClass)
      throws SQLException, IOException {
    String database = "test_" + testClass.getSimpleName();
    try (ClickHouseClient client = new ClickHouseClient(endpoint())) {
      String quoted = ClickHouseIdentifiers.quote(database);
      client.execute("DROP DATABASE IF EXISTS " + quoted + " SYNC", Map.of(), "drop-" + database);
      client.execute("CREATE DATABASE " + quoted, Map.of(), "create-" + database);
    }
    return endpoint().withDatabase(database);
  }

  /** The server, on its default database. */
  public static synchronized ClickHouseEndpoint endpoint() throws IOException {
    if (endpoint == null) {
      String host = System.getenv("CH_HOST");
      if (host != null && !host.isBlank()) {
        endpoint = named(host);
      } else if (System.getenv("DOCKER_HOST") != null
          || Files.exists(Path.of("/var/run/docker.sock"))) {
        endpoint = container();
      } else {
        endpoint = embedded();
      }
    }
    return endpoint;
  }

  /** The engine library, fetched if it is not there. */
  public static synchronized Path library() throws IOException {
    if (System.getProperty("tidegate.home") == null) {
      System.setProperty("tidegate.home", repository().toString());
    }
    if (System.getenv("TIDEGATE_CHDB_LIB") == null) {
      Files.createDirectories(EngineLibrary.directory());
      // Two test JVMs run at a time, and half a library looks like one.
      try (FileChannel installing =
              FileChannel.open(
                  EngineLibrary.directory().resolve("installing"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = installing.lock()) {
        if (lock.isValid() && EngineLibrary.installed().isEmpty()) {
          install();
        }
      }
    }
    return EmbeddedClickHouse.findLibrary();
  }

  private static ClickHouseEndpoint named(String host) {
    return ClickHouseEndpoint.of(
        host,
        Integer.parseInt(System.getenv().getOrDefault("CH_PORT", "8123")),
        System.getenv().getOrDefault("CH_USER", "default"),
        System.getenv().getOrDefault("CH_PASSWORD", ""),
        "default");
  }

  @SuppressWarnings("resource") // Testcontainers removes it when this JVM ends.
  private static ClickHouseEndpoint container() {
    GenericContainer<?> server =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withEnv("CLICKHOUSE_USER", "tidegate")
            .withEnv("CLICKHOUSE_PASSWORD", "tidegate")
            .withExposedPorts(8123)
            .waitingFor(Wait.forHttp("/ping").forPort(8123));
    server.start();
    return ClickHouseEndpoint.of(
        server.getHost(), server.getMappedPort(8123), "tidegate", "tidegate", "default");
  }

  private static ClickHouseEndpoint embedded() throws IOException {
    Path data = Path.of("target", "clickhouse-" + ProcessHandle.current().pid());
    EmbeddedClickHouse engine = EmbeddedClickHouse.open(data, library());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    engine.close();
                    awaitEnd(data);
                    delete(data);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
    return engine.endpoint();
  }

  /** Waits until no engine runs on {@code data}, which its ready-file tells. */
  public static void awaitEnd(Path data) throws IOException {
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (isRunning(data) && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a process holds the engine's lock on {@code data}. */
  static boolean isRunning(Path data) throws IOException {
    Path alive = new EngineFiles(data).alive();
    if (!Files.exists(alive)) {
      return false;
    }
    try (var channel = FileChannel.open(alive, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock == null;
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static Path repository() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isDirectory(directory.resolve("calcite-adapter"))) {
      directory = directory.getParent();
    }
    return directory == null ? Path.of("").toAbsolutePath() : directory;
  }

  private static void install() throws IOException {
    Process npm;
    try {
      npm =
          new ProcessBuilder(
                  "npm",
                  "install",
                  "--no-save",
                  "--prefix",
                  EngineLibrary.directory().toString(),
                  EngineLibrary.packageSpecification())
              // Standard input and output are surefire's line to Maven.
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new IOException(
          "These tests need a ClickHouse: set CH_HOST, or run Docker, or install npm so that they"
              + " can fetch "
              + EngineLibrary.packageSpecification(),
          e);
    }
    try {
      if (npm.waitFor() != 0) {
        throw new IOException("npm could not install " + EngineLibrary.packageSpecification());
      }
    } catch (InterruptedException e) {
      npm.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while npm fetched the ClickHouse engine", e);
    }
  }
}
