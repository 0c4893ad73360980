package io.tidegate.adapter.ports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A small result in memory. Integers are Long (BigDecimal where 64 bits are too few), REAL and
 * DOUBLE Double, DECIMAL BigDecimal, text and UUID String, BOOLEAN Boolean, DATE LocalDate, TIME
 * LocalTime, timestamps Instant with their microseconds, binary byte[]; NULL is null.
 *
 * @param columns their names
 * @param rows one value for each column
 */
public record RowSet(List<String> columns, List<List<Object>> rows) {
  public RowSet {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(new ArrayList<>(rows));
  }

  /** The value of a row's column by name, exactly. */
  public Object value(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "There is no column '" + column + "' (known: " + columns + ")");
    }
    return rows.get(row).get(index);
  }
}
