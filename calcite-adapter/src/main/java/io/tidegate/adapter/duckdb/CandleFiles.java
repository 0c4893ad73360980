package io.tidegate.adapter.duckdb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Parquet files of one-minute candles as one query of a fixed shape. Columns that a file may leave
 * out are NULL there, a close that is left out is a minute after the open, times without a zone are
 * UTC, times are cut to milliseconds, symbols are in upper case.
 *
 * <p>The last column, {@code reason}, says why a row is not a candle; it is NULL where it is one.
 *
 * @param read DuckDB's {@code read_parquet(...)} of the files
 * @param shown the paths, for messages
 */
record CandleFiles(String read, String shown) {
  private static final List<String> REQUIRED =
      List.of("market_id", "symbol", "ts_open", "open", "high", "low", "close", "volume_base");

  private static final List<String> OPTIONAL_NUMBERS =
      List.of("volume_quote", "taker_buy_volume_base", "taker_buy_volume_quote");

  private static final Pattern TIME = Pattern.compile("TIMESTAMP.*|DATE|VARCHAR");
  private static final Pattern GLOB = Pattern.compile("[*?\\[]");
  private static final long LARGEST_COUNT = 4_294_967_295L;

  static CandleFiles of(List<String> paths, UnaryOperator<String> quote) throws SQLException {
    List<String> files = new ArrayList<>();
    for (String path : paths) {
      boolean pattern = GLOB.matcher(path).find();
      if (path.isBlank() || !pattern && !Files.exists(Path.of(path))) {
        throw new SQLException("There is no Parquet file or directory '" + path + "'", "58P01");
      }
      files.add(!pattern && Files.isDirectory(Path.of(path)) ? path + "/**/*.parquet" : path);
    }
    return new CandleFiles(
        files.stream()
            .map(quote)
            .collect(
                Collectors.joining(
                    // Folders called day=2024-01-01 are no columns, and files may differ.
                    ", ", "read_parquet([", "], union_by_name = true, hive_partitioning = false)")),
        String.join(", ", paths));
  }

  String query(DuckDbEngine engine) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    engine
        .rows(
            "DESCRIBE SELECT * FROM " + read,
            row -> Map.entry(row.getString(1).toLowerCase(Locale.ROOT), row.getString(2)))
        .forEach(column -> types.put(column.getKey(), column.getValue()));
    for (String column : REQUIRED) {
      if (!types.containsKey(column)) {
        throw new SQLException(
            "Parquet files of candles need the columns "
                + String.join(", ", REQUIRED)
                + ", but "
                + shown
                + " has no column '"
                + column
                + "'",
            "42703");
      }
    }
    for (String column : List.of("ts_open", "ts_close")) {
      String type = types.get(column);
      if (type != null && !TIME.matcher(type).matches()) {
        throw new SQLException(
            "Column '" + column + "' of " + shown + " must be a timestamp, but is " + type,
            "42804");
      }
    }
    return "SELECT c.*, " + reason() + " AS reason FROM (" + shaped(types) + ") AS c";
  }

  private String shaped(Map<String, String> types) {
    String open = "CAST(ts_open AS TIMESTAMP)";
    String aMinuteLater = open + " + INTERVAL 1 MINUTE";
    return "SELECT CAST(market_id AS INTEGER) AS market_id, upper(trim(symbol)) AS symbol, "
        + open
        + " AS ts_open, "
        + (types.containsKey("ts_close")
            ? "coalesce(date_trunc('millisecond', CAST(ts_close AS TIMESTAMP)), "
                + aMinuteLater
                + ")"
            : aMinuteLater)
        + " AS ts_close"
        + REQUIRED.subList(3, REQUIRED.size()).stream()
            .map(column -> ", CAST(\"" + column + "\" AS DOUBLE) AS \"" + column + "\"")
            .collect(Collectors.joining())
        + ", "
        + optional("volume_quote", "DOUBLE", types)
        + ", "
        + optional("trades_count", "BIGINT", types)
        + ", "
        + optional("taker_buy_volume_base", "DOUBLE", types)
        + ", "
        + optional("taker_buy_volume_quote", "DOUBLE", types)
        + " FROM "
        + read;
  }

  private static String optional(String column, String type, Map<String, String> types) {
    return "CAST("
        + (types.containsKey(column) ? "\"" + column + "\"" : "NULL")
        + " AS "
        + type
        + ") AS "
        + column;
  }

  /** The first rule that a row breaks. */
  private static String reason() {
    StringBuilder rules = new StringBuilder("CASE");
    rule(
        rules,
        "ts_open <> date_trunc('minute', ts_open)",
        "ts_open is not the beginning of a minute");
    rule(rules, "ts_close <= ts_open", "ts_open < ts_close does not hold");
    rule(
        rules,
        "ts_close > ts_open + INTERVAL 1 MINUTE",
        "ts_close is more than a minute after ts_open");
    for (String price : List.of("open", "high", "low", "close")) {
      rule(rules, "\"" + price + "\" IS NULL", price + " is missing");
      rule(rules, "NOT isfinite(\"" + price + "\")", price + " is not a finite number");
      rule(rules, "\"" + price + "\" <= 0", price + " > 0 does not hold");
    }
    rule(rules, "high < greatest(open, close)", "high >= max(open, close) does not hold");
    rule(rules, "low > least(open, close)", "low <= min(open, close) does not hold");
    rule(rules, "volume_base IS NULL", "volume_base is missing");
    List<String> amounts = new ArrayList<>(List.of("volume_base"));
    amounts.addAll(OPTIONAL_NUMBERS);
    for (String amount : amounts) {
      rule(rules, "NOT isfinite(" + amount + ")", amount + " is not a finite number");
      rule(rules, amount + " < 0", amount + " >= 0 does not hold");
    }
    rule(rules, "trades_count < 0", "trades_count >= 0 does not hold");
    rule(rules, "trades_count > " + LARGEST_COUNT, "trades_count is more than " + LARGEST_COUNT);
    return rules.append(" END").toString();
  }

  private static void rule(StringBuilder rules, String broken, String reason) {
    rules.append(" WHEN ").append(broken).append(" THEN '").append(reason).append("'");
  }
}
