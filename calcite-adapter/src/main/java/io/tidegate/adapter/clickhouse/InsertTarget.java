package io.tidegate.adapter.clickhouse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table an insert goes to: what it calls its columns, which take NULL, and whether it remembers
 * deduplication tokens.
 *
 * @param table its qualified name, quoted
 * @param nullable whether the column of the same index takes NULL
 * @param deduplicationWindow how many tokens it remembers; 0 for none
 */
record InsertTarget(
    String table, List<String> columns, List<Boolean> nullable, long deduplicationWindow) {
  private static final Pattern WINDOW =
      Pattern.compile("non_replicated_deduplication_window\\s*=\\s*(\\d+)");

  static InsertTarget read(
      ClickHouseClient client, String database, String table, List<String> columns)
      throws SQLException {
    Map<String, Object> names = Map.of("database", database, "table", table);
    Map<String, String> types = new HashMap<>();
    client
        .rows(
            "SELECT name, type FROM system.columns"
                + " WHERE database = {database:String} AND table = {table:String}",
            names,
            row -> Map.entry(row.text(0), row.text(1)))
        .forEach(column -> types.put(column.getKey(), column.getValue()));
    if (types.isEmpty()) {
      throw new SQLException("There is no table " + database + "." + table, "42S02");
    }
    List<Boolean> nullable = new ArrayList<>();
    for (String column : columns) {
      String type = types.get(column);
      if (type == null) {
        throw new SQLException(
            "Table %s.%s has no column '%s'".formatted(database, table, column), "42S22");
      }
      nullable.add(type.startsWith("Nullable(") || type.startsWith("LowCardinality(Nullable("));
    }
    List<Long> windows =
        client.rows(
            "SELECT engine, engine_full, (SELECT value FROM system.merge_tree_settings"
                + " WHERE name = 'non_replicated_deduplication_window')"
                + " FROM system.tables WHERE database = {database:String} AND name = {table:String}",
            names,
            row -> window(row.text(0), row.text(1), row.text(2)));
    return new InsertTarget(
        ClickHouseIdentifiers.quote(database, table),
        List.copyOf(columns),
        List.copyOf(nullable),
        windows.get(0));
  }

  private static long window(String engine, String definition, String serverDefault) {
    if (engine.startsWith("Replicated") || engine.startsWith("Shared")) {
      return 1; // They remember tokens by default.
    }
    if (!engine.endsWith("MergeTree")) {
      return 0;
    }
    Matcher matcher = WINDOW.matcher(definition);
    return Long.parseLong(matcher.find() ? matcher.group(1) : serverDefault);
  }

  /** ClickHouse would write the type's default value, such as 0, in place of NULL. */
  void refuseNulls(ArrowChunks chunks, ArrowChunks.Range range) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      if (!nullable.get(i) && chunks.hasNull(i, range)) {
        throw new SQLException(
            "Cannot insert NULL into %s: column '%s' does not take it"
                .formatted(table, columns.get(i)),
            "23502");
      }
    }
  }
}
