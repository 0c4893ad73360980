package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.bars.BarColumn;
import io.tidegate.adapter.bars.BarContinuation;
import io.tidegate.adapter.sql.parser.ScriptParameters;
import io.tidegate.adapter.sql.parser.TidegateParser;
import io.tidegate.functions.RangeBarsCheckpoint;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;

/**
 * {@code CALL precompute_range_bars(...)}: brings a table of range bars up to date with a table of
 * ticks, month by month.
 *
 * <p>The bars of a symbol are one series from its first tick on, or from the last boundary of the
 * {@linkplain OuroborosMode mode}. A step reads the ticks of a month that lie behind the last
 * checkpoint, stores the bars that close in them, looks at what is stored, and then writes the next
 * checkpoint. A job that ends between the two is harmless: the next one makes the same bars again
 * from the older checkpoint and leaves out those that are there.
 *
 * <p>Ticks that turn up later between ones that were read would make other bars. Each job counts
 * the ticks up to its checkpoint first and refuses to go on when they are not those that it read.
 */
final class PrecomputeRangeBars implements ArrowUpdate {
  static final String NAME = "precompute_range_bars";

  private static final String FUNCTION = "continue_range_bars";

  /** The columns of a bar that are stored; all that are stored are complete. */
  private static final List<String> COLUMNS =
      Arrays.stream(BarColumn.values())
          .filter(column -> column != BarColumn.COMPLETE)
          .map(BarColumn::sqlName)
          .toList();

  private static final String PARAMETERS =
      """
      -- param symbol VARCHAR
      -- param threshold INTEGER
      -- param mode VARCHAR
      -- param ticks IDENTIFIER
      -- param bars IDENTIFIER
      -- param checkpoints IDENTIFIER
      -- param end TIMESTAMP
      -- param start TIMESTAMP = 1900-01-01
      -- param last_ts TIMESTAMP = 1900-01-01
      -- param last_id BIGINT = -1
      -- param to_ts TIMESTAMP = 1900-01-01
      -- param to_id BIGINT = -1
      -- param tick_count BIGINT = 0
      -- param bar_count BIGINT = 0
      -- param tolerance DECIMAL = 0
      -- param state VARCHAR = ''
      """;

  private static final String SERIES =
      "symbol = :symbol AND threshold_dbps = :threshold AND ouroboros_mode = :mode";

  private static final String LAST_CHECKPOINT =
      "SELECT ticks, bars, state FROM :checkpoints WHERE "
          + SERIES
          + " ORDER BY ticks DESC LIMIT 1";

  private static final String TICKS_READ =
      """
      SELECT COUNT(*) FROM :ticks
      WHERE symbol = :symbol AND ts <= :last_ts AND (ts < :last_ts OR agg_trade_id <= :last_id)""";

  private static final String NEXT_TICK =
      """
      SELECT MIN(ts) FROM :ticks
      WHERE symbol = :symbol AND ts >= :last_ts AND ts < :end
        AND (ts > :last_ts OR agg_trade_id > :last_id)""";

  private static final String INSERT_BARS =
      """
      INSERT INTO :bars (symbol, threshold_dbps, ouroboros_mode, %s)
      SELECT b.symbol, :threshold, :mode, %s
      FROM TABLE(%s(
        (SELECT symbol, ts, agg_trade_id, price, quantity, first_trade_id, last_trade_id,
                is_buyer_maker
         FROM :ticks
         WHERE symbol = :symbol AND ts >= :start AND ts < :end AND ts >= :last_ts
           AND (ts > :last_ts OR agg_trade_id > :last_id))
        PARTITION BY symbol ORDER BY (ts, agg_trade_id), :threshold)) AS b
      WHERE NOT EXISTS (
        SELECT 1 FROM :bars AS s
        WHERE s.symbol = :symbol AND s.threshold_dbps = :threshold AND s.ouroboros_mode = :mode
          AND s.close_time >= :start AND s.close_time < :end
          AND s.close_time = b.close_time AND s.last_agg_trade_id = b.last_agg_trade_id)"""
          .formatted(
              String.join(", ", COLUMNS),
              COLUMNS.stream().map(column -> "b." + column).collect(Collectors.joining(", ")),
              FUNCTION);

  private static final String BARS_STORED =
      """
      SELECT COUNT(*) FROM (
        SELECT DISTINCT close_time, last_agg_trade_id FROM :bars
        WHERE %s AND close_time >= :last_ts AND close_time <= :to_ts
          AND (close_time > :last_ts OR last_agg_trade_id > :last_id)) AS d"""
          .formatted(SERIES);

  private static final String BAR_BEFORE =
      """
      SELECT MAX(close_time) FROM :bars
      WHERE %s AND close_time <= :last_ts
        AND (close_time < :last_ts OR last_agg_trade_id <= :last_id)"""
          .formatted(SERIES);

  private static final String CHECKS_FAILED =
      """
      SELECT check, value, "limit"
      FROM TABLE(validate_bars(
        (SELECT DISTINCT %s FROM :bars
         WHERE %s AND close_time >= :start AND close_time <= :to_ts)
        ORDER BY (close_time, last_agg_trade_id), :threshold, :tolerance))
      WHERE required AND NOT passed"""
          .formatted(String.join(", ", COLUMNS), SERIES);

  private static final String INSERT_CHECKPOINT =
      """
      INSERT INTO :checkpoints
        (symbol, threshold_dbps, ouroboros_mode, ticks, bars, last_ts, last_agg_trade_id, state)
      VALUES (:symbol, :threshold, :mode, :tick_count, :bar_count, :to_ts, :to_id, :state)""";

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  private static final String FOREVER = "2200-01-01 00:00:00";

  private final NestedStatements statements;
  private final OuroborosMode mode;
  private final Map<String, String> series;
  private final String end;

  private PrecomputeRangeBars(
      NestedStatements statements, OuroborosMode mode, Map<String, String> series, String end) {
    this.statements = requireNonNull(statements, "statements");
    this.mode = mode;
    this.series = Map.copyOf(series);
    this.end = end;
  }

  static PrecomputeRangeBars of(ProcedureCall call, NestedStatements statements) {
    call.refuseOthersThan(
        "symbol",
        "threshold",
        "ouroboros_mode",
        "last_day",
        "before",
        "continuity_tolerance",
        "ticks",
        "bars",
        "checkpoints");
    OuroborosMode mode = mode(call);
    Map<String, String> series = new LinkedHashMap<>();
    series.put("symbol", call.text("symbol"));
    series.put("threshold", Integer.toString(threshold(call)));
    series.put("mode", mode.word());
    series.put("tolerance", tolerance(call).toPlainString());
    for (String table : List.of("ticks", "bars", "checkpoints")) {
      series.put(table, call.table(table));
    }
    Optional<LocalDate> lastDay = call.date("last_day");
    Optional<String> before = call.timestamp("before");
    if (lastDay.isPresent() && before.isPresent()) {
      throw call.invalid("takes last_day or before, not both");
    }
    String end = lastDay.map(day -> day.plusDays(1) + " 00:00:00").or(() -> before).orElse(FOREVER);
    return new PrecomputeRangeBars(statements, mode, series, end);
  }

  private static OuroborosMode mode(ProcedureCall call) {
    try {
      return call.literal("ouroboros_mode").isEmpty()
          ? OuroborosMode.NONE
          : OuroborosMode.of(call.text("ouroboros_mode"));
    } catch (IllegalArgumentException e) {
      throw call.invalid(e.getMessage());
    }
  }

  private static int threshold(ProcedureCall call) {
    Object value =
        call.literal("threshold").orElseThrow(() -> call.invalid("needs threshold, such as 250"));
    return TableOperator.thresholdDbps(
        NAME, value instanceof BigDecimal ? value : value.toString());
  }

  private static BigDecimal tolerance(ProcedureCall call) {
    Object value = call.literal("continuity_tolerance").orElse(ValidateBarsOperator.TOLERANCE);
    return ValidateBarsOperator.tolerance(NAME, value);
  }

  @Override
  public String explain() {
    return "precompute range bars of "
        + series.get("symbol")
        + " from "
        + shown("ticks")
        + " into "
        + shown("bars");
  }

  /** How far a series is. */
  private record Progress(long ticks, long bars, Optional<RangeBarsCheckpoint> state) {
    String lastTs() {
      return state.map(s -> timestamp(s.lastTsMicros())).orElse("1900-01-01 00:00:00");
    }

    String lastId() {
      return Long.toString(state.map(RangeBarsCheckpoint::lastAggTradeId).orElse(-1L));
    }
  }

  @Override
  public long run(ArrowExecution execution) throws SQLException {
    Progress progress = lastCheckpoint(execution);
    refuseChangedTicks(progress, execution);
    long stored = 0;
    for (Optional<LocalDateTime> next = nextTick(progress, execution);
        next.isPresent();
        next = nextTick(progress, execution)) {
      execution.checkCancelled();
      Step step = new Step(next.get().toLocalDate(), progress);
      stored += step.run(execution);
      execution.rows().set(stored);
      progress = step.reached;
    }
    return stored;
  }

  private Progress lastCheckpoint(ArrowExecution execution) throws SQLException {
    List<Object[]> rows = rows(LAST_CHECKPOINT, Map.of(), execution);
    if (rows.isEmpty()) {
      return new Progress(0, 0, Optional.empty());
    }
    Object[] row = rows.get(0);
    try {
      return new Progress(
          ((Number) row[0]).longValue(),
          ((Number) row[1]).longValue(),
          Optional.of(RangeBarsCheckpoint.parse((String) row[2])));
    } catch (IllegalArgumentException e) {
      throw new SQLException(
          NAME + ": the checkpoint in " + shown("checkpoints") + " is damaged: " + e.getMessage(),
          "XX001",
          e);
    }
  }

  private void refuseChangedTicks(Progress progress, ArrowExecution execution) throws SQLException {
    if (progress.state().isEmpty()) {
      return;
    }
    long met = count(TICKS_READ, behind(progress), execution);
    if (met != progress.ticks()) {
      throw new SQLException(
          NAME
              + ": the bars of "
              + series.get("symbol")
              + " are made of "
              + progress.ticks()
              + " ticks up to "
              + progress.lastTs()
              + ", but "
              + shown("ticks")
              + " now has "
              + met
              + " up to there; drop "
              + shown("bars")
              + " and "
              + shown("checkpoints")
              + " and make them again",
          "55000");
    }
  }

  private Optional<LocalDateTime> nextTick(Progress progress, ArrowExecution execution)
      throws SQLException {
    Object ts = rows(NEXT_TICK, with(behind(progress), "end", end), execution).get(0)[0];
    return Optional.ofNullable(ts)
        .map(text -> LocalDateTime.parse(((String) text).replace(' ', 'T')));
  }

  /** The ticks of a month, or of a part of it, that lie behind the last checkpoint. */
  private final class Step {
    private final Progress before;
    private final boolean resumed;
    private final BarContinuation continuation;
    private final Map<String, String> bounds;
    private Progress reached;

    Step(LocalDate day, Progress before) {
      this.before = before;
      this.reached = before;
      Optional<RangeBarsCheckpoint> state =
          before.state().filter(s -> mode.periodOf(day(s)).equals(mode.periodOf(day)));
      this.resumed = state.isPresent();
      this.continuation = state.map(BarContinuation::behind).orElseGet(BarContinuation::start);
      this.bounds = behind(before);
      bounds.put("start", day + " 00:00:00");
      String stepEnd = mode.stepEnd(day) + " 00:00:00";
      bounds.put("end", stepEnd.compareTo(end) < 0 ? stepEnd : end);
    }

    /** Stores bars, looks at them, and says so in a checkpoint: in this order. */
    long run(ArrowExecution execution) throws SQLException {
      SqlOperator function = RangeBarsOperator.continuing(FUNCTION, continuation);
      long stored = update(INSERT_BARS, bounds, execution, List.of(function));
      RangeBarsCheckpoint after =
          continuation
              .after()
              .orElseThrow(
                  () ->
                      new SQLException(
                          NAME + ": the ticks behind " + before.lastTs() + " vanished", "55000"));
      reached =
          new Progress(
              before.ticks() + continuation.ticks(),
              before.bars() + continuation.closedBars(),
              Optional.of(after));
      verify(execution);
      validate(execution);
      Map<String, String> checkpoint = with(bounds, "to_ts", reached.lastTs());
      checkpoint.put("to_id", reached.lastId());
      checkpoint.put("tick_count", Long.toString(reached.ticks()));
      checkpoint.put("bar_count", Long.toString(reached.bars()));
      checkpoint.put("state", after.toText());
      update(INSERT_CHECKPOINT, checkpoint, execution, List.of());
      return stored;
    }

    /** Looks whether the table holds the bars of this step before the checkpoint vouches for it. */
    private void verify(ArrowExecution execution) throws SQLException {
      long met = count(BARS_STORED, with(bounds, "to_ts", reached.lastTs()), execution);
      if (met != continuation.closedBars()) {
        throw new SQLException(
            NAME
                + ": "
                + continuation.closedBars()
                + " bars of "
                + series.get("symbol")
                + " closed from "
                + bounds.get("start")
                + " to "
                + reached.lastTs()
                + ", but "
                + shown("bars")
                + " holds "
                + met
                + ", others among them; drop it and "
                + shown("checkpoints")
                + " and make them again",
            "55000");
      }
    }

    /**
     * Looks whether the bars of this step are fit for use, and follow the one before them if that
     * is of the same series. A checkpoint is written only behind bars that pass, so each job that
     * comes later meets them again.
     */
    private void validate(ArrowExecution execution) throws SQLException {
      if (continuation.closedBars() == 0) {
        return;
      }
      Map<String, String> stored = with(bounds, "to_ts", reached.lastTs());
      Object barBefore = resumed ? rows(BAR_BEFORE, bounds, execution).get(0)[0] : null;
      if (barBefore != null) {
        stored.put("start", (String) barBefore);
      }
      List<Object[]> failed = rows(CHECKS_FAILED, stored, execution);
      if (!failed.isEmpty()) {
        throw new SQLException(
            NAME
                + ": the bars of "
                + series.get("symbol")
                + " from "
                + stored.get("start")
                + " to "
                + reached.lastTs()
                + " in "
                + shown("bars")
                + " are not valid: "
                + failed.stream()
                    .map(check -> check[0] + " is " + check[1] + " (valid: " + check[2] + ")")
                    .collect(Collectors.joining(", ")),
            "22000");
      }
    }
  }

  /** A table's name as messages show it. */
  private String shown(String table) {
    return series.get(table).replace("\"", "");
  }

  private static Map<String, String> behind(Progress progress) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("last_ts", progress.lastTs());
    values.put("last_id", progress.lastId());
    return values;
  }

  private static Map<String, String> with(Map<String, String> values, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return more;
  }

  private static LocalDate day(RangeBarsCheckpoint state) {
    return LocalDate.ofEpochDay(Math.floorDiv(state.lastTsMicros(), 86_400_000_000L));
  }

  private static String timestamp(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC).format(TIMESTAMP);
  }

  private long count(String query, Map<String, String> values, ArrowExecution execution)
      throws SQLException {
    return ((Number) rows(query, values, execution).get(0)[0]).longValue();
  }

  private List<Object[]> rows(String query, Map<String, String> values, ArrowExecution execution)
      throws SQLException {
    return statements.rows(bound(query, values), execution);
  }

  private long update(
      String statement,
      Map<String, String> values,
      ArrowExecution execution,
      List<SqlOperator> operators)
      throws SQLException {
    return statements.update(bound(statement, values), execution, operators);
  }

  private SqlNode bound(String statement, Map<String, String> values) throws SQLException {
    Map<String, String> given = new LinkedHashMap<>(series);
    given.put("end", FOREVER);
    given.putAll(values);
    return ScriptParameters.declaredIn(NAME, PARAMETERS + statement)
        .bind(given)
        .apply(TidegateParser.parseStatement(statement));
  }
}
