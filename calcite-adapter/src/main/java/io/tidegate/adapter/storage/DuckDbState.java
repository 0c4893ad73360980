package io.tidegate.adapter.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.adapter.duckdb.DuckDbLane;
import io.tidegate.adapter.duckdb.DuckDbPool;
import io.tidegate.adapter.ports.StateEntry;
import io.tidegate.adapter.ports.StateKey;
import io.tidegate.adapter.ports.StateOperation;
import io.tidegate.adapter.ports.StatePort;
import io.tidegate.adapter.ports.StateValue;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The values of a state file. The type of each is kept beside it. */
final class DuckDbState implements StatePort {
  private static final String COLUMNS = "namespace, key, type, value, version, expires_at";
  private static final String ALIVE = " AND (expires_at IS NULL OR expires_at > ?)";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final DuckDbPool pool;
  private final Clock clock;

  DuckDbState(DuckDbPool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  @Override
  public Optional<StateEntry> get(StateKey key) {
    Instant now = clock.instant();
    return call("get").run(() -> pool.read(lane -> get(lane, key, now)));
  }

  @Override
  public long set(StateKey key, StateValue value) {
    return set("set", new StateOperation.Set(key, value));
  }

  @Override
  public long set(StateKey key, StateValue value, Duration timeToLive) {
    return set("set", new StateOperation.Set(key, value, Optional.of(timeToLive)));
  }

  private long set(String operation, StateOperation.Set set) {
    PortCall call = call(operation);
    return call.run(() -> pool.write(lane -> step(call, lane, set, clock.instant())))
        .orElseThrow()
        .version();
  }

  @Override
  public boolean delete(StateKey key) {
    return call("delete")
        .run(
            () ->
                pool.write(
                    lane -> {
                      boolean there = get(lane, key, clock.instant()).isPresent();
                      remove(lane, key);
                      return there;
                    }));
  }

  @Override
  public List<StateEntry> list(String namespace, String prefix, int limit) {
    PortCall call = call("list");
    if (limit < 1) {
      throw call.invalid("the limit must be 1 or more but was " + limit);
    }
    return call.run(
        () ->
            pool.read(
                lane ->
                    lane.rows(
                        "SELECT "
                            + COLUMNS
                            + " FROM "
                            + StateTables.VALUES
                            + " WHERE namespace = ? AND starts_with(key, ?)"
                            + ALIVE
                            + " ORDER BY key LIMIT ?",
                        List.of(namespace, prefix, StateTables.utc(clock.instant()), limit),
                        DuckDbState::entry)));
  }

  @Override
  public List<Optional<StateEntry>> transaction(List<StateOperation> steps) {
    PortCall call = call("transaction");
    return call.run(
        () ->
            pool.write(
                lane -> {
                  Instant now = clock.instant();
                  List<Optional<StateEntry>> after = new ArrayList<>();
                  for (StateOperation step : steps) {
                    after.add(step(call, lane, step, now));
                  }
                  return after;
                }));
  }

  @Override
  public long removeExpired() {
    return call("removeExpired")
        .run(
            () ->
                pool.write(
                    lane ->
                        lane.update(
                            "DELETE FROM " + StateTables.VALUES + " WHERE expires_at <= ?",
                            List.of(StateTables.utc(clock.instant())))));
  }

  private static Optional<StateEntry> step(
      PortCall call, DuckDbLane lane, StateOperation step, Instant now) throws SQLException {
    Optional<StateEntry> before = get(lane, step.key(), now);
    if (step instanceof StateOperation.Get) {
      return before;
    }
    if (step instanceof StateOperation.Delete) {
      remove(lane, step.key());
      return Optional.empty();
    }
    if (step instanceof StateOperation.Expect expect) {
      OptionalLong met =
          before.isPresent() ? OptionalLong.of(before.get().version()) : OptionalLong.empty();
      if (!met.equals(expect.version())) {
        throw call.conflict(
            text(step.key())
                + " was expected "
                + version(expect.version())
                + " but is there "
                + version(met));
      }
      return before;
    }
    StateOperation.Set set = (StateOperation.Set) step;
    checkJson(call, set);
    StateEntry entry =
        new StateEntry(
            set.key(),
            set.value(),
            before.isPresent() ? before.get().version() + 1 : 1,
            set.timeToLive().map(now::plus));
    lane.update(
        "INSERT OR REPLACE INTO " + StateTables.VALUES + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        Arrays.asList(
            set.key().namespace(),
            set.key().key(),
            Tag.of(set.value()).name(),
            text(set.value()),
            entry.version(),
            entry.expiresAt().map(StateTables::utc).orElse(null),
            StateTables.utc(now)));
    return Optional.of(entry);
  }

  private static String version(OptionalLong version) {
    return version.isPresent() ? "in version " + version.getAsLong() : "not at all";
  }

  private static String text(StateKey key) {
    return "'" + key.key() + "' of namespace '" + key.namespace() + "'";
  }

  private static Optional<StateEntry> get(DuckDbLane lane, StateKey key, Instant now)
      throws SQLException {
    return lane
        .rows(
            "SELECT "
                + COLUMNS
                + " FROM "
                + StateTables.VALUES
                + " WHERE namespace = ? AND key = ?"
                + ALIVE,
            List.of(key.namespace(), key.key(), StateTables.utc(now)),
            DuckDbState::entry)
        .stream()
        .findFirst();
  }

  private static void remove(DuckDbLane lane, StateKey key) throws SQLException {
    lane.update(
        "DELETE FROM " + StateTables.VALUES + " WHERE namespace = ? AND key = ?",
        List.of(key.namespace(), key.key()));
  }

  private static void checkJson(PortCall call, StateOperation.Set set) {
    if (set.value() instanceof StateValue.Json value) {
      try {
        if (JSON.readTree(value.json()).isMissingNode()) {
          throw call.invalid(text(set.key()) + " is to be JSON but is empty");
        }
      } catch (JsonProcessingException e) {
        throw call.invalid(text(set.key()) + " is not JSON: " + e.getOriginalMessage());
      }
    }
  }

  /** The types, as the file names them. */
  private enum Tag {
    TEXT,
    WHOLE,
    EXACT,
    REAL,
    FLAG,
    JSON;

    static Tag of(StateValue value) {
      if (value instanceof StateValue.Text) {
        return TEXT;
      }
      if (value instanceof StateValue.Whole) {
        return WHOLE;
      }
      if (value instanceof StateValue.Exact) {
        return EXACT;
      }
      if (value instanceof StateValue.Real) {
        return REAL;
      }
      return value instanceof StateValue.Flag ? FLAG : JSON;
    }
  }

  private static String text(StateValue value) {
    if (value instanceof StateValue.Text text) {
      return text.text();
    }
    if (value instanceof StateValue.Whole whole) {
      return Long.toString(whole.number());
    }
    if (value instanceof StateValue.Exact exact) {
      return exact.number().toString();
    }
    if (value instanceof StateValue.Real real) {
      return Double.toString(real.number());
    }
    return value instanceof StateValue.Flag flag
        ? Boolean.toString(flag.set())
        : ((StateValue.Json) value).json();
  }

  private static StateEntry entry(ResultSet row) throws SQLException {
    String text = row.getString(4);
    return new StateEntry(
        new StateKey(row.getString(1), row.getString(2)),
        switch (Tag.valueOf(row.getString(3))) {
          case TEXT -> new StateValue.Text(text);
          case WHOLE -> new StateValue.Whole(Long.parseLong(text));
          case EXACT -> new StateValue.Exact(new BigDecimal(text));
          case REAL -> new StateValue.Real(Double.parseDouble(text));
          case FLAG -> new StateValue.Flag(Boolean.parseBoolean(text));
          case JSON -> new StateValue.Json(text);
        },
        row.getLong(5),
        Optional.ofNullable(StateTables.instant(row, 6)));
  }

  private static PortCall call(String operation) {
    return new PortCall("state", operation);
  }
}
