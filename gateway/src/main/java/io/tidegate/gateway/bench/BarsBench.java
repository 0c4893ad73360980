package io.tidegate.gateway.bench;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Range bars from Parquet through SQL, against DuckDB's own scan of the columns that they are made
 * of, by its driver and nothing of Tidegate.
 */
final class BarsBench {
  private static final int SYMBOLS = 4;
  private static final double FLOOR = 0.5;
  private static final int WARM_ROUNDS = 3;

  /** Prices around 50,000 that wander by a few percent; amounts up to 5. */
  private static final String TICKS =
      """
      SELECT 'SYMBOL' || (i // %1$d) AS symbol,
        make_timestamp(1704067200000000 + (i %% %1$d) * 31000) AS ts, i AS id,
        CAST(50000 + 2000 * sin(i / 100000.0) + 300 * sin(i / 777.0) + (hash(i) %% 1001) / 100.0
          AS DECIMAL(18, 8)) AS price,
        CAST((1 + hash(i + 1) %% 500000000) / 100000000.0 AS DECIMAL(18, 8)) AS quantity,
        hash(i + 2) %% 2 = 0 AS is_buyer_maker
      FROM range(%2$d) AS r(i)""";

  private static final String SCAN =
      "SELECT max(symbol), max(ts), max(id), sum(price), count(*) FILTER (WHERE is_buyer_maker),"
          + " sum(quantity) FROM read_parquet('%s')";

  private static final String BARS =
      "SELECT COUNT(*), SUM(volume) FROM TABLE(%s(TABLE lake.ticks PARTITION BY symbol ORDER BY"
          + " ts, %s, include_incomplete => TRUE))";

  private BarsBench() {}

  /** Prints a row for each kind of bars; returns whether all are fast enough. */
  static boolean measure(Path home, long rows, int rounds, PrintWriter out) throws Exception {
    Path lake = home.resolve("bars-lake");
    Path catalog =
        Files.writeString(home.resolve("bars.yaml"), "lake:\n  root: \"%s\"\n".formatted(lake));
    boolean holds = true;
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Product product = new Product(catalog, lake)) {
      fill(product, duckDb, home.resolve("ticks.parquet"), rows);
      Path file = product.files("ticks").get(0);
      out.println();
      out.println(Race.header());
      out.flush();
      for (List<String> bars :
          List.of(
              List.of("range_bars", "threshold_dbps", "250"),
              List.of("range_bars", "threshold_dbps", "10"),
              List.of("time_bars", "interval_s", "60"),
              List.of("dollar_bars", "turnover", "10000000"))) {
        String call = bars.get(1) + " => " + bars.get(2);
        Race race = new Race("%s, %s".formatted(bars.get(0), call), FLOOR);
        String query =
            BARS.formatted(bars.get(0), call).replace("(TABLE lake", "(data => TABLE lake");
        for (int round = 1 - WARM_ROUNDS; round <= rounds; round++) {
          BigDecimal[] volumes = new BigDecimal[2];
          double theirs = Race.seconds(() -> volumes[0] = scan(duckDb, file));
          double ours = Race.seconds(() -> volumes[1] = volume(product, query));
          if (volumes[0].compareTo(volumes[1]) != 0) {
            throw new IllegalStateException(
                "Bars of " + volumes[1] + " were made of ticks of " + volumes[0]);
          }
          // The first rounds warm both up: one takes less than a second.
          if (round > 0) {
            race.theirs(theirs);
            race.ours(ours);
          }
        }
        holds &= race.holds();
        out.println(race.row());
        out.flush();
      }
    }
    out.printf(Locale.ROOT, "%s ticks of %d symbols.%n", BenchCommand.count(rows), SYMBOLS);
    out.flush();
    return holds;
  }

  private static void fill(Product product, Connection duckDb, Path file, long rows)
      throws Exception {
    long perSymbol = Math.max(1, (rows + SYMBOLS - 1) / SYMBOLS);
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet)".formatted(TICKS.formatted(perSymbol, rows), file));
    }
    product.update("DROP TABLE IF EXISTS lake.ticks");
    product.update(
        "CREATE TABLE lake.ticks (symbol VARCHAR NOT NULL, ts TIMESTAMP NOT NULL, id BIGINT NOT"
            + " NULL, price DECIMAL(18, 8) NOT NULL, quantity DECIMAL(18, 8) NOT NULL,"
            + " is_buyer_maker BOOLEAN NOT NULL) SORTED BY (symbol, ts, id)");
    product.update(
        "INSERT INTO lake.ticks SELECT * FROM TABLE(read_parquet('%s'))".formatted(file));
    Files.delete(file);
  }

  private static BigDecimal scan(Connection duckDb, Path file) throws SQLException {
    try (Statement statement = duckDb.createStatement();
        ResultSet row = statement.executeQuery(SCAN.formatted(file))) {
      row.next();
      return row.getBigDecimal(6);
    }
  }

  private static BigDecimal volume(Product product, String query) throws SQLException {
    return new BigDecimal(product.query(query).get(0).split("\t")[1]);
  }
}
