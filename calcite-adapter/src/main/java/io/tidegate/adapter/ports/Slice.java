package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a lake table: the rows whose columns have given values within a span of time. Rows come
 * in the table's sort order, and then by all other columns, so always in the same.
 *
 * @param table the lake table's name
 * @param equal the value of each column that is given; Java forms as in {@link RowSet}
 * @param span of the time column, if one is given
 * @param columns the columns wanted, in this order; empty for all
 */
public record Slice(
    String table, Map<String, Object> equal, Optional<Span> span, List<String> columns) {

  /**
   * A half-open span of time.
   *
   * @param column a TIMESTAMP
   * @param from the first moment
   * @param to the first moment behind it
   */
  public record Span(String column, Instant from, Instant to) {
    public Span {
      requireNonNull(column, "column");
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException(
            "A span must begin before it ends but is from " + from + " to " + to);
      }
    }
  }

  public Slice {
    requireNonNull(table, "table");
    equal = Map.copyOf(equal);
    requireNonNull(span, "span");
    columns = List.copyOf(columns);
  }

  /** All rows and columns of a table; narrowed by the methods below. */
  public static Slice of(String table) {
    return new Slice(table, Map.of(), Optional.empty(), List.of());
  }

  /** The same where a column has a value. */
  public Slice where(String column, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(equal);
    more.put(column, requireNonNull(value, "value"));
    return new Slice(table, more, span, columns);
  }

  /** The same from one moment on and before another. */
  public Slice between(String column, Instant from, Instant to) {
    return new Slice(table, equal, Optional.of(new Span(column, from, to)), columns);
  }

  /** The same with these columns only. */
  public Slice select(String... names) {
    return new Slice(table, equal, span, List.of(names));
  }
}
