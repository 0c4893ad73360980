package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.RunAudit;
import io.tidegate.adapter.lake.RunAudit.Fault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The coverage of an export once more, from its sealed slices and its copied alerts.
 *
 * <p>It is computed by DuckDB's SQL, and not by the kernel that the writer called. An alert that
 * was kept has every candle of its window in the slices, and those that it shares with other alerts
 * once, so its figures must come out again. One that was not kept has only what others' windows
 * left of its own: the slices can show too many candles for its row, but not too few. How many
 * candles a slot had in the source (<em>duplicates</em>) is gone with them.
 *
 * <p>Windows and candles meet in buckets of a window's length, as in the export, so the work grows
 * with the candles of the windows, however many alerts a mint has.
 */
final class CoverageRecomputation {
  private static final int SHOWN_CHARACTERS = 120;

  /** The figures in the order of the coverage's columns. */
  private static final List<String> FIGURES =
      List.of(
          "anchor_ts_ms",
          "available_pre",
          "available_post",
          "available_total",
          "first_ts_ms",
          "last_ts_ms",
          "status",
          "expected_slots",
          "missing_slots",
          "gap_ranges",
          "kept",
          "interval_s",
          "pre",
          "post");

  private final DuckDbEngine engine;
  private final SliceExport export;
  private final SliceExport.Options options;
  private final RunAudit slices;
  private final RunAudit coverage;
  private final RunAudit alerts;

  CoverageRecomputation(
      DuckDbEngine engine,
      SliceExport export,
      SliceExport.Options options,
      RunAudit slices,
      RunAudit coverage,
      RunAudit alerts) {
    this.engine = requireNonNull(engine, "engine");
    this.export = requireNonNull(export, "export");
    this.options = requireNonNull(options, "options");
    this.slices = requireNonNull(slices, "slices");
    this.coverage = requireNonNull(coverage, "coverage");
    this.alerts = requireNonNull(alerts, "alerts");
  }

  /** What is at fault, alert by alert. */
  List<Fault> faults(ArrowExecution execution) throws SQLException {
    List<Fault> faults = new ArrayList<>();
    try (DuckDbSession session = engine.session(Map.of(), execution)) {
      for (RunAudit audit : List.of(slices, coverage, alerts)) {
        faults.addAll(session.rows(strangersSql(audit), row -> strangers(audit, row.getLong(1))));
      }
      faults.removeIf(fault -> fault.detail().isEmpty());
      faults.addAll(session.rows(alertsSql(), CoverageRecomputation::unpaired));
      faults.addAll(session.rows(figuresSql(), CoverageRecomputation::difference));
    }
    return faults;
  }

  /** Rows that nobody finds who reads the run by its column. */
  private String strangersSql(RunAudit audit) throws SQLException {
    return "SELECT count(*) FROM " + files(audit) + " WHERE run IS DISTINCT FROM " + runId();
  }

  private Fault strangers(RunAudit audit, long rows) {
    return new Fault(
        Optional.empty(),
        rows == 0
            ? ""
            : "lake table "
                + audit.table().name()
                + " has "
                + rows
                + " rows of this run whose column run is another");
  }

  private String alertsSql() throws SQLException {
    return "SELECT alert_id, mint, CAST(alert_ts AS VARCHAR), sum(a), sum(c) FROM (SELECT alert_id,"
        + " mint, alert_ts, 1 AS a, 0 AS c FROM "
        + rows(alerts)
        + " UNION ALL SELECT alert_id, mint, alert_ts, 0, 1 FROM "
        + rows(coverage)
        + ") GROUP BY alert_id, mint, alert_ts HAVING sum(a) <> 1 OR sum(c) <> 1"
        + " ORDER BY alert_ts, alert_id, mint";
  }

  private static Fault unpaired(ResultSet row) throws SQLException {
    return new Fault(
        Optional.empty(),
        alert(row)
            + " is "
            + row.getLong(4)
            + " times in the copied alerts and "
            + row.getLong(5)
            + " times in the coverage, not once in each");
  }

  private static String alert(ResultSet row) throws SQLException {
    return "alert '" + row.getString(1) + "' of " + row.getString(2) + " at " + row.getString(3);
  }

  /** Of each alert that differs: its key, whether it was kept, then each figure twice. */
  private String figuresSql() throws SQLException {
    long stepMicros = options.intervalSeconds() * 1_000_000;
    long expected = options.pre() + 1 + options.post();
    long window = Math.multiplyExact(stepMicros, expected);
    StringBuilder sql = new StringBuilder();
    sql.append("WITH c AS MATERIALIZED (SELECT *, row_number() OVER () AS k FROM ")
        .append(rows(coverage))
        .append("), w AS MATERIALIZED (SELECT c.k, c.mint, ")
        .append(floor("epoch_us(c.alert_ts)", stepMicros))
        .append(" AS anchor, anchor - ")
        .append(options.pre() * stepMicros)
        .append(" AS b, b + ")
        .append(window)
        .append(" AS e FROM c SEMI JOIN ")
        .append(rows(alerts))
        .append(" AS a USING (alert_id, mint, alert_ts)), touched AS (SELECT *, unnest(CASE WHEN ")
        .append(floor("b", window) + " = " + floor("e - 1", window))
        .append(" THEN [" + floor("b", window) + "] ELSE [")
        .append(floor("b", window) + ", " + floor("e - 1", window))
        .append("] END) AS bucket FROM w), s AS (SELECT mint, epoch_us(ts) AS t, ")
        .append(floor("epoch_us(ts)", window))
        .append(" AS bucket FROM ")
        .append(rows(slices))
        .append("), slot AS (SELECT k, b, (t - b) // ")
        .append(stepMicros)
        .append(" AS i, min(t) AS f, max(t) AS l FROM touched JOIN s USING (mint, bucket)")
        .append(" WHERE t >= b AND t < e GROUP BY ALL), next AS (SELECT *, lag(i, 1, -1)")
        .append(" OVER (PARTITION BY k ORDER BY i) AS p FROM slot), m AS (SELECT k,")
        .append(" count(*) FILTER (i < " + options.pre() + ") AS n_pre,")
        .append(" count(*) FILTER (i >= " + options.pre() + ") AS n_post,")
        .append(" min(f) AS f, max(l) AS l, max(i) AS last, string_agg(")
        .append(range("p + 1", "i", stepMicros))
        .append(", ',' ORDER BY i) FILTER (i > p + 1) AS gaps FROM next GROUP BY k),")
        .append(" g AS (SELECT c.*, w.anchor, w.b, coalesce(n_pre, 0) AS g_pre,")
        .append(
            " coalesce(n_post, 0) AS g_post, g_pre + g_post AS g_total, m.f, m.l, concat_ws(',',")
        .append(" gaps, CASE WHEN coalesce(last, -1) + 1 < " + expected + " THEN ")
        .append(range("coalesce(last, -1) + 1", Long.toString(expected), stepMicros))
        .append(" END) AS g_gaps FROM c JOIN w USING (k) LEFT JOIN m USING (k)),")
        .append(" r AS (SELECT alert_id, mint, alert_ts, kept AS k");
    List<String> differs = new ArrayList<>();
    for (String figure : FIGURES) {
      sql.append(", " + figure + " AS s_" + figure)
          .append(", " + recomputed(figure, expected) + " AS r_" + figure);
      differs.add("s_" + figure + " IS DISTINCT FROM r_" + figure);
    }
    sql.append(" FROM g) SELECT alert_id, mint, CAST(alert_ts AS VARCHAR), k");
    for (String figure : FIGURES) {
      sql.append(", CAST(s_" + figure + " AS VARCHAR), CAST(r_" + figure + " AS VARCHAR)");
    }
    return sql.append(" FROM r WHERE " + String.join(" OR ", differs))
        .append(" ORDER BY alert_ts, alert_id, mint")
        .toString();
  }

  private String recomputed(String figure, long expected) {
    return switch (figure) {
      case "anchor_ts_ms" -> "anchor // 1000";
      case "available_pre" -> ofKept("g_pre", "greatest(available_pre, g_pre)");
      case "available_post" -> ofKept("g_post", "greatest(available_post, g_post)");
      case "available_total" -> ofKept("g_total", "available_pre + available_post");
      case "first_ts_ms" ->
          ofKept(
              floor("f", 1000) + " // 1000",
              "least(first_ts_ms, " + floor("f", 1000) + " // 1000)");
      case "last_ts_ms" ->
          ofKept(
              floor("l", 1000) + " // 1000",
              "greatest(last_ts_ms, " + floor("l", 1000) + " // 1000)");
      case "status" ->
          status(ofKept("g_pre", "available_pre"), ofKept("g_total", "available_total"));
      case "expected_slots" -> Long.toString(expected);
      case "missing_slots" -> expected + " - " + ofKept("g_total", "available_total");
      case "gap_ranges" -> ofKept("'[' || g_gaps || ']'", "gap_ranges");
      case "kept" -> kept();
      case "interval_s" -> Long.toString(options.intervalSeconds());
      case "pre" -> Long.toString(options.pre());
      case "post" -> Long.toString(options.post());
      default -> throw new IllegalStateException(figure);
    };
  }

  private static String ofKept(String figure, String otherwise) {
    return "CASE WHEN kept THEN " + figure + " ELSE " + otherwise + " END";
  }

  private String status(String pre, String total) {
    return "CASE WHEN %2$s = 0 THEN 'insufficient' WHEN %1$s >= %3$d AND %2$s >= %4$d THEN 'complete' ELSE 'partial' END"
        .formatted(pre, total, options.pre(), options.pre() + options.post());
  }

  private String kept() {
    return options.strict()
        ? "available_pre >= "
            + options.minRequiredPre()
            + " AND available_total >= "
            + options.targetTotal()
        : "TRUE";
  }

  /** Rounded down, below zero too. */
  private static String floor(String value, long step) {
    return "(%1$s - ((%1$s) %% %2$d + %2$d) %% %2$d)".formatted(value, step);
  }

  /** The slots from one to before another, as the coverage writes them. */
  private static String range(String from, String to, long stepMicros) {
    return "'[' || (b + CAST(%1$s AS BIGINT) * %3$d) // 1000 || ',' || (b + CAST(%2$s AS BIGINT) * %3$d) // 1000 || ']'"
        .formatted(from, to, stepMicros);
  }

  private static Fault difference(ResultSet row) throws SQLException {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < FIGURES.size(); i++) {
      String stated = String.valueOf(row.getString(5 + 2 * i));
      String met = String.valueOf(row.getString(6 + 2 * i));
      if (!stated.equals(met)) {
        differences.add(
            FIGURES.get(i) + " is " + shortened(stated) + " but must be " + shortened(met));
      }
    }
    return new Fault(
        Optional.empty(),
        alert(row)
            + (row.getBoolean(4) ? "" : ", not kept")
            + ", by the slices: "
            + String.join("; ", differences));
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS) + "... (" + text.length() + " characters)";
  }

  /** The rows that a reader of the run's column gets. */
  private String rows(RunAudit audit) throws SQLException {
    return "(SELECT * FROM " + files(audit) + " WHERE run = " + runId() + ")";
  }

  private static String files(RunAudit audit) throws SQLException {
    List<LakeFile> files = audit.sealedFiles();
    return files.isEmpty() ? noRows(audit) : LakeSql.readParquet(files);
  }

  /** A run without rows may have no file. */
  private static String noRows(RunAudit audit) {
    return audit.table().definition().columns().stream()
        .map(
            column ->
                "CAST(NULL AS "
                    + column.type().sql()
                    + ") AS "
                    + DuckDbDialect.quote(column.name()))
        .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
  }

  private String runId() {
    return new DuckDbDialect().string(export.runId());
  }
}
