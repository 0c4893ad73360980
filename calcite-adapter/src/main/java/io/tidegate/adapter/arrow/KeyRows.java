package io.tidegate.adapter.arrow;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.util.Text;

/**
 * Join keys on their way from one engine to another: few enough to be held in memory. Rows with a
 * NULL are left out, since NULL equals nothing.
 *
 * @param types the receiving engine's names of the columns' types
 * @param rows one value for each type: integers, BigDecimal, String, LocalDate or LocalDateTime
 */
public record KeyRows(List<String> types, List<List<Object>> rows) {
  /** The most keys that are sent. More of them save little, and are not worth their transport. */
  public static final int MOST = 100_000;

  private static final long MOST_CHARACTERS = 8 << 20;

  public KeyRows {
    types = List.copyOf(types);
    rows = List.copyOf(rows);
  }

  /** Reads the keys and closes the reader; empty if there are more than can be sent. */
  static Optional<KeyRows> read(ArrowReader source, List<String> types) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    long characters = 0;
    try (source) {
      VectorSchemaRoot batch = source.getVectorSchemaRoot();
      while (source.loadNextBatch()) {
        for (int row = 0; row < batch.getRowCount(); row++) {
          List<Object> key = key(batch, row);
          if (key.isEmpty()) {
            continue;
          }
          for (Object value : key) {
            characters += value instanceof String text ? text.length() : 0;
          }
          if (rows.size() == MOST || characters > MOST_CHARACTERS) {
            return Optional.empty();
          }
          rows.add(key);
        }
      }
    } catch (IOException e) {
      SQLException cause = SqlFailure.causeOf(e);
      throw cause != null ? cause : new SQLException(e.getMessage(), e);
    }
    return Optional.of(new KeyRows(types, rows));
  }

  private static List<Object> key(VectorSchemaRoot batch, int row) {
    List<Object> key = new ArrayList<>();
    for (FieldVector vector : batch.getFieldVectors()) {
      if (vector.isNull(row)) {
        return List.of();
      }
      Object value = vector.getObject(row);
      key.add(
          value instanceof Text text
              ? text.toString()
              : vector instanceof DateDayVector days ? LocalDate.ofEpochDay(days.get(row)) : value);
    }
    return key;
  }
}
