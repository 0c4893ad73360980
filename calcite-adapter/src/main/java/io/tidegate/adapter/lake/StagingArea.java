package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code .staging} and {@code .trash}: where runs are written and where what is dead goes.
 *
 * <p>A claim is a directory and, beside it, a lock file that its writer keeps locked. Both come to
 * be under the root's mutex, and so does the sweep's look at them: a claim whose lock can be had is
 * dead.
 */
final class StagingArea {
  private static final String LOCK_SUFFIX = ".lock";

  /** Lock files held by this JVM: the sweep must not even open them. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path staging;
  private final Path trash;
  private final RootMutex mutex;

  StagingArea(Path root, RootMutex mutex) {
    this.staging = root.resolve(".staging");
    this.trash = root.resolve(".trash");
    this.mutex = mutex;
  }

  void createDirectories() throws IOException {
    Files.createDirectories(staging);
    Files.createDirectories(trash);
  }

  /** A locked staging directory. Closing it deletes what is still there. */
  static final class Claim implements AutoCloseable {
    private final Path directory;
    private final Path lockFile;
    private final FileChannel lock;

    private Claim(Path directory, Path lockFile, FileChannel lock) {
      this.directory = directory;
      this.lockFile = lockFile;
      this.lock = lock;
    }

    Path directory() {
      return directory;
    }

    /** The lock goes last, so that a sweep never meets the directory without it. */
    @Override
    public void close() throws IOException {
      try {
        DurableFiles.deleteTree(directory);
        Files.deleteIfExists(lockFile);
      } finally {
        lock.close();
        HELD.remove(lockFile);
      }
    }
  }

  Claim claim(String id) throws IOException, LakeException {
    return mutex.hold(
        () -> {
          Path directory = staging.resolve(id + "." + UUID.randomUUID());
          Path lockFile = directory.resolveSibling(directory.getFileName() + LOCK_SUFFIX);
          HELD.add(lockFile);
          FileChannel lock = null;
          try {
            lock =
                FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
              throw new IllegalStateException(lockFile + " was locked before it was there");
            }
            Files.createDirectory(directory);
            return new Claim(directory, lockFile, lock);
          } catch (IOException | RuntimeException e) {
            if (lock != null) {
              Files.deleteIfExists(lockFile);
              lock.close();
            }
            HELD.remove(lockFile);
            throw e;
          }
        });
  }

  /** Renames dead claims to the trash, then empties it. */
  void sweep() throws IOException, LakeException {
    if (isEmpty(staging) && isEmpty(trash)) {
      return;
    }
    mutex.hold(
        () -> {
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(staging)) {
            for (Path entry : entries) {
              sweep(entry);
            }
          }
          return null;
        });
    emptyTrash();
  }

  private void sweep(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    if (!name.endsWith(LOCK_SUFFIX)) {
      // Claims are locked before they are there, so without a lock file this one is dead.
      if (!Files.exists(entry.resolveSibling(name + LOCK_SUFFIX))) {
        discard(entry);
      }
      return;
    }
    if (HELD.contains(entry)) {
      return;
    }
    try (FileChannel lock = FileChannel.open(entry, StandardOpenOption.WRITE)) {
      if (lock.tryLock() != null) {
        discard(entry.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length())));
        Files.deleteIfExists(entry);
      }
    } catch (NoSuchFileException e) {
      // Its writer has just finished.
    }
  }

  /** Renames something to the trash; that it is gone already is as good. */
  void discard(Path path) throws IOException {
    try {
      Files.move(
          path,
          trash.resolve(path.getFileName() + "." + UUID.randomUUID()),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      if (Files.exists(path)) {
        throw e;
      }
    }
  }

  /** Deletes what is in the trash; nothing gets there that a lease still covers. */
  void emptyTrash() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(trash)) {
      for (Path entry : entries) {
        DurableFiles.deleteTree(entry);
      }
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }
}
