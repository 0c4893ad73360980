package io.tidegate.adapter.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A file of alerts as {@code alert_id, mint, alert_ts}, whichever of their names the columns have.
 *
 * <p>The id is {@code alert_id}, else {@code id}, else made of mint and time; the mint is {@code
 * mint} or {@code token_address}; the time {@code ts}, {@code timestamp} or {@code ts_ms}. An empty
 * text is no value. A time is a timestamp, UTC where it has no zone, or a number: seconds since
 * 1970 below 10^12, milliseconds from there on. A text of digits is a number, never a date.
 */
final class AlertFile {
  private static final List<String> IDS = List.of("alert_id", "id");
  private static final List<String> MINTS = List.of("mint", "token_address");
  private static final List<String> TIMES = List.of("ts", "timestamp", "ts_ms");

  /** The last millisecond of the year 9999. */
  private static final String LAST_MS = "253402300799999";

  private final String path;
  private final DuckDbDialect dialect;

  /** Column types by name. */
  private final Map<String, String> columns;

  AlertFile(String path, DuckDbDialect dialect, Map<String, String> columns) {
    this.path = path;
    this.dialect = dialect;
    this.columns = columns;
  }

  /** What reads the file itself; every column of a CSV file is a text. */
  static String scan(String path, DuckDbDialect dialect) throws SQLException {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return "read_parquet(" + dialect.string(path) + ")";
    }
    if (name.endsWith(".csv")) {
      return "read_csv(" + dialect.string(path) + ", header = true, all_varchar = true)";
    }
    throw new SQLException(
        "read_alerts: '" + path + "' is no file of alerts: it takes .csv and .parquet", "22023");
  }

  /** The query for the alerts. */
  String query() throws SQLException {
    List<String> ids = new ArrayList<>();
    for (String id : found(IDS)) {
      ids.add(text(id));
    }
    ids.add("(mint || '@' || CAST(epoch_ms(alert_ts) AS VARCHAR))");
    List<String> mints = new ArrayList<>();
    for (String mint : required(MINTS)) {
      mints.add(text(mint));
    }
    List<String> times = new ArrayList<>();
    for (String time : required(TIMES)) {
      times.add(time(time));
    }
    return "(SELECT coalesce("
        + String.join(", ", ids)
        + ") AS alert_id, mint, alert_ts FROM (SELECT *, coalesce("
        + String.join(", ", mints)
        + ") AS mint, coalesce("
        + String.join(", ", times)
        + ") AS alert_ts FROM (SELECT "
        + renamed()
        + " FROM "
        + scan(path, dialect)
        + ")))";
  }

  /** The columns that are used, under names that none of the results has. */
  private String renamed() {
    List<String> names = new ArrayList<>();
    for (List<String> wanted : List.of(IDS, MINTS, TIMES)) {
      for (String column : found(wanted)) {
        names.add(quoted(column) + " AS " + alias(column));
      }
    }
    return String.join(", ", names);
  }

  private static String alias(String column) {
    return "given_" + column.toLowerCase(Locale.ROOT);
  }

  private static String quoted(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  private List<String> found(List<String> names) {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      columns.keySet().stream().filter(name::equalsIgnoreCase).forEach(found::add);
    }
    return found;
  }

  private List<String> required(List<String> names) throws SQLException {
    List<String> found = found(names);
    if (found.isEmpty()) {
      throw new SQLException(
          "read_alerts: "
              + path
              + " has no column "
              + String.join(" or ", names)
              + " (its columns: "
              + String.join(", ", columns.keySet())
              + ")",
          "42703");
    }
    return found;
  }

  private static String text(String column) {
    return "nullif(trim(CAST(" + alias(column) + " AS VARCHAR)), '')";
  }

  private String time(String column) throws SQLException {
    String type = columns.get(column).toUpperCase(Locale.ROOT);
    String value = alias(column);
    if (type.equals("TIMESTAMP WITH TIME ZONE")) {
      return "timezone('UTC', " + value + ")";
    }
    if (type.startsWith("TIMESTAMP") || type.equals("DATE")) {
      return "CAST(" + value + " AS TIMESTAMP)";
    }
    if (type.equals("VARCHAR")) {
      String trimmed = "trim(" + value + ")";
      return "CASE WHEN "
          + trimmed
          + " = '' THEN NULL WHEN regexp_full_match("
          + trimmed
          + ", '[+-]?[0-9]+([.][0-9]*)?') THEN "
          + epoch("CAST(" + trimmed + " AS DOUBLE)")
          + " ELSE timezone('UTC', CAST("
          + trimmed
          + " AS TIMESTAMPTZ)) END";
    }
    if (type.matches("U?(TINY|SMALL|BIG)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*")) {
      return epoch("CAST(" + value + " AS DOUBLE)");
    }
    throw new SQLException(
        "read_alerts: column '"
            + column
            + "' of "
            + path
            + " must be a timestamp, a number or a text but is "
            + type,
        "42804");
  }

  /** Seconds or milliseconds since 1970, to whole milliseconds. */
  private String epoch(String number) {
    String millis =
        "CASE WHEN " + number + " < 1e12 THEN " + number + " * 1000 ELSE " + number + " END";
    return "CASE WHEN abs("
        + millis
        + ") > "
        + LAST_MS
        + " THEN error("
        + dialect.string("read_alerts: a time of " + path + " is no epoch in s or ms: ")
        + " || CAST("
        + number
        + " AS VARCHAR)) ELSE make_timestamp(CAST(trunc("
        + millis
        + ") AS BIGINT) * 1000) END";
  }
}
