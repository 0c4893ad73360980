package io.tidegate.adapter.storage;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.catalog.CatalogException;
import io.tidegate.adapter.catalog.CatalogFile;
import io.tidegate.adapter.duckdb.DuckDbEngine;
import io.tidegate.adapter.duckdb.DuckDbPool;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.ports.ArtifactPort;
import io.tidegate.adapter.ports.SlicePort;
import io.tidegate.adapter.ports.StatePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;

/**
 * The ports over one lake and one state file, for as long as a program runs: open it once, use it
 * from any thread, close it at the end. It starts no process and has a fixed number of connections,
 * however much is asked of it.
 *
 * <p>A state file is for one process. Whoever opens it again in the same process shares what is
 * open, with the settings of the first; the last to close it closes it.
 */
public final class StorageGateway implements AutoCloseable {
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final Shared shared;
  private boolean closed;

  private StorageGateway(Shared shared) {
    this.shared = shared;
  }

  /**
   * What a gateway works with.
   *
   * @param lake the lake's root; made when it is missing
   * @param stateFile a DuckDB file for state and for the ledger of artifacts; made when missing
   * @param readers connections beside the one that writes; 1 or more
   * @param memoryLimit of DuckDB, as it writes it
   * @param timeout how long one call may wait for a connection, and one statement may run; 1 s or
   *     more
   * @param clock says when a state value's time is over, and when an artifact was made
   */
  public record Settings(
      Path lake, Path stateFile, int readers, String memoryLimit, Duration timeout, Clock clock) {
    public Settings {
      requireNonNull(lake, "lake");
      requireNonNull(stateFile, "stateFile");
      requireNonNull(memoryLimit, "memoryLimit");
      requireNonNull(timeout, "timeout");
      requireNonNull(clock, "clock");
      if (readers < 1) {
        throw new IllegalArgumentException("readers must be 1 or more but was " + readers);
      }
      if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("timeout must be 1 s or more but was " + timeout);
      }
    }

    /** Four readers, 1 GB and a minute. */
    public static Settings of(Path lake, Path stateFile) {
      return new Settings(lake, stateFile, 4, "1GB", Duration.ofMinutes(1), Clock.systemUTC());
    }

    /** The lake and the state file of a catalog. */
    public static Settings ofCatalog(Path catalog) {
      return new PortCall("gateway", "open")
          .run(
              () -> {
                CatalogFile file = CatalogFile.read(catalog, System.getenv());
                return of(
                    file.lake().root(),
                    file.stateFile()
                        .orElseThrow(
                            () ->
                                new SQLException(
                                    catalog + ": key 'state.file' is missing: name a DuckDB file",
                                    CatalogException.SQL_STATE)));
              });
    }

    /** The same with other connections and patience. */
    public Settings with(int newReaders, Duration newTimeout) {
      return new Settings(lake, stateFile, newReaders, memoryLimit, newTimeout, clock);
    }

    /** The same with another clock. */
    public Settings with(Clock newClock) {
      return new Settings(lake, stateFile, readers, memoryLimit, timeout, newClock);
    }
  }

  /** Opens the storage, or shares it if this process has it open. */
  public static StorageGateway open(Settings settings) {
    return new PortCall("gateway", "open")
        .run(
            () -> {
              Path file = settings.stateFile().toAbsolutePath().normalize();
              synchronized (OPEN) {
                Shared shared = OPEN.get(file);
                if (shared == null) {
                  shared = new Shared(file, settings);
                  OPEN.put(file, shared);
                } else if (!shared.lake.root().equals(realPath(settings.lake()))) {
                  throw new SQLException(
                      "state file "
                          + file
                          + " is open with the lake at "
                          + shared.lake.root()
                          + ", not "
                          + settings.lake(),
                      "55006");
                }
                shared.users++;
                return new StorageGateway(shared);
              }
            });
  }

  private static Path realPath(Path path) throws SQLException {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new SQLException("Cannot open the lake at " + path + ": " + e, "58030", e);
    }
  }

  public StatePort state() {
    return shared.state;
  }

  public ArtifactPort artifacts() {
    return shared.artifacts;
  }

  public SlicePort slices() {
    return shared.slices;
  }

  /** How many connections to DuckDB were opened since the gateway was. */
  public long connectionsOpened() {
    return shared.engine.connectionsOpened();
  }

  /** Closes the storage when its last user has. No call of a port may be running. */
  @Override
  public void close() {
    synchronized (OPEN) {
      if (closed) {
        return;
      }
      closed = true;
      if (--shared.users == 0) {
        OPEN.remove(shared.file);
        new PortCall("gateway", "close")
            .<Void>run(
                () -> {
                  shared.close(null);
                  return null;
                });
      }
    }
  }

  /** What all gateways of this process to one state file have in common. */
  private static final class Shared {
    final Path file;
    final Deque<AutoCloseable> opened = new ArrayDeque<>();
    DuckDbEngine engine;
    Lake lake;
    StatePort state;
    ArtifactPort artifacts;
    SlicePort slices;
    int users;

    Shared(Path file, Settings settings) throws SQLException {
      this.file = file;
      try {
        open(settings);
      } catch (SQLException | RuntimeException | Error e) {
        close(e);
        throw e;
      }
    }

    private void open(Settings settings) throws SQLException {
      BufferAllocator allocator = new RootAllocator();
      opened.push(allocator);
      lake = Lake.open(settings.lake());
      engine =
          DuckDbEngine.start(
              new DuckDbEngine.Settings(
                  settings.memoryLimit(),
                  Runtime.getRuntime().availableProcessors(),
                  Path.of(System.getProperty("java.io.tmpdir"), "tidegate-" + UUID.randomUUID())));
      opened.push(engine);
      attach();
      DuckDbPool pool = new DuckDbPool(engine, settings.readers(), settings.timeout());
      opened.push(pool);
      pool.write(StateTables::create);
      Map<String, String> engines = new TreeMap<>(Map.of("duckdb", engine.version()));
      state = new DuckDbState(pool, settings.clock());
      LakeArtifacts lakeArtifacts =
          new LakeArtifacts(lake, pool, allocator, engines, settings.clock());
      lakeArtifacts.recover();
      artifacts = lakeArtifacts;
      slices = new LakeSlices(lake, pool, allocator);
    }

    private void attach() throws SQLException {
      try {
        Files.createDirectories(file.getParent());
        engine.attach(file, StateTables.CATALOG);
      } catch (IOException e) {
        throw new SQLException("Cannot make the directory of " + file + ": " + e, "58030", e);
      } catch (SQLException e) {
        if (e.getMessage().contains("lock on file")) {
          throw new SQLException(
              "another process has "
                  + file
                  + " open, and a state file is for one process at a time",
              "55006",
              e);
        }
        throw e;
      }
    }

    void close(Throwable cause) throws SQLException {
      try {
        AutoCloseables.close(opened);
      } catch (Exception e) {
        if (cause == null) {
          throw new SQLException("Closing " + file + " failed: " + e.getMessage(), "58030", e);
        }
        cause.addSuppressed(e);
      } finally {
        opened.clear();
      }
    }
  }
}
