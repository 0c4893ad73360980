package io.tidegate.adapter.clickhouse;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where the ClickHouse engine library is on this machine, and how to get it. */
final class EngineLibrary {
  private static final String VERSION = "26.7.3-stable.1";
  private static final String VARIABLE = "TIDEGATE_CHDB_LIB";

  private EngineLibrary() {}

  /**
   * The library that {@code TIDEGATE_CHDB_LIB} names, else the one npm put below {@link
   * #directory()}.
   *
   * @throws IOException saying what to run, when there is none
   */
  static Path find() throws IOException {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      Path library = Path.of(named);
      if (!Files.isRegularFile(library)) {
        throw new FileNotFoundException(
            VARIABLE + " names " + named + ", but there is no such file");
      }
      return library;
    }
    Optional<Path> installed = installed();
    if (installed.isPresent()) {
      return installed.get();
    }
    throw new FileNotFoundException(
        "The ClickHouse engine library is not in %s. Run: npm install --no-save --prefix %s %s  (or set %s)"
            .formatted(directory(), directory(), packageSpecification(), VARIABLE));
  }

  /** The library in {@link #directory()}, if it was installed there. */
  static Optional<Path> installed() {
    Path library = directory().resolve("node_modules/" + packageName() + "/libchdb.so");
    return Files.isRegularFile(library) ? Optional.of(library) : Optional.empty();
  }

  /**
   * {@code .tidegate/engine} below the system property {@code tidegate.home} or the work directory.
   */
  static Path directory() {
    return Path.of(System.getProperty("tidegate.home", ""))
        .toAbsolutePath()
        .resolve(".tidegate")
        .resolve("engine");
  }

  /** What npm is to install on this platform. */
  static String packageSpecification() {
    return packageName() + "@" + VERSION;
  }

  /** Refuses a library that is not there before a process is started for it. */
  static void check(Path library) throws IOException {
    if (!Files.isRegularFile(library)) {
      throw new FileNotFoundException("There is no ClickHouse engine library at " + library);
    }
  }

  private static String packageName() {
    String architecture =
        switch (System.getProperty("os.arch")) {
          case "aarch64", "arm64" -> "arm64";
          default -> "x64";
        };
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    return "@chdb/lib-" + (mac ? "darwin-" + architecture : "linux-" + architecture + "-gnu");
  }
}
