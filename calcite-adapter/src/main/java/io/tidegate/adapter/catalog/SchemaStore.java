package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** What stands behind one schema that the catalog names. */
public sealed interface SchemaStore {
  /**
   * A ClickHouse engine that Tidegate starts and stops itself, as a child process.
   *
   * @param data directory of the engine's own files; shared by every Tidegate that names it
   */
  record EmbeddedClickHouse(Path data) implements SchemaStore {
    /** The word for it in a catalog's {@code type}. */
    public static final String TYPE = "embedded-clickhouse";

    public EmbeddedClickHouse {
      requireNonNull(data, "data");
    }
  }

  /**
   * A DuckDB database file, for where ClickHouse cannot run.
   *
   * @param file the database; one process at a time can have it open
   */
  record DuckDbFile(Path file) implements SchemaStore {
    /** The word for it in a catalog's {@code type}. */
    public static final String TYPE = "duckdb";

    public DuckDbFile {
      requireNonNull(file, "file");
    }
  }
}
