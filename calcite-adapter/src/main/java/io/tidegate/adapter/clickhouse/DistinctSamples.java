package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * About how many different values columns of ClickHouse tables have, which the server does not
 * keep: found by looking at a table's first rows, and kept until the table is twice or half as
 * long.
 *
 * <p>Thread-safe.
 */
final class DistinctSamples {
  private static final Logger LOGGER = LoggerFactory.getLogger(DistinctSamples.class);
  private static final long SAMPLED_ROWS = 500_000;

  /** Above this part of different values among the rows seen, there are more among the others. */
  private static final double MANY = 0.2;

  private final ClickHouseClient client;
  private final Map<List<String>, Sample> samples = new ConcurrentHashMap<>();

  /**
   * What was seen.
   *
   * @param tableRows the table's rows at that time
   * @param distinct empty if the server would not tell
   */
  private record Sample(double tableRows, OptionalDouble distinct) {}

  DistinctSamples(ClickHouseClient client) {
    this.client = requireNonNull(client, "client");
  }

  /**
   * The estimate; empty if the server would not tell.
   *
   * @param table its quoted name
   * @param leadsKey whether the table is stored by the column, so that rows seen are of few values
   */
  OptionalDouble distinct(String table, String column, double tableRows, boolean leadsKey) {
    List<String> key = List.of(table, column);
    Sample known = samples.get(key);
    if (known == null || tableRows > 2 * known.tableRows || tableRows < known.tableRows / 2) {
      known = new Sample(tableRows, sample(table, column, tableRows, leadsKey));
      samples.put(key, known);
    }
    return known.distinct;
  }

  private OptionalDouble sample(String table, String column, double tableRows, boolean leadsKey) {
    String name = ClickHouseIdentifiers.quote(column);
    try {
      long[] seen =
          client
              .rows(
                  "SELECT toInt64(coalesce(uniqCombined(c), 0)), toInt64(count()) FROM (SELECT "
                      + name
                      + " AS c FROM "
                      + table
                      + " LIMIT {rows:UInt64}) SETTINGS max_execution_time = 2",
                  Map.of("rows", SAMPLED_ROWS),
                  row -> new long[] {row.number(0), row.number(1)})
              .get(0);
      double distinct = Math.max(1, seen[0]);
      double rows = Math.max(1, seen[1]);
      boolean more = leadsKey || distinct / rows > MANY;
      return OptionalDouble.of(more ? distinct * Math.max(1, tableRows / rows) : distinct);
    } catch (SQLException e) {
      LOGGER.debug("No estimate for {} of {}", column, table, e);
      return OptionalDouble.empty();
    }
  }
}
