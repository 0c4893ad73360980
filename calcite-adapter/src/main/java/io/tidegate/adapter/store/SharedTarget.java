package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowExecution;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/**
 * A table of Parquet files whose next file a store other than its own may be able to write, where
 * both see the same storage. What was written is verified and becomes visible as if the table's own
 * store had written it.
 */
public interface SharedTarget {

  /** Writes one file and returns how many rows went into it. */
  @FunctionalInterface
  interface FileWriter {
    /**
     * Writes the rows.
     *
     * @param path relative to the root of the storage; its directory is there, the file is not
     */
    long write(String path) throws SQLException;
  }

  /** The table's name with its schema. */
  String catalogName();

  /** The table's columns in order, with its SQL types. */
  List<StoreColumn> columns();

  /** The codec of the table's files: zstd, snappy or none. */
  String codec();

  /** Why nobody but the table's own store can write its files, as a relative clause; or empty. */
  Optional<String> ownFilesOnly();

  /** All columns of the table, in its types and in the total order that its files have. */
  InsertRows inOrder(RelNode rows, List<String> columns);

  /**
   * Writes a run of one file and publishes it.
   *
   * @param engines versions of what writes, by name, for the run's manifest
   * @return the rows that came into the table
   */
  long write(ArrowExecution execution, Map<String, String> engines, FileWriter writer)
      throws SQLException;
}
