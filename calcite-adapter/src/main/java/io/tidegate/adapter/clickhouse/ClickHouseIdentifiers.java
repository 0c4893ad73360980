package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.WellFormedText;

/** How names are written in ClickHouse SQL. */
final class ClickHouseIdentifiers {
  private ClickHouseIdentifiers() {}

  /** The name in backticks. Inside them a backslash is an escape character too. */
  static String quote(String name) {
    return '`' + WellFormedText.check(name).replace("\\", "\\\\").replace("`", "\\`") + '`';
  }

  /** {@code `database`.`table`}. */
  static String quote(String database, String table) {
    return quote(database) + '.' + quote(table);
  }
}
