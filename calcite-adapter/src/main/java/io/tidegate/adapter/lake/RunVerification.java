package io.tidegate.adapter.lake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An independent look at what a writer left in staging, before it is sealed: every file is where
 * the definition puts it, is whole, has the table's columns and codec, and lies in the directory
 * that its values belong to, as far as its statistics tell.
 *
 * <p>Files are hashed and forced to the disk on two threads: a single large file is hashed on one
 * while the other waits for the disk.
 */
final class RunVerification {
  private static final int THREADS = 2;

  /** The shortest text that a writer is known to cut in its statistics; DuckDB cuts at 256. */
  static final int CUT_TEXT_BYTES = 64;

  private final String where;
  private final Path content;
  private final LakeTableDefinition definition;

  /** Verifies the files below a run's directory; {@code where} names table and run in errors. */
  RunVerification(String where, Path content, LakeTableDefinition definition) {
    this.where = where;
    this.content = content;
    this.definition = definition;
  }

  /**
   * The files as the manifest lists them, sorted by path.
   *
   * @param force whether they are to be on the disk when this returns
   */
  List<RunManifest.DataFile> verify(boolean force) throws LakeException {
    List<String> paths = relativePaths();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<RunManifest.DataFile>> entries = new ArrayList<>();
      List<Future<Void>> forced = new ArrayList<>();
      for (String path : paths) {
        entries.add(threads.submit(() -> entry(path)));
        if (force) {
          forced.add(threads.submit(force(path)));
        }
      }
      List<RunManifest.DataFile> files = new ArrayList<>();
      for (Future<RunManifest.DataFile> entry : entries) {
        files.add(entry.get());
      }
      for (Future<Void> done : forced) {
        done.get();
      }
      return files;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakeException.io(where, new IOException("interrupted while sealing", e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LakeException failure) {
        throw failure;
      }
      throw new IllegalStateException(where, e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> relativePaths() throws LakeException {
    try {
      return DurableFiles.relativePaths(content);
    } catch (IOException e) {
      throw LakeException.io("Cannot list what was written for " + where, e);
    }
  }

  private Callable<Void> force(String path) {
    return () -> {
      try {
        DurableFiles.force(content.resolve(path));
        return null;
      } catch (IOException e) {
        throw LakeException.io(where + ", file " + path + ": cannot be forced to the disk", e);
      }
    };
  }

  private RunManifest.DataFile entry(String path) throws LakeException {
    Path file = content.resolve(path);
    try {
      List<PartitionValue> partition = LakeFile.partition(path, definition);
      ParquetFooter footer = ParquetFooter.read(file);
      footer.check(definition);
      for (int level = 0; level < partition.size(); level++) {
        checkPartition(footer, definition.partitionedBy().get(level), partition.get(level));
      }
      return new RunManifest.DataFile(
          path,
          footer.rows(),
          Files.size(file),
          DurableFiles.sha256(file),
          footer.columnBounds(definition));
    } catch (LakeException e) {
      throw LakeException.corrupt(where + ", file " + path, e);
    } catch (IOException e) {
      throw LakeException.io(where + ", file " + path, e);
    }
  }

  /** What the statistics of an expression's column say must agree with the directory. */
  private void checkPartition(
      ParquetFooter footer, PartitionExpression expression, PartitionValue directory)
      throws LakeException {
    LakeColumn column = definition.column(expression.column()).orElseThrow();
    ColumnBounds bounds = footer.bounds(column);
    LakeType type = definition.partitionType(expression);
    if (directory.text().isEmpty()) {
      if (bounds.nulls() >= 0 && bounds.nulls() != footer.rows()) {
        throw misfiled(directory, column, "values that are not NULL");
      }
      return;
    }
    Object value = LakeValue.parse(type, directory.text().get());
    if (bounds.nulls() > 0) {
      throw misfiled(directory, column, "NULLs");
    }
    checkBound(directory, expression, column, bounds.min(), value, 1);
    checkBound(directory, expression, column, bounds.max(), value, -1);
  }

  /** A bound that is a value of the file must be filed here; a cut one must only lie outside. */
  private static void checkBound(
      PartitionValue directory,
      PartitionExpression expression,
      LakeColumn column,
      Optional<Object> bound,
      Object value,
      int outwards)
      throws LakeException {
    if (bound.isEmpty()) {
      return;
    }
    int order = LakeValue.compare(expression.evaluate(bound.get()), value);
    boolean agrees =
        isValue(bound.get()) ? order == 0 : !expression.monotone() || order * outwards <= 0;
    if (!agrees) {
      throw misfiled(directory, column, "the value " + LakeValue.text(bound.get()));
    }
  }

  private static boolean isValue(Object bound) {
    return !(bound instanceof String text)
        || text.getBytes(StandardCharsets.UTF_8).length < CUT_TEXT_BYTES;
  }

  private static LakeException misfiled(PartitionValue directory, LakeColumn column, String met) {
    return LakeException.corrupt(
        "lies in "
            + directory.key()
            + " = "
            + directory.text().map(text -> "'" + text + "'").orElse("NULL")
            + " but its column "
            + column.name()
            + " holds "
            + met);
  }
}
