package io.tidegate.gateway.bench;

/**
 * The rows that are measured: candles of 9 columns, about 2,000 token addresses by the minute, and
 * a label for some of the addresses. The same rows at every run.
 */
final class Candles {
  /** Rows of the small table on the lake's side of the join. */
  static final int LABELS = 500;

  private static final int MINTS = 2_000;

  private static final String COLUMNS =
      "(mint VARCHAR NOT NULL, ts TIMESTAMP NOT NULL, interval_s INTEGER NOT NULL,"
          + " \"open\" DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,"
          + " \"close\" DOUBLE NOT NULL, volume DOUBLE NOT NULL, trades BIGINT NOT NULL)";

  private Candles() {}

  /** An address of 43 or 44 characters, as Solana writes them, in ClickHouse's SQL. */
  private static String mint(String number) {
    return "base58Encode(concat(sipHash128(%1$s, 'a'), sipHash128(%1$s, 'b')))".formatted(number);
  }

  /** Tidegate's DDL for a table of candles; {@code layout} is its PARTITIONED BY and SORTED BY. */
  static String create(String table, String layout) {
    return "CREATE TABLE " + table + " " + COLUMNS + " " + layout;
  }

  /** ClickHouse's own SQL that fills such a table. */
  static String fill(String table, long rows) {
    return """
        INSERT INTO %s
        WITH number %% %d AS token, intDiv(number, %2$d) AS minute,
          cityHash64(number) AS h,
          round(1 + token / 100 + sin(minute / 500 + token) + (h %% 1000) / 5000, 6) AS base
        SELECT %s, toDateTime64('2024-01-01 00:00:00', 6, 'UTC') + toIntervalMinute(minute), 60,
          base, round(base * (1 + (h %% 97) / 5000), 6), round(base * (1 - (h %% 89) / 5000), 6),
          round(base * (1 + toInt64(h %% 61) / 9000 - 0.003), 6), round((h %% 1000003) / 37, 4),
          toInt64(h %% 400)
        FROM numbers(%d)"""
        .formatted(table, MINTS, mint("token"), rows);
  }

  /** ClickHouse's own SQL for the labels. */
  static String labels() {
    return "SELECT %s AS mint, concat('label ', toString(number %% 20)) AS label FROM numbers(%d)"
        .formatted(mint("number * " + MINTS / LABELS), LABELS);
  }
}
