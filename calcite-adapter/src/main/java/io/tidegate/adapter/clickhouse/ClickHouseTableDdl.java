package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.PartitionTerm;
import io.tidegate.adapter.store.StoreFunctions;
import io.tidegate.adapter.store.TableDefinition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataTypeField;

/**
 * A table definition as ClickHouse's CREATE TABLE: a MergeTree with that partition and order key.
 * Its deduplication window protects retries of an insert; ClickHouse's own default is none.
 */
final class ClickHouseTableDdl {
  private static final Pattern ENGINE = Pattern.compile("\\w*MergeTree(\\([\\w ,]*\\))?");
  private static final int DEDUPLICATION_WINDOW = 1000;

  private final String table;
  private final TableDefinition definition;
  private final String engine;

  ClickHouseTableDdl(String database, TableDefinition definition) throws SQLException {
    this.table = ClickHouseIdentifiers.quote(database, definition.name());
    this.definition = definition;
    for (String option : definition.options().keySet()) {
      // The lake's word, so that one script runs on every catalog.
      if (!option.equals("engine") && !option.equals("codec")) {
        throw new SQLException(
            "CREATE TABLE "
                + definition.name()
                + ": unknown option '"
                + option
                + "' (known: engine)",
            "42000");
      }
    }
    this.engine = definition.options().getOrDefault("engine", "MergeTree");
    if (!ENGINE.matcher(engine).matches()) {
      throw new SQLException(
          "CREATE TABLE "
              + definition.name()
              + ": engine is MergeTree or one of its family, such as"
              + " 'ReplacingMergeTree(updated_at)', but was '"
              + engine
              + "'",
          "42000");
    }
  }

  /** The partition expression; empty if there is none. */
  String partitionKey() {
    return definition.partitionedBy().stream()
        .map(ClickHouseTableDdl::term)
        .collect(Collectors.joining(", "));
  }

  static String term(PartitionTerm term) {
    String column = ClickHouseIdentifiers.quote(term.column());
    if (term instanceof PartitionTerm.MintBucket) {
      return StoreFunctions.MINT_BUCKET.clickHouse(List.of(column));
    }
    if (term instanceof PartitionTerm.FloorToInterval floor) {
      return StoreFunctions.FLOOR_TO_INTERVAL.clickHouse(
          List.of(column, Long.toString(floor.seconds())));
    }
    if (term instanceof PartitionTerm.Floor floor) {
      return switch (floor.unit()) {
        case YEAR -> "toYear(" + column + ")";
        case MONTH -> "toYYYYMM(" + column + ")";
        case DAY -> "toYYYYMMDD(" + column + ")";
        case HOUR -> StoreFunctions.FLOOR_TO_INTERVAL.clickHouse(List.of(column, "3600"));
      };
    }
    return column;
  }

  /** The order key; empty if there is none. */
  String sortingKey() {
    return definition.sortedBy().stream()
        .map(ClickHouseIdentifiers::quote)
        .collect(Collectors.joining(", "));
  }

  String sql() {
    List<String> columns = new ArrayList<>();
    for (RelDataTypeField field : definition.columns().getFieldList()) {
      columns.add(
          ClickHouseIdentifiers.quote(field.getName())
              + " "
              + ClickHouseTypes.toClickHouse(field.getType()));
    }
    String partition = partitionKey();
    return "CREATE TABLE "
        + table
        + " ("
        + String.join(", ", columns)
        + ") ENGINE = "
        + engine
        + (partition.isEmpty() ? "" : " PARTITION BY (" + partition + ")")
        + " ORDER BY "
        + (sortingKey().isEmpty() ? "tuple()" : "(" + sortingKey() + ")")
        + " SETTINGS non_replicated_deduplication_window = "
        + DEDUPLICATION_WINDOW
        + (hasNullableKey() ? ", allow_nullable_key = 1" : "");
  }

  private boolean hasNullableKey() {
    List<String> keys = new ArrayList<>(definition.sortedBy());
    definition.partitionedBy().forEach(term -> keys.add(term.column()));
    return keys.stream()
        .anyMatch(key -> definition.columns().getField(key, false, false).getType().isNullable());
  }
}
