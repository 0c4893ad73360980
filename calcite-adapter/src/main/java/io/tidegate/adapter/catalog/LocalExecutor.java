package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Bounds of DuckDB where it executes what no single store can. Empty means DuckDB's own default.
 *
 * @param memoryLimitBytes how much it may hold before it spills; 64 MB or more
 * @param threads how many it runs on; 1 or more
 * @param tempDirectory where it spills to
 */
public record LocalExecutor(
    OptionalLong memoryLimitBytes, OptionalInt threads, Optional<Path> tempDirectory) {
  public LocalExecutor {
    requireNonNull(memoryLimitBytes, "memoryLimitBytes");
    requireNonNull(threads, "threads");
    requireNonNull(tempDirectory, "tempDirectory");
  }
}
