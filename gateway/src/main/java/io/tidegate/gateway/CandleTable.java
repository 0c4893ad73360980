package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A table of candles whatever its columns are called, as one shape: {@code mint}, {@code ts},
 * {@code interval_s}, {@code open}, {@code high}, {@code low}, {@code close}, {@code volume}.
 *
 * <p>The token is called token_address, mint or symbol; the opening timestamp, ts, ts_open or
 * open_time, a time or epoch seconds; the interval interval_seconds or interval_s in seconds, or
 * interval as 1m or in seconds. A table without intervals has the one that its name ends with, as
 * {@code candles_1m}, or that the user gives behind its name: {@code lake.btc@5m}.
 */
final class CandleTable {
  /** The values of a candle. */
  static final List<String> VALUES = List.of("open", "high", "low", "close", "volume");

  private static final List<String> KEYS = List.of("mint", "ts", "interval_s");
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "mint", List.of("token_address", "mint", "symbol"),
          "ts", List.of("timestamp", "ts", "ts_open", "open_time"),
          "interval_s", List.of("interval_seconds", "interval_s", "interval", "tf"),
          "open", List.of("open"),
          "high", List.of("high"),
          "low", List.of("low"),
          "close", List.of("close"),
          "volume", List.of("volume", "volume_base"));
  private static final Pattern SUFFIX = Pattern.compile(".*_(\\d+[smhd])");

  private final String name;
  private final String quoted;
  private final Map<String, String> columns;
  private final Map<String, Integer> types;
  private final Optional<Integer> onlyInterval;

  private CandleTable(
      String name,
      String quoted,
      Map<String, String> columns,
      Map<String, Integer> types,
      Optional<Integer> onlyInterval) {
    this.name = requireNonNull(name, "name");
    this.quoted = quoted;
    this.columns = columns;
    this.types = types;
    this.onlyInterval = onlyInterval;
  }

  /** Which candles of a table are meant; what is absent is not restricted. */
  record Filter(
      Optional<String> mint,
      Optional<String> chain,
      Optional<Integer> intervalSeconds,
      Optional<String> start,
      Optional<String> end,
      Optional<Integer> newest) {
    /** The same candles, however many of them are the newest that are wanted. */
    Filter ofAnyAge() {
      return new Filter(mint, chain, intervalSeconds, start, end, Optional.empty());
    }
  }

  /**
   * Looks at a table's columns.
   *
   * @param given its name, perhaps with {@code @1m} behind it
   */
  static CandleTable of(Connection connection, String given) throws SQLException {
    int at = given.indexOf('@');
    String name = at < 0 ? given : given.substring(0, at);
    String quoted = SqlNames.name("a table of candles", name);
    Map<String, String> found = new LinkedHashMap<>();
    Map<String, Integer> types = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + quoted + " WHERE FALSE")) {
      ResultSetMetaData meta = result.getMetaData();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        String column = meta.getColumnName(i);
        found.put(column.toLowerCase(Locale.ROOT), column);
        types.put(column.toLowerCase(Locale.ROOT), meta.getColumnType(i));
      }
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> wanted : NAMES.entrySet()) {
      wanted.getValue().stream()
          .filter(found::containsKey)
          .findFirst()
          .ifPresent(column -> columns.put(wanted.getKey(), column));
    }
    for (String extra : List.of("chain", "ingested_at", "tf")) {
      if (found.containsKey(extra)) {
        columns.put(extra, extra);
      }
    }
    Matcher suffix = SUFFIX.matcher(name.toLowerCase(Locale.ROOT));
    Optional<Integer> interval =
        at >= 0
            ? Optional.of(seconds(given.substring(at + 1)))
            : suffix.matches() ? Optional.of(seconds(suffix.group(1))) : Optional.empty();
    CandleTable table = new CandleTable(name, quoted, columns, types, interval);
    table.refuseMissing(found);
    return table;
  }

  private void refuseMissing(Map<String, String> found) throws SQLException {
    for (String part : allColumns()) {
      if (!columns.containsKey(part) && !(part.equals("interval_s") && onlyInterval.isPresent())) {
        throw new SQLException(
            name
                + " is no table of candles: it has none of the columns "
                + String.join(", ", NAMES.get(part))
                + " (its columns: "
                + String.join(", ", found.values())
                + ")"
                + (part.equals("interval_s") ? "; say which interval it has: " + name + "@1m" : ""),
            "42703");
      }
    }
  }

  private static List<String> allColumns() {
    List<String> all = new ArrayList<>(KEYS);
    all.addAll(VALUES);
    return all;
  }

  /** {@code 15s}, {@code 1m}, {@code 4h}, {@code 1d} or a number of seconds. */
  static int seconds(String text) {
    Matcher parts =
        Pattern.compile("(\\d{1,7})([smhd]?)").matcher(text.strip().toLowerCase(Locale.ROOT));
    int unit =
        !parts.matches()
            ? 0
            : switch (parts.group(2)) {
              case "m" -> 60;
              case "h" -> 3600;
              case "d" -> 86_400;
              default -> 1;
            };
    long seconds = unit == 0 ? 0 : Long.parseLong(parts.group(1)) * unit;
    if (seconds < 1 || seconds > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an interval is a number of seconds or such as 15s, 1m, 4h, 1d, but was '" + text + "'");
    }
    return (int) seconds;
  }

  String name() {
    return name;
  }

  String quoted() {
    return quoted;
  }

  boolean has(String part) {
    return columns.containsKey(part);
  }

  /**
   * The candles in the one shape, each key once: what was ingested last, else what has the highest
   * volume. {@code copies} says how many rows there were.
   */
  String candles(Filter filter) {
    List<String> where = new ArrayList<>();
    filter.mint().ifPresent(mint -> where.add("c.mint = " + SqlNames.text(mint)));
    filter.intervalSeconds().ifPresent(seconds -> where.add("c.interval_s = " + seconds));
    filter.start().ifPresent(moment -> where.add("c.ts >= TIMESTAMP " + SqlNames.text(moment)));
    filter.end().ifPresent(moment -> where.add("c.ts < TIMESTAMP " + SqlNames.text(moment)));
    filter.chain().ifPresent(chain -> where.add("c.chain = " + SqlNames.text(chain)));
    String key = "PARTITION BY c.mint, c.ts, c.interval_s";
    String latest = has("ingested_at") ? "c.ingested_at DESC, " : "";
    String ranked =
        "SELECT c.mint, c.ts, c.interval_s, c.open, c.high, c.low, c.close, c.volume,"
            + " COUNT(*) OVER ("
            + key
            + ") AS copies, ROW_NUMBER() OVER ("
            + key
            + " ORDER BY "
            + latest
            + "c.volume DESC, c.close DESC, c.open DESC, c.high DESC, c.low DESC) AS rank_of_copy FROM ("
            + shaped()
            + ") AS c"
            + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where));
    String once =
        "SELECT k.mint, k.ts, k.interval_s, k.open, k.high, k.low, k.close, k.volume, k.copies"
            + (filter.newest().isPresent()
                ? ", ROW_NUMBER() OVER (PARTITION BY k.mint, k.interval_s ORDER BY k.ts DESC) AS age"
                : "")
            + " FROM ("
            + ranked
            + ") AS k WHERE k.rank_of_copy = 1";
    return filter.newest().isEmpty()
        ? once
        : "SELECT n.mint, n.ts, n.interval_s, n.open, n.high, n.low, n.close, n.volume, n.copies"
            + " FROM ("
            + once
            + ") AS n WHERE n.age <= "
            + filter.newest().get();
  }

  private String shaped() {
    String extra =
        List.of("chain", "ingested_at").stream()
            .filter(this::has)
            .map(column -> ", t." + column)
            .collect(Collectors.joining());
    return "SELECT "
        + "t.\""
        + columns.get("mint")
        + "\" AS mint, "
        + ts()
        + " AS ts, "
        + interval()
        + " AS interval_s"
        + VALUES.stream()
            .map(value -> ", CAST(t.\"" + columns.get(value) + "\" AS DOUBLE) AS " + value)
            .collect(Collectors.joining())
        + extra
        + " FROM "
        + quoted
        + " AS t";
  }

  private String ts() {
    String column = "t.\"" + columns.get("ts") + "\"";
    return isNumber("ts")
        ? "TIMESTAMPADD(SECOND, CAST(" + column + " AS INTEGER), TIMESTAMP '1970-01-01 00:00:00')"
        : "CAST(" + column + " AS TIMESTAMP(6))";
  }

  private String interval() {
    if (!has("interval_s")) {
      return onlyInterval.orElseThrow().toString();
    }
    String column = "t.\"" + columns.get("interval_s") + "\"";
    if (isNumber("interval_s")) {
      return "CAST(" + column + " AS INTEGER)";
    }
    StringBuilder words = new StringBuilder("CASE " + column);
    intervalWords()
        .forEach(
            (word, seconds) ->
                words.append(" WHEN '").append(word).append("' THEN ").append(seconds));
    return words.append(" ELSE CAST(").append(column).append(" AS INTEGER) END").toString();
  }

  private static Map<String, Integer> intervalWords() {
    Map<String, Integer> words = new LinkedHashMap<>();
    for (String word :
        List.of("1s", "5s", "15s", "30s", "1m", "5m", "15m", "30m", "1h", "4h", "1d")) {
      words.put(word, seconds(word));
    }
    return words;
  }

  /** The word for a number of seconds, such as 1m; the number itself where there is none. */
  static String intervalWord(String seconds) {
    StringBuilder words = new StringBuilder("CASE " + seconds);
    intervalWords()
        .forEach(
            (word, number) ->
                words.append(" WHEN ").append(number).append(" THEN '").append(word).append("'"));
    return words.append(" ELSE CAST(").append(seconds).append(" AS VARCHAR) END").toString();
  }

  private boolean isNumber(String part) {
    return switch (types.get(columns.get(part))) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.DECIMAL -> true;
      default -> false;
    };
  }

  /**
   * This table's own columns and what fills them from a candle {@code s} of the one shape.
   *
   * @param chain the chain of all rows, if the table tells it
   */
  Map<String, String> assignments(Optional<String> chain) throws SQLException {
    Map<String, String> assigned = new LinkedHashMap<>();
    assigned.put(columns.get("mint"), "s.mint");
    assigned.put(columns.get("ts"), isNumber("ts") ? "EXTRACT(EPOCH FROM s.ts)" : "s.ts");
    if (has("interval_s")) {
      assigned.put(
          columns.get("interval_s"),
          isNumber("interval_s") ? "s.interval_s" : intervalWord("s.interval_s"));
    }
    if (has("tf")) {
      assigned.put("tf", intervalWord("s.interval_s"));
    }
    for (String value : VALUES) {
      assigned.put(columns.get(value), "s." + value);
    }
    if (has("chain")) {
      assigned.put(
          "chain",
          SqlNames.text(
              chain.orElseThrow(
                  () -> new SQLException(name + " has a column chain: give --chain", "22023"))));
    }
    return assigned;
  }

  /** The columns of this table that name a candle. */
  List<String> keyColumns() {
    return KEYS.stream().filter(this::has).map(columns::get).toList();
  }
}
