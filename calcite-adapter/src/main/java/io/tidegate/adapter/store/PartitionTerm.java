package io.tidegate.adapter.store;

import java.util.Optional;

/**
 * One term of PARTITIONED BY: a column or one of the functions of a column that every store knows.
 *
 * <p>{@code alias} is what the lake names the directory level by.
 */
public sealed interface PartitionTerm {
  String column();

  Optional<String> alias();

  /** The column itself. */
  record Identity(String column, Optional<String> alias) implements PartitionTerm {}

  /** {@code mint_bucket(column)}. */
  record MintBucket(String column, Optional<String> alias) implements PartitionTerm {}

  /** {@code FLOOR(column TO unit)}. */
  record Floor(String column, Unit unit, Optional<String> alias) implements PartitionTerm {}

  /** {@code floor_to_interval(column, seconds)}. */
  record FloorToInterval(String column, long seconds, Optional<String> alias)
      implements PartitionTerm {}

  /** Units of FLOOR that can partition a table. */
  enum Unit {
    YEAR,
    MONTH,
    DAY,
    HOUR
  }
}
