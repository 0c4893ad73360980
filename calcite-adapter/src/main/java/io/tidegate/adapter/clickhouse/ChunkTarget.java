package io.tidegate.adapter.clickhouse;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The table an insert goes to: what its columns are, and whether it remembers deduplication tokens.
 *
 * @param table its qualified name, quoted
 * @param types the text of the columns' types
 * @param deduplicationWindow how many tokens it remembers; 0 for none
 */
record ChunkTarget(
    String table, List<String> columns, List<String> types, long deduplicationWindow) {
  private static final Pattern WINDOW =
      Pattern.compile("non_replicated_deduplication_window\\s*=\\s*(\\d+)");

  private static final Pattern INTEGER = Pattern.compile("(U?)Int(\\d+)");

  static ChunkTarget read(
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
    List<String> targetTypes = new ArrayList<>();
    for (String column : columns) {
      String type = types.get(column);
      if (type == null) {
        throw new SQLException(
            "Table %s.%s has no column '%s'".formatted(database, table, column), "42S22");
      }
      targetTypes.add(type);
    }
    List<Long> windows =
        client.rows(
            "SELECT engine, engine_full, (SELECT value FROM system.merge_tree_settings"
                + " WHERE name = 'non_replicated_deduplication_window')"
                + " FROM system.tables WHERE database = {database:String} AND name = {table:String}",
            names,
            row -> window(row.text(0), row.text(1), row.text(2)));
    return new ChunkTarget(
        ClickHouseIdentifiers.quote(database, table),
        List.copyOf(columns),
        List.copyOf(targetTypes),
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
      boolean nullable =
          types.get(i).startsWith("Nullable(")
              || types.get(i).startsWith("LowCardinality(Nullable(");
      if (!nullable && chunks.hasNull(i, range)) {
        throw new SQLException(
            "Cannot insert NULL into %s: column '%s' does not take it"
                .formatted(table, columns.get(i)),
            "23502");
      }
    }
  }

  /** What ClickHouse would change without a word; see {@link ValueLimit}. */
  void refuseValues(ArrowChunks chunks, ArrowChunks.Range range) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      Optional<ValueLimit> limit = ValueLimit.of(ClickHouseTypeText.parse(types.get(i)));
      if (limit.isEmpty()) {
        continue;
      }
      Optional<Object> outside = chunks.firstOutside(i, range, limit.get());
      if (outside.isPresent()) {
        throw new SQLException(
            "Cannot insert into %s: column '%s' is %s, %s, but a row has '%s'"
                .formatted(table, columns.get(i), types.get(i), limit.get().text(), outside.get()),
            "22003");
      }
    }
  }

  /** ClickHouse would cut a wider number or a finer time without a word, so none may come. */
  void refuseNarrowing(Schema source) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      ClickHouseTypeText type = ClickHouseTypeText.parse(types.get(i));
      while (type.name().equals("Nullable") || type.name().equals("LowCardinality")) {
        type = type.argument(0);
      }
      ArrowType given = source.getFields().get(i).getType();
      if (!holds(type, given)) {
        throw new SQLException(
            "Cannot insert into %s: column '%s' is %s but the query gives %s"
                .formatted(table, columns.get(i), types.get(i), given),
            "42804");
      }
    }
  }

  private static boolean holds(ClickHouseTypeText type, ArrowType given) {
    if (given instanceof ArrowType.Int integer) {
      Matcher target = INTEGER.matcher(type.name());
      if (target.matches()) {
        int bits = Integer.parseInt(target.group(2));
        boolean signed = target.group(1).isEmpty();
        return signed
            ? bits > integer.getBitWidth()
                || (integer.getIsSigned() && bits == integer.getBitWidth())
            : !integer.getIsSigned() && bits >= integer.getBitWidth();
      }
    }
    if (given instanceof ArrowType.Decimal decimal && type.name().endsWith("Int128")) {
      return decimal.getScale() == 0;
    }
    if (given instanceof ArrowType.Decimal decimal && type.name().equals("Decimal")) {
      int digits = type.number(0) - type.number(1);
      return decimal.getScale() <= type.number(1)
          && decimal.getPrecision() - decimal.getScale() <= digits;
    }
    if (given instanceof ArrowType.Timestamp timestamp) {
      int precision = timestamp.getUnit().ordinal() * 3;
      return switch (type.name()) {
        // There is no Arrow unit for each number of digits; the next finer one is sent for some,
        // and
        // the insert has seen that its last digits are zero.
        case "DateTime64" -> (type.number(0) + 2) / 3 * 3 >= precision;
        case "DateTime" -> precision == 0;
        default -> false;
      };
    }
    if (given instanceof ArrowType.FloatingPoint floating && type.name().equals("Float32")) {
      return floating.getPrecision() != FloatingPointPrecision.DOUBLE;
    }
    boolean exact = type.name().startsWith("Int") || type.name().startsWith("UInt");
    return !exact || given instanceof ArrowType.Int || given instanceof ArrowType.Bool;
  }
}
