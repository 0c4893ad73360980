package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who reads a table: inside this JVM a count by run, for other processes one shared lock.
 *
 * <p>The first reader of the JVM takes a shared lock on {@code .leases/<table>.lock}, the last
 * gives it back, those between cost no system call. Whoever removes files tries the exclusive lock;
 * for this it gives back the JVM's own shared one for a moment, which is safe because removals run
 * under the root's mutex and so never two at once.
 */
final class TableLeases {
  private static final ConcurrentHashMap<Path, TableLeases> IN_THIS_JVM = new ConcurrentHashMap<>();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final Map<Lease, Set<String>> open = new HashMap<>();
  private FileChannel channel;
  private FileLock shared;
  private boolean removalWaits;

  private TableLeases(Path file) {
    this.file = file;
  }

  /** The leases of a lock file, one object in the whole JVM; the path must be real. */
  static TableLeases of(Path file) {
    return IN_THIS_JVM.computeIfAbsent(file, TableLeases::new);
  }

  /** A statement's hold on files; covers the whole table until it is told which runs. */
  final class Lease {
    private Lease() {}

    void narrow(Set<String> runIds) {
      synchronized (TableLeases.this) {
        open.replace(this, Set.copyOf(runIds));
      }
    }

    /** Gives the lease back; says whether a removal waited for it and can be tried again. */
    boolean close() throws IOException {
      synchronized (TableLeases.this) {
        if (!open.containsKey(this)) {
          return false;
        }
        open.remove(this);
        if (open.isEmpty()) {
          FileChannel closing = channel;
          channel = null;
          shared = null;
          closing.close();
        }
        boolean waited = removalWaits;
        removalWaits = false;
        return waited;
      }
    }
  }

  /** Has the next reader's end try a removal again that failed. */
  synchronized void removalFailed() {
    removalWaits = true;
  }

  synchronized Lease acquire() throws IOException {
    if (open.isEmpty()) {
      channel = open();
      try {
        shared = lockShared(channel);
      } catch (IOException e) {
        channel.close();
        channel = null;
        throw e;
      }
    }
    Lease lease = new Lease();
    open.put(lease, WHOLE_TABLE);
    return lease;
  }

  private static final Set<String> WHOLE_TABLE = Set.of("*");

  /** A removal of files, to be done while nobody reads them. */
  interface Removal {
    void run() throws IOException;
  }

  /** Runs the removal if no lease covers the run; otherwise remembers that one waits. */
  boolean ifRunUnread(String runId, Removal removal) throws IOException {
    return ifUnread(Set.of(runId), removal);
  }

  /** Runs the removal if there is no lease at all; otherwise remembers that one waits. */
  boolean ifTableUnread(Removal removal) throws IOException {
    return ifUnread(WHOLE_TABLE, removal);
  }

  private synchronized boolean ifUnread(Set<String> wanted, Removal removal) throws IOException {
    for (Set<String> covered : open.values()) {
      if (wanted == WHOLE_TABLE
          || covered == WHOLE_TABLE
          || wanted.stream().anyMatch(covered::contains)) {
        removalWaits = true;
        return false;
      }
    }
    if (channel == null) {
      try (FileChannel own = open()) {
        return exclusively(own, removal);
      }
    }
    shared.release();
    try {
      return exclusively(channel, removal);
    } finally {
      shared = lockShared(channel);
    }
  }

  private boolean exclusively(FileChannel lockable, Removal removal) throws IOException {
    try (FileLock exclusive = lockable.tryLock()) {
      if (exclusive == null) {
        removalWaits = true;
        return false;
      }
      removal.run();
      return true;
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Waits for a removal in another process, which takes one rename. */
  private FileLock lockShared(FileChannel lockable) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    FileLock lock = lockable.tryLock(0, Long.MAX_VALUE, true);
    while (lock == null) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            file + " was locked by another process for " + PATIENCE.toSeconds() + " s");
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + file, e);
      }
      lock = lockable.tryLock(0, Long.MAX_VALUE, true);
    }
    return lock;
  }
}
