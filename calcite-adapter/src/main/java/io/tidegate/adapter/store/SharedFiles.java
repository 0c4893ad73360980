package io.tidegate.adapter.store;

import java.time.LocalDate;
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

  /**
   * The days that an engine has, in DATE and TIMESTAMP.
   *
   * @param first the first of them
   * @param last the last of them
   */
  record Days(LocalDate first, LocalDate last) {
    public boolean include(LocalDate day) {
      return !day.isBefore(first) && !day.isAfter(last);
    }
  }

  /** The relation's name with its schema. */
  String catalogName();

  /**
   * The columns, in the files' own names; empty if there are types that not every engine reads from
   * Parquet as the same values, or values that are not known to be of the engine's days.
   */
  Optional<List<StoreColumn>> sharedColumns(Days days);

  /**
   * The files that can hold a row that meets a condition.
   *
   * @param condition over the columns, or null
   * @param days that all values must be known to be of: others came after the statement was planned
   *     and are an error
   */
  Files files(StatementContext statement, RexNode condition, Days days);
}
