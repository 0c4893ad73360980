package io.tidegate.conformance;

import io.tidegate.adapter.sql.TestCatalog;
import java.util.Set;

/** Where a suite's tables are. The answers must not depend on it. */
public enum Placement {
  CLICKHOUSE,
  LAKE,
  /** Some tables in ClickHouse, the others in the lake. */
  SPLIT;

  /**
   * The schema that a table is in.
   *
   * @param splitOff the tables that a split leaves in ClickHouse
   */
  public String schema(String table, Set<String> splitOff, TestCatalog catalog) {
    return switch (this) {
      case CLICKHOUSE -> catalog.store();
      case LAKE -> TestCatalog.LAKE;
      case SPLIT -> splitOff.contains(table) ? catalog.store() : TestCatalog.LAKE;
    };
  }
}
