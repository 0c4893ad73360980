package io.tidegate.adapter.store;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexNode;

/**
 * A relation of Parquet files that a store other than its own may be able to read, where both see
 * the same storage.
 */
public interface SharedFiles {

  /**
   * The files that a statement reads, kept in place until it ends.
   *
   * @param paths relative to the root of the storage; each is there, and no other file counts
   * @param bytes of all of them
   */
  record Files(List<String> paths, long bytes) {
    public Files {
      paths = List.copyOf(paths);
    }
  }

  /** The relation's name with its schema. */
  String catalogName();

  /**
   * The columns, in the files' own names; empty if there are types that not every engine reads from
   * Parquet as the same values.
   */
  Optional<List<StoreColumn>> sharedColumns();

  /**
   * The files that can hold a row that meets a condition.
   *
   * @param condition over the columns, or null
   */
  Files files(StatementContext statement, RexNode condition);
}
