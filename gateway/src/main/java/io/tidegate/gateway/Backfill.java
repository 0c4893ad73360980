package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings the candles of a {@link BackfillJob} into the raw table of their market, from where the
 * store's views fill the canonical one.
 *
 * <p>Every row carries an ingest id that is made of the job and the row's UTC day, so a job that
 * was cut off at any moment can be taken up again: a day counts as done when the raw table holds,
 * under its ingest id, exactly the rows of the files, and the canonical table a candle for each of
 * them. Every other day is removed and sent again. Nothing depends on how long the store remembers
 * the tokens of inserts, or on what others write beside.
 */
final class Backfill {
  /** What happens to rows that are no candles. */
  enum OnError {
    /** Nothing is written. */
    FAIL,
    /** They go into a table of the lake, with the reason. */
    QUARANTINE;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * How to do it.
   *
   * @param schema the schema of the raw and canonical tables
   * @param rejects the table that rejected rows go to
   */
  record Options(
      String schema,
      String rejects,
      int batchRows,
      boolean dryRun,
      boolean skipExisting,
      boolean resume,
      OnError onError) {}

  private static final String CANONICAL = "canonical_candles_1m";
  private static final long ORPHAN_POLL_MILLIS = 100;

  private final Connection connection;
  private final BackfillJob job;
  private final Options options;
  private final Consumer<String> warn;
  private final RawKlines raw;
  private final BackfillReport report;
  private final Instant ingestedAt;

  Backfill(Connection connection, BackfillJob job, Options options, Consumer<String> warn) {
    this.connection = requireNonNull(connection, "connection");
    this.job = requireNonNull(job, "job");
    this.options = requireNonNull(options, "options");
    this.warn = requireNonNull(warn, "warn");
    this.raw = job.market().raw();
    this.ingestedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    this.report = new BackfillReport(job, ingestedAt);
  }

  /** Candles of one day in the files. */
  private record Day(long rows, long minutes) {}

  /** A half-open range of time. */
  private record Span(Instant start, Instant end, long rows) {}

  BackfillReport run() throws SQLException {
    refuseMissingTables();
    TreeMap<LocalDate, Day> days = read();
    report.dryRun = options.dryRun();
    Set<LocalDate> pending = new LinkedHashSet<>(days.keySet());
    if (options.resume()) {
      awaitOrphans();
      pending.removeAll(doneDays(days));
      report.daysDone = days.size() - pending.size();
    }
    if (options.dryRun()) {
      dryRun(days, pending);
    } else {
      quarantine();
      Map<String, Long> before = options.resume() ? remove(pending) : rowsByIngestId();
      for (Span span : spans(days, pending)) {
        for (Span batch : batches(span)) {
          write(batch);
        }
      }
      removeStale(pending);
      readBack(days, pending, before);
    }
    report.finishedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return report;
  }

  private void refuseMissingTables() throws SQLException {
    for (String table : List.of(raw.table(), CANONICAL)) {
      try {
        rows("SELECT 1 FROM " + table(table) + " WHERE FALSE", row -> 0);
      } catch (SQLException e) {
        SqlError error = SqlErrors.of(e);
        if (!error.sqlState().equals("42S02")) {
          throw e;
        }
        throw new SQLException(
            error.message()
                + "; make the tables with ./tidegate ddl apply catalogs/ddl/candles_1m.clickhouse.sql"
                + " (candles_1m.duckdb.sql for catalogs/duckdb.yaml)",
            error.sqlState(),
            e);
      }
    }
  }

  /** Looks through the files: how many candles on which day, and what is no candle. */
  private TreeMap<LocalDate, Day> read() throws SQLException {
    TreeMap<LocalDate, Day> days = new TreeMap<>();
    List<String> reasons = new ArrayList<>();
    String day = "CAST(f.ts_open AS DATE)";
    query(
        "SELECT "
            + day
            + " AS d, f.reason, COUNT(*) AS n, COUNT(DISTINCT f.ts_open) AS minutes,"
            + " MIN(f.ts_open) AS first_ts FROM "
            + files()
            + " GROUP BY "
            + day
            + ", f.reason ORDER BY 1, 2",
        row -> {
          report.candlesRead += row.getLong(3);
          if (row.getString(2) == null) {
            days.put(date(row), new Day(row.getLong(3), row.getLong(4)));
            report.duplicatesRead += row.getLong(3) - row.getLong(4);
          } else {
            report.rowsRejected += row.getLong(3);
            reasons.add(
                "candle at "
                    + row.getString(5)
                    + ": "
                    + row.getString(2)
                    + (row.getLong(3) > 1
                        ? " (and " + (row.getLong(3) - 1) + " more that day)"
                        : ""));
          }
        });
    if (report.candlesRead == 0) {
      warn.accept(
          "no candles of "
              + job.market().id()
              + ":"
              + job.symbol()
              + " from "
              + BackfillReport.moment(job.start())
              + " to "
              + BackfillReport.moment(job.end())
              + " in "
              + String.join(", ", job.paths()));
    }
    if (!reasons.isEmpty()) {
      String told =
          report.rowsRejected
              + " of "
              + report.candlesRead
              + " rows are no candles: "
              + reasons.stream().limit(3).collect(Collectors.joining("; "))
              + (reasons.size() > 3 ? "; ..." : "");
      if (options.onError() == OnError.FAIL && !options.dryRun()) {
        throw new SQLException(
            told + ". Nothing was written; --on-error quarantine sets them aside", "22000");
      }
      warn.accept(told);
    }
    return days;
  }

  /**
   * Waits for inserts that a killed process of the same job may have left in the server: they would
   * arrive behind what is counted here. Those of others are waited for too, none takes long.
   */
  private void awaitOrphans() throws SQLException {
    String running =
        "SELECT * FROM TABLE(native_query("
            + SqlNames.text(options.schema())
            + ", "
            + SqlNames.text(
                "SELECT query_id FROM system.processes WHERE query_kind = 'Insert' AND position(query, '"
                    + raw.table()
                    + "') > 0")
            + "))";
    if (!StoreOfSchema.isClickHouse(connection, options.schema())) {
      return;
    }
    Set<String> awaited = new HashSet<>(rows(running, row -> row.getString(1)));
    while (!awaited.isEmpty()) {
      try {
        Thread.sleep(ORPHAN_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException(
            "Interrupted while waiting for inserts of an earlier run", "57014", e);
      }
      awaited.retainAll(new HashSet<>(rows(running, row -> row.getString(1))));
    }
  }

  /** Days of which nothing is missing, changed or too much. */
  private Set<LocalDate> doneDays(TreeMap<LocalDate, Day> days) throws SQLException {
    Map<String, Long> stored = rowsByIngestId();
    Set<LocalDate> done = new HashSet<>();
    days.forEach(
        (day, found) -> {
          if (stored.getOrDefault(job.ingestId(day), 0L) == found.rows()) {
            done.add(day);
          }
        });
    if (!done.isEmpty()) {
      done.removeAll(daysWithOtherValues());
      done.removeAll(daysMissingInCanonical());
    }
    return done;
  }

  private Map<String, Long> rowsByIngestId() throws SQLException {
    Map<String, Long> counts = new HashMap<>();
    query(
        "SELECT r.ingest_id, COUNT(*) AS n FROM " + stored() + " GROUP BY r.ingest_id",
        row -> counts.put(row.getString(1), row.getLong(2)));
    return counts;
  }

  private Set<LocalDate> daysWithOtherValues() throws SQLException {
    Map<String, String> columns = raw.columns();
    String fromFiles =
        columns.entrySet().stream()
            .map(column -> column.getValue() + " AS " + column.getKey())
            .collect(Collectors.joining(", "));
    String fromTable =
        columns.keySet().stream().map(name -> "r." + name).collect(Collectors.joining(", "));
    return days(
        "SELECT "
            + fromFiles
            + " FROM "
            + candles()
            + " EXCEPT SELECT "
            + fromTable
            + " FROM "
            + stored(),
        raw.timeColumn());
  }

  private Set<LocalDate> daysMissingInCanonical() throws SQLException {
    return days(
        "SELECT f.ts_open FROM " + candles() + " EXCEPT SELECT c.ts_open FROM " + canonical(),
        "ts_open");
  }

  private Set<LocalDate> days(String rows, String timeColumn) throws SQLException {
    String day = "CAST(d." + timeColumn + " AS DATE)";
    return new HashSet<>(
        rows("SELECT DISTINCT " + day + " AS d FROM (" + rows + ") AS d", Backfill::date));
  }

  private void dryRun(TreeMap<LocalDate, Day> days, Set<LocalDate> pending) throws SQLException {
    if (options.skipExisting()) {
      long absent =
          rows("SELECT COUNT(*) FROM " + candles() + notInCanonical(), row -> row.getLong(1))
              .get(0);
      report.rowsSkippedExisting = report.candlesRead - report.rowsRejected - absent;
    }
    long rows =
        days.entrySet().stream()
            .filter(day -> pending.contains(day.getKey()))
            .mapToLong(day -> day.getValue().rows())
            .sum();
    warn.accept(
        "dry run: "
            + (rows - report.rowsSkippedExisting)
            + " candles of "
            + pending.size()
            + " days would go to "
            + options.schema()
            + "."
            + raw.table()
            + ", nothing was written");
  }

  /** Sets rejected rows aside, once for a job. */
  private void quarantine() throws SQLException {
    if (report.rowsRejected == 0) {
      return;
    }
    String table = SqlNames.name("the table of rejected rows", options.rejects());
    update(
        "CREATE TABLE IF NOT EXISTS "
            + table
            + " (ingest_job VARCHAR NOT NULL, market_id INTEGER, symbol VARCHAR,"
            + " ts_open TIMESTAMP, ts_close TIMESTAMP, open DOUBLE, high DOUBLE, low DOUBLE,"
            + " close DOUBLE, volume_base DOUBLE, volume_quote DOUBLE, trades_count BIGINT,"
            + " taker_buy_volume_base DOUBLE, taker_buy_volume_quote DOUBLE,"
            + " reason VARCHAR NOT NULL) SORTED BY (market_id, symbol, ts_open)");
    String rejected =
        "SELECT "
            + SqlNames.text(job.ingestPrefix())
            + " AS ingest_job, f.market_id, f.symbol, f.ts_open, f.ts_close, f.open, f.high, f.low,"
            + " f.close, f.volume_base, f.volume_quote, f.trades_count, f.taker_buy_volume_base,"
            + " f.taker_buy_volume_quote, f.reason FROM "
            + files()
            + " AND f.reason IS NOT NULL";
    String aside =
        " FROM " + table + " AS q WHERE q.ingest_job = " + SqlNames.text(job.ingestPrefix());
    long known = rows("SELECT COUNT(*)" + aside, row -> row.getLong(1)).get(0);
    if (known == 0) {
      update("INSERT INTO " + table + " " + rejected);
    } else if (known != report.rowsRejected) {
      // The files changed since: what is new of them.
      update("INSERT INTO " + table + " " + rejected + " EXCEPT SELECT *" + aside);
    }
  }

  /** Removes what an earlier run left of days that are not done. */
  private Map<String, Long> remove(Set<LocalDate> pending) throws SQLException {
    Map<String, Long> stored = rowsByIngestId();
    List<String> ids =
        pending.stream().map(job::ingestId).filter(stored::containsKey).sorted().toList();
    if (!ids.isEmpty()) {
      delete(raw.table(), raw.timeColumn(), ids, "");
      report.rowsRemoved = ids.stream().mapToLong(stored::get).sum();
      Map<String, Long> left = rowsByIngestId();
      if (ids.stream().anyMatch(left::containsKey)) {
        throw new SQLException(
            "Rows of an earlier run are still in "
                + raw.table()
                + " after their removal; is the same job running elsewhere?",
            "55000");
      }
    }
    return Map.of();
  }

  /** Canonical candles of an earlier run that the files no longer have. */
  private void removeStale(Set<LocalDate> pending) throws SQLException {
    if (report.rowsRemoved == 0) {
      return;
    }
    long stale =
        rows(
                "SELECT COUNT(*) FROM (SELECT c.ts_open FROM "
                    + canonical()
                    + " AND "
                    + ofThisJob("c")
                    + " EXCEPT SELECT f.ts_open FROM "
                    + candles()
                    + ") AS d",
                row -> row.getLong(1))
            .get(0);
    if (stale > 0) {
      delete(
          CANONICAL,
          "ts_open",
          pending.stream().map(job::ingestId).sorted().toList(),
          " AND ingested_at < '" + SqlNames.plain(ingestedAt).substring(0, 23) + "'");
    }
  }

  /** One DELETE that both stores understand; all that stands in it is made here. */
  private void delete(String table, String timeColumn, List<String> ingestIds, String and)
      throws SQLException {
    update(
        DdlCommand.call(
            options.schema(),
            "DELETE FROM "
                + table
                + " WHERE market_id = "
                + job.market().id()
                + " AND "
                + timeColumn
                + " >= '"
                + SqlNames.plain(job.start()).substring(0, 23)
                + "' AND "
                + timeColumn
                + " < '"
                + SqlNames.plain(job.end()).substring(0, 23)
                + "' AND ingest_id IN ('"
                + String.join("', '", ingestIds)
                + "')"
                + and));
  }

  /** Pending days that follow each other in the files, as one range each. */
  private List<Span> spans(TreeMap<LocalDate, Day> days, Set<LocalDate> pending) {
    List<Span> spans = new ArrayList<>();
    LocalDate first = null;
    LocalDate last = null;
    long rows = 0;
    for (Map.Entry<LocalDate, Day> day : days.entrySet()) {
      if (pending.contains(day.getKey())) {
        first = first == null ? day.getKey() : first;
        last = day.getKey();
        rows += day.getValue().rows();
      } else if (first != null) {
        spans.add(span(first, last, rows));
        first = null;
        rows = 0;
      }
    }
    if (first != null) {
      spans.add(span(first, last, rows));
    }
    return spans;
  }

  private Span span(LocalDate first, LocalDate last, long rows) {
    Instant start = first.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant end = last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new Span(
        start.isBefore(job.start()) ? job.start() : start,
        end.isAfter(job.end()) ? job.end() : end,
        rows);
  }

  /** Cuts a range into batches of the wanted number of rows, in order of time. */
  private List<Span> batches(Span span) throws SQLException {
    if (span.rows() <= options.batchRows()) {
      return List.of(span);
    }
    List<Instant> starts =
        rows(
            "SELECT MIN(n.ts_open) AS ts FROM (SELECT f.ts_open,"
                + " ROW_NUMBER() OVER (ORDER BY f.ts_open) - 1 AS n FROM "
                + candles()
                + within(span)
                + ") AS n GROUP BY n.n / "
                + options.batchRows()
                + " ORDER BY 1",
            row -> moment(row.getString(1)));
    // A minute that is there twice and begins two batches.
    starts = starts.stream().distinct().toList();
    List<Span> batches = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      batches.add(
          new Span(starts.get(i), i + 1 < starts.size() ? starts.get(i + 1) : span.end(), 0));
    }
    return batches;
  }

  private void write(Span batch) throws SQLException {
    Map<String, String> columns = raw.columns();
    columns.put("instrument_key", SqlNames.text(job.market().instrumentKey(job.symbol())));
    columns.put("source", "'file'");
    columns.put("ingested_at", "CAST(" + SqlNames.timestamp(ingestedAt) + " AS TIMESTAMP(3))");
    columns.put("ingest_id", ingestIdSql());
    long rows =
        update(
            "INSERT INTO "
                + table(raw.table())
                + " ("
                + String.join(", ", columns.keySet())
                + ") SELECT "
                + String.join(", ", columns.values())
                + " FROM "
                + candles()
                + within(batch)
                + (options.skipExisting() ? notInCanonical() : ""));
    report.rowsWritten += rows;
    report.batchesWritten += rows > 0 ? 1 : 0;
  }

  /** {@link BackfillJob#ingestId} of a candle's day. */
  private String ingestIdSql() {
    return SqlNames.text(job.ingestPrefix())
        + " || CAST(EXTRACT(YEAR FROM f.ts_open) * 10000 + EXTRACT(MONTH FROM f.ts_open) * 100"
        + " + EXTRACT(DAY FROM f.ts_open) AS VARCHAR)";
  }

  /** Looks whether what was sent is there, in both tables. */
  private void readBack(
      TreeMap<LocalDate, Day> days, Set<LocalDate> pending, Map<String, Long> before)
      throws SQLException {
    long sent = pending.stream().mapToLong(day -> days.get(day).rows()).sum();
    report.rowsSkippedExisting = sent - report.rowsWritten;
    if (report.rowsSkippedExisting != 0 && !options.skipExisting()) {
      throw new SQLException(
          "The files gave "
              + report.rowsWritten
              + " candles where they had given "
              + sent
              + " before: did they change? Run the job again with --resume",
          "55000");
    }
    Map<String, Long> after = rowsByIngestId();
    if (!options.skipExisting()) {
      for (LocalDate day : pending) {
        String id = job.ingestId(day);
        long expected = before.getOrDefault(id, 0L) + days.get(day).rows();
        long met = after.getOrDefault(id, 0L);
        if (met != expected) {
          throw new SQLException(
              raw.table()
                  + " holds "
                  + met
                  + " rows of "
                  + day
                  + " under ingest_id "
                  + id
                  + ", but must hold "
                  + expected
                  + "; run the job again with --resume",
              "55000");
        }
      }
    }
    Set<LocalDate> missing = daysMissingInCanonical();
    if (!missing.isEmpty()) {
      throw new SQLException(
          CANONICAL
              + " lacks candles of "
              + missing.stream()
                  .sorted()
                  .limit(3)
                  .map(LocalDate::toString)
                  .collect(Collectors.joining(", "))
              + (missing.size() > 3 ? ", ..." : "")
              + " that are in the files: are the views of catalogs/ddl there? Run the job again"
              + " with --resume",
          "55000");
    }
  }

  // --- pieces of SQL
  // ------------------------------------------------------------------------------

  private String table(String name) {
    return SqlNames.name("--schema", options.schema()) + "." + name;
  }

  /** All rows of the instrument in the files, as {@code f}. */
  private String files() {
    return "TABLE(read_candles_1m("
        + job.paths().stream().map(SqlNames::text).collect(Collectors.joining(", "))
        + ")) AS f WHERE f.market_id = "
        + job.market().id()
        + " AND f.symbol = "
        + SqlNames.text(job.symbol())
        + inRange("f.ts_open", job.start(), job.end());
  }

  private String candles() {
    return files() + " AND f.reason IS NULL";
  }

  /** Rows of this job in the raw table, as {@code r}. */
  private String stored() {
    return table(raw.table())
        + " AS r WHERE r.market_id = "
        + job.market().id()
        + " AND r.symbol = "
        + SqlNames.text(job.symbol())
        + inRange("r." + raw.timeColumn(), job.start(), job.end())
        + " AND "
        + ofThisJob("r");
  }

  private String ofThisJob(String alias) {
    return alias + ".ingest_id LIKE " + SqlNames.text(job.ingestPrefix() + "%");
  }

  /** The instrument's candles of the range in the canonical table, as {@code c}. */
  private String canonical() {
    return table(CANONICAL)
        + " AS c WHERE c.market_id = "
        + job.market().id()
        + " AND c.symbol = "
        + SqlNames.text(job.symbol())
        + inRange("c.ts_open", job.start(), job.end());
  }

  private String notInCanonical() {
    return " AND f.ts_open NOT IN (SELECT CAST(c.ts_open AS TIMESTAMP(6)) FROM "
        + canonical()
        + ")";
  }

  private static String within(Span span) {
    return inRange("f.ts_open", span.start(), span.end());
  }

  private static String inRange(String column, Instant start, Instant end) {
    return " AND "
        + column
        + " >= "
        + SqlNames.timestamp(start)
        + " AND "
        + column
        + " < "
        + SqlNames.timestamp(end);
  }

  // --- running it
  // ---------------------------------------------------------------------------------

  /** Reads one row. */
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Takes one row. */
  private interface RowConsumer {
    void take(ResultSet row) throws SQLException;
  }

  private <T> List<T> rows(String sql, Row<T> mapper) throws SQLException {
    List<T> rows = new ArrayList<>();
    query(sql, row -> rows.add(mapper.read(row)));
    return rows;
  }

  private void query(String sql, RowConsumer consumer) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        consumer.take(result);
      }
    }
  }

  private long update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return Amounts.updateCount(statement);
    }
  }

  private static LocalDate date(ResultSet row) throws SQLException {
    return LocalDate.parse(row.getString(1));
  }

  private static Instant moment(String timestamp) {
    return Instant.parse(timestamp.replace(' ', 'T') + "Z");
  }
}
