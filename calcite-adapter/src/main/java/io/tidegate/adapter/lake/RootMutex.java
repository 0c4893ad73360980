package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock under which names in a lake's root come and go, held for moments.
 *
 * <p>Inside the JVM it is a lock like any other; between processes it is an operating-system lock
 * on {@code <root>/.lock}, taken only by the thread that has the former, because a second attempt
 * inside one JVM throws and closing a second channel would drop the first one's lock.
 */
final class RootMutex {
  private static final ConcurrentHashMap<Path, RootMutex> IN_THIS_JVM = new ConcurrentHashMap<>();

  /** Long beside what is done under it, short beside a night of waiting for a stopped process. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final ReentrantLock threads = new ReentrantLock();

  private RootMutex(Path file) {
    this.file = file;
  }

  /** The mutex of a file, one in the whole JVM; the path must be real. */
  static RootMutex of(Path file) {
    return IN_THIS_JVM.computeIfAbsent(file, RootMutex::new);
  }

  /** Work done under the mutex. */
  interface Work<T> {
    T run() throws IOException, LakeException;
  }

  <T> T hold(Work<T> work) throws IOException, LakeException {
    if (threads.isHeldByCurrentThread()) {
      throw new IllegalStateException("the lake's mutex is not to be taken twice");
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      if (!threads.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy();
      }
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        FileLock lock = channel.tryLock();
        while (lock == null) {
          if (System.nanoTime() - deadline > 0) {
            throw busy();
          }
          Thread.sleep(1);
          lock = channel.tryLock();
        }
        return work.run();
      } finally {
        threads.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + file, e);
    }
  }

  private IOException busy() {
    return new IOException(
        file + " was locked by another process for " + PATIENCE.toSeconds() + " s");
  }
}
