package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads what databases, tables and columns a server shows its user, in two queries. */
public final class ClickHouseCatalogReader {
  private static final String NOT_SYSTEM =
      "database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')";

  private final ClickHouseClient client;

  /**
   * A table or a view.
   *
   * @param engine such as {@code MergeTree} or {@code View}
   * @param partitionKey the partition expression as ClickHouse writes it; empty if there is none
   * @param sortingKey likewise
   * @param totalRows if the engine knows it, which a view does not
   * @param totalBytes likewise
   */
  public record Table(
      String database,
      String name,
      String engine,
      String partitionKey,
      String sortingKey,
      OptionalLong totalRows,
      OptionalLong totalBytes,
      String comment,
      List<Column> columns) {}

  /**
   * A column.
   *
   * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL}, or
   *     empty
   */
  public record Column(String name, String typeText, String defaultKind, String comment) {
    /** Whether a value may be given for it; ClickHouse computes the others itself. */
    public boolean isInsertable() {
      return !defaultKind.equals("MATERIALIZED") && !defaultKind.equals("ALIAS");
    }

    /** Whether it can be selected; an ephemeral column only feeds the defaults of others. */
    public boolean isReadable() {
      return !defaultKind.equals("EPHEMERAL");
    }
  }

  public ClickHouseCatalogReader(ClickHouseClient client) {
    this.client = requireNonNull(client, "client");
  }

  /** The databases the user can see, without the server's own. */
  public List<String> databases() throws SQLException {
    return client.rows(
        "SELECT name FROM system.databases WHERE "
            + NOT_SYSTEM.replace("database", "name")
            + " ORDER BY name",
        Map.of(),
        row -> row.text(0));
  }

  /** All tables and views of all databases the user can see, by database and name. */
  public List<Table> tables() throws SQLException {
    return tables(NOT_SYSTEM, Map.of());
  }

  /** The tables and views of one database, by name. */
  public List<Table> tables(String database) throws SQLException {
    return tables("database = {database:String}", Map.of("database", database));
  }

  private List<Table> tables(String condition, Map<String, Object> parameters) throws SQLException {
    Map<List<String>, List<Column>> columns = new LinkedHashMap<>();
    client.rows(
        "SELECT database, table, name, type, default_kind::String, comment FROM system.columns"
            + " WHERE "
            + condition
            + " ORDER BY database, table, position",
        parameters,
        row ->
            columns
                .computeIfAbsent(List.of(row.text(0), row.text(1)), table -> new ArrayList<>())
                .add(new Column(row.text(2), row.text(3), row.text(4), row.text(5))));
    return client.rows(
        "SELECT database, name, engine, partition_key, sorting_key, comment,"
            + " total_rows::Nullable(Int64), total_bytes::Nullable(Int64) FROM system.tables"
            + " WHERE NOT is_temporary AND "
            + condition
            + " ORDER BY database, name",
        parameters,
        row ->
            new Table(
                row.text(0),
                row.text(1),
                row.text(2),
                row.text(3),
                row.text(4),
                size(row, 6),
                size(row, 7),
                row.text(5),
                List.copyOf(columns.getOrDefault(List.of(row.text(0), row.text(1)), List.of()))));
  }

  private static OptionalLong size(ClickHouseRow row, int column) {
    return row.value(column) == null ? OptionalLong.empty() : OptionalLong.of(row.number(column));
  }
}
