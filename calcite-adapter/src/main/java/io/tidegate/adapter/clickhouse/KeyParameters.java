package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.KeyRows;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys as array parameters of a query, and the WITH clause that makes a relation of them.
 *
 * <p>A server takes 128 KiB for one parameter, so a long list becomes several.
 *
 * @param with what stands before the query
 * @param values the parameters by name
 */
record KeyParameters(String with, Map<String, Object> values) {
  private static final int LONGEST_PARAMETER = 100_000;

  static KeyParameters of(KeyRows keys) throws SQLException {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> parts = new ArrayList<>();
    List<List<Object>> columns = columns(keys);
    int characters = 0;
    for (List<Object> row : keys.rows()) {
      if (!isPossible(row)) {
        continue;
      }
      int longest = 0;
      for (Object value : row) {
        longest = Math.max(longest, ClickHouseParameters.text("key", List.of(value)).length());
      }
      if (characters + longest > LONGEST_PARAMETER) {
        parts.add(part(keys.types(), columns, values));
        columns = columns(keys);
        characters = 0;
      }
      characters += longest;
      for (int i = 0; i < row.size(); i++) {
        columns.get(i).add(row.get(i));
      }
    }
    parts.add(part(keys.types(), columns, values));
    return new KeyParameters(
        "WITH "
            + ClickHouseIdentifiers.quote(ArrowSource.KeyedQuery.KEYS)
            + " AS ("
            + String.join(" UNION ALL ", parts)
            + ") ",
        values);
  }

  private static List<List<Object>> columns(KeyRows keys) {
    List<List<Object>> columns = new ArrayList<>();
    keys.types().forEach(type -> columns.add(new ArrayList<>()));
    return columns;
  }

  /** A SELECT of one piece of the keys, a column for each type. */
  private static String part(
      List<String> types, List<List<Object>> columns, Map<String, Object> values) {
    List<String> arrays = new ArrayList<>();
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String name = "keys_" + values.size();
      values.put(name, columns.get(i));
      arrays.add("{" + name + ":Array(" + types.get(i) + ")}");
      elements.add("k." + (i + 1) + " AS k" + i);
    }
    return arrays.size() == 1
        ? "SELECT arrayJoin(" + arrays.get(0) + ") AS k0"
        : "SELECT "
            + String.join(", ", elements)
            + " FROM (SELECT arrayJoin(arrayZip("
            + String.join(", ", arrays)
            + ")) AS k)";
  }

  /** A time that ClickHouse cannot hold is in none of its rows. */
  private static boolean isPossible(List<Object> row) {
    return row.stream()
        .allMatch(
            value ->
                value instanceof LocalDate date
                    ? ClickHouseParameters.isInRange(date)
                    : !(value instanceof LocalDateTime time)
                        || ClickHouseParameters.isInRange(time.toLocalDate()));
  }
}
