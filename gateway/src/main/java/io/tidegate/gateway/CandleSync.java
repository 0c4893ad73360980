package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Brings candles of one table into another: new keys are inserted, keys with other values replaced.
 *
 * <p>A DuckDB file takes all of it in one MERGE, which is one transaction. ClickHouse has none:
 * rows to be replaced are deleted, then inserted from a staging table, and a job that was cut off
 * between the two is made whole by repeating it. A lake table takes new candles as one run; it has
 * no updates, so candles with other values are refused.
 */
final class CandleSync {
  private final Connection connection;
  private final CandleTable from;
  private final String to;
  private final CandleTable.Filter filter;

  CandleSync(Connection connection, CandleTable from, String to, CandleTable.Filter filter) {
    this.connection = requireNonNull(connection, "connection");
    this.from = requireNonNull(from, "from");
    this.to = requireNonNull(to, "to");
    this.filter = requireNonNull(filter, "filter");
  }

  /** What became of the candles. */
  record Counts(long fetched, long inserted, long updated, long unchanged) {
    String json() {
      return "{\"fetched\":%d,\"inserted\":%d,\"updated\":%d,\"unchanged\":%d}"
          .formatted(fetched, inserted, updated, unchanged);
    }
  }

  Counts run() throws SQLException {
    createIfMissing();
    CandleTable target = CandleTable.of(connection, to);
    Counts counts = counts(target);
    if (counts.fetched() == 0) {
      throw new SQLException("No candles found in " + from.name(), "02000");
    }
    if (counts.inserted() + counts.updated() == 0) {
      return counts;
    }
    String schema = target.name().substring(0, Math.max(0, target.name().indexOf('.')));
    Map<String, String> columns = target.assignments(filter.chain());
    if (counts.updated() == 0) {
      update(
          "INSERT INTO "
              + target.quoted()
              + names(columns)
              + " SELECT "
              + values(columns)
              + changed(target));
      return counts;
    }
    if (schema.isEmpty() || schema.equalsIgnoreCase("lake")) {
      throw new SQLException(
          target.name()
              + " has "
              + counts.updated()
              + " candles with other values, and runs of the lake never change: export into a new"
              + " table instead. Nothing was written",
          "0A000");
    }
    replace(target, schema, columns);
    return counts;
  }

  private void replace(CandleTable target, String schema, Map<String, String> columns)
      throws SQLException {
    String table = target.name().substring(schema.length() + 1);
    String staging =
        "sync_"
            + UUID.randomUUID()
                .toString()
                .replace("-", "")
                .substring(0, 12)
                .toLowerCase(Locale.ROOT);
    String stagingName = SqlNames.name("staging", schema + "." + staging);
    update(
        "CREATE TABLE "
            + stagingName
            + " AS SELECT "
            + columns.entrySet().stream()
                .map(column -> column.getValue() + " AS \"" + column.getKey() + "\"")
                .collect(Collectors.joining(", "))
            + changed(target));
    try {
      List<String> keys = target.keyColumns();
      if (StoreOfSchema.isClickHouse(connection, schema)) {
        String key =
            keys.stream().map(CandleSync::quote).collect(Collectors.joining(", ", "(", ")"));
        update(
            DdlCommand.call(
                schema,
                "DELETE FROM "
                    + quote(table)
                    + " WHERE "
                    + key
                    + " IN (SELECT "
                    + key.substring(1, key.length() - 1)
                    + " FROM "
                    + quote(staging)
                    + ")"));
        String all =
            columns.keySet().stream().map(CandleSync::quote).collect(Collectors.joining(", "));
        update(
            DdlCommand.call(
                schema,
                "INSERT INTO "
                    + quote(table)
                    + " ("
                    + all
                    + ") SELECT "
                    + all
                    + " FROM "
                    + quote(staging)));
      } else {
        update(DdlCommand.call(schema, merge(table, staging, keys, columns)));
      }
    } finally {
      update("DROP TABLE IF EXISTS " + stagingName);
    }
  }

  private static String merge(
      String table, String staging, List<String> keys, Map<String, String> columns) {
    return "MERGE INTO "
        + quote(table)
        + " AS t USING "
        + quote(staging)
        + " AS s ON "
        + keys.stream()
            .map(key -> "t." + quote(key) + " = s." + quote(key))
            .collect(Collectors.joining(" AND "))
        + " WHEN MATCHED THEN UPDATE SET "
        + columns.keySet().stream()
            .filter(column -> !keys.contains(column))
            .map(column -> quote(column) + " = s." + quote(column))
            .collect(Collectors.joining(", "))
        + " WHEN NOT MATCHED THEN INSERT ("
        + columns.keySet().stream().map(CandleSync::quote).collect(Collectors.joining(", "))
        + ") VALUES ("
        + columns.keySet().stream()
            .map(column -> "s." + quote(column))
            .collect(Collectors.joining(", "))
        + ")";
  }

  /** Names of columns in quotes that both stores read. */
  private static String quote(String name) {
    return SqlNames.name("a column", name);
  }

  private void createIfMissing() throws SQLException {
    if (to.indexOf('@') >= 0) {
      return;
    }
    update(
        "CREATE TABLE IF NOT EXISTS "
            + SqlNames.name("--to", to)
            + " (mint VARCHAR NOT NULL, ts TIMESTAMP NOT NULL, interval_s INTEGER NOT NULL,"
            + " open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,"
            + " close DOUBLE NOT NULL, volume DOUBLE NOT NULL) SORTED BY (mint, interval_s, ts)");
  }

  private static final String DIFFERS =
      CandleTable.VALUES.stream()
          .map(value -> "s." + value + " IS DISTINCT FROM t." + value)
          .collect(Collectors.joining(" OR "));

  private String joined(CandleTable target) {
    // All that the target has of the keys, however few of the source's newest are wanted.
    CandleTable.Filter any = filter.ofAnyAge();
    return " FROM ("
        + from.candles(filter)
        + ") AS s LEFT JOIN ("
        + target.candles(any)
        + ") AS t ON s.mint = t.mint AND s.ts = t.ts AND s.interval_s = t.interval_s";
  }

  private String changed(CandleTable target) {
    return joined(target) + " WHERE t.mint IS NULL OR " + DIFFERS;
  }

  private Counts counts(CandleTable target) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*), SUM(CASE WHEN t.mint IS NULL THEN 1 ELSE 0 END),"
                    + " SUM(CASE WHEN t.mint IS NOT NULL AND ("
                    + DIFFERS
                    + ") THEN 1 ELSE 0 END)"
                    + joined(target))) {
      row.next();
      long fetched = row.getLong(1);
      long inserted = row.getLong(2);
      long updated = row.getLong(3);
      return new Counts(fetched, inserted, updated, fetched - inserted - updated);
    }
  }

  private static String names(Map<String, String> columns) {
    return columns.keySet().stream()
        .map(CandleSync::quote)
        .collect(Collectors.joining(", ", " (", ")"));
  }

  private static String values(Map<String, String> columns) {
    return String.join(", ", columns.values());
  }

  private void update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
