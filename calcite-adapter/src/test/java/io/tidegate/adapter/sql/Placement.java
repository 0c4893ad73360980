package io.tidegate.adapter.sql;

/**
 * Where the tables of a conformance file are: {@code {left}} and {@code {right}} in its statements
 * are schemas, and an answer must not depend on which.
 */
enum Placement {
  CLICKHOUSE,
  LAKE,
  DUCKDB,
  /** Left tables in ClickHouse, right ones in the lake. */
  SPLIT;

  /** Whether a file's tables may be here: one with {@code # Only: PLACEMENT} has a single place. */
  boolean runs(String file) {
    return !file.contains("\n# Only: ") || file.contains("\n# Only: " + this + "\n");
  }

  /** A statement with its schemas filled in. */
  String fill(String text, TestCatalog catalog) {
    return text.replace("{left}", left(catalog))
        .replace("{right}", right(catalog))
        .replace("{directory}", catalog.directory().toString());
  }

  private String left(TestCatalog catalog) {
    return this == LAKE ? TestCatalog.LAKE : catalog.store();
  }

  private String right(TestCatalog catalog) {
    return this == SPLIT ? TestCatalog.LAKE : left(catalog);
  }

  /** A message with its schemas taken out again, whichever they were. */
  String blank(String text, TestCatalog catalog) {
    return text.replace(catalog.directory().toString(), "{directory}")
        .replaceAll("\\b(" + left(catalog) + "|" + right(catalog) + ")\\b", "{schema}");
  }
}
