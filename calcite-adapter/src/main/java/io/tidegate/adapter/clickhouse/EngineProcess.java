package io.tidegate.adapter.clickhouse;

import com.sun.jna.NativeLibrary;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The child process in which an embedded ClickHouse engine runs; started by {@link
 * EmbeddedClickHouse}, never by hand.
 *
 * <p>The engine library exports clickhouse-local's {@code main}, and clickhouse-local can open the
 * server's real HTTP port. The engine serves for as long as its last query sleeps. This process
 * watches the file on which every user holds a shared lock: once it gets the exclusive lock nobody
 * is left, not even a user who was killed, and it ends that last query and with it itself.
 *
 * <p>It uses nothing but the JDK and JNA, so that its class path is two entries. It must not be the
 * gateway's own process: the engine takes memory, threads and signals as its own.
 */
final class EngineProcess {
  private static final long WATCH_MILLIS = 200;
  private static final long STOP_SECONDS = 10;
  private static final int ALREADY_RUNNING = 3;

  private final EngineFiles files;
  private final CountDownLatch ended = new CountDownLatch(1);

  private EngineProcess(EngineFiles files) {
    this.files = files;
  }

  public static void main(String[] args) throws Exception {
    new EngineProcess(new EngineFiles(Path.of(args[0]))).run(args[1]);
  }

  private void run(String library) throws Exception {
    FileChannel alive = open(files.alive());
    if (alive.tryLock() == null) {
      System.err.println("Another engine runs on " + files.data());
      System.exit(ALREADY_RUNNING);
    }
    // A group of its own: a Ctrl-C in the user's terminal must not reach an engine others may use.
    NativeLibrary.getProcess().getFunction("setsid").invokeInt(new Object[0]);
    thread("engine-port", this::announce).start();
    thread("engine-users", this::stopWithoutUsers).start();
    Runtime.getRuntime().addShutdownHook(thread("engine-end", this::stop));

    NativeLibrary engine = NativeLibrary.getInstance(library);
    // Otherwise the engine takes this JVM's null checks (SIGSEGV) for crashes.
    engine.getFunction("chdb_set_signal_handlers_enabled").invokeVoid(new Object[] {0});
    String[] command = {
      "clickhouse",
      "--config-file=" + files.configuration(),
      "--path=" + files.store(),
      "--http_port=0",
      "--listen_host=127.0.0.1",
      // The configuration's level does not count here.
      "--log-level=information",
      "--query=" + script()
    };
    engine
        .getFunction("chdb_query_cmdline")
        .invokeInt(new Object[] {command.length, new StringArray(command)});
    ended.countDown();
    Files.deleteIfExists(files.ready());
    exit(0);
  }

  /** Opens the port, tells which one it is, and sleeps until it is killed. */
  private String script() {
    return "SYSTEM START LISTEN HTTP;"
        + " SELECT getServerPort('http_port') INTO OUTFILE '"
        + files.port().toString().replace("\\", "\\\\").replace("'", "\\'")
        + "' TRUNCATE FORMAT TSV;"
        + " SELECT sleepEachRow(0.25) FROM numbers(9223372036854775807) SETTINGS max_block_size=1,"
        + " max_threads=1, function_sleep_max_microseconds_per_block=0, max_execution_time=0"
        + " FORMAT Null";
  }

  /** Publishes the port in one step once the engine answers on it. */
  private void announce() {
    try {
      while (true) {
        String port = Files.exists(files.port()) ? Files.readString(files.port()).strip() : "";
        if (!port.isEmpty() && answers(port)) {
          Files.copy(files.port(), files.readyDraft(), StandardCopyOption.REPLACE_EXISTING);
          Files.move(files.readyDraft(), files.ready(), StandardCopyOption.ATOMIC_MOVE);
          return;
        }
        Thread.sleep(10);
      }
    } catch (IOException e) {
      System.err.println("Cannot announce the engine's port: " + e);
      exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(String port) {
    try {
      return request(port, "/ping", "", null) == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  private void stopWithoutUsers() {
    try {
      FileChannel users = open(files.users());
      FileLock last = users.tryLock();
      while (last == null) {
        Thread.sleep(WATCH_MILLIS);
        last = users.tryLock();
      }
      // Held until this process is gone: who comes now waits for the lock and starts a new engine.
      stop();
      exit(0);
    } catch (IOException e) {
      System.err.println("Cannot watch the engine's users: " + e);
      exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop() {
    try {
      Files.deleteIfExists(files.ready());
      if (Files.exists(files.port())) {
        request(
            Files.readString(files.port()).strip(),
            "/",
            files.readPassword(),
            "KILL QUERY WHERE startsWith(query, 'SELECT sleepEachRow') ASYNC FORMAT Null");
        ended.await(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      System.err.println("The engine did not end in order: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int request(String port, String path, String password, String sql)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(2_000);
    connection.setReadTimeout(5_000);
    try {
      if (sql != null) {
        String secret = EngineFiles.USER + ":" + password;
        connection.setRequestProperty(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        connection.setDoOutput(true);
        connection.getOutputStream().write(sql.getBytes(StandardCharsets.UTF_8));
      }
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  /** Ends the process as it stands: the engine's threads crash in the C library's exit handlers. */
  private static void exit(int code) {
    NativeLibrary.getProcess().getFunction("_exit").invokeVoid(new Object[] {code});
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
