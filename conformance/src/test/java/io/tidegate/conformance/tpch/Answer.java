package io.tidegate.conformance.tpch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A query's rows: exact numbers as BigDecimal, floating ones as Double, everything else as text.
 */
record Answer(List<List<Object>> rows) {
  /** How far floating numbers may be apart: two engines add in two orders. */
  private static final double TOLERANCE = 1e-9;

  static Answer of(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(value(result, column));
        }
        rows.add(row);
      }
      return new Answer(rows);
    }
  }

  private static Object value(ResultSet result, int column) throws SQLException {
    Object value = result.getObject(column);
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Number) {
      return new BigDecimal(value.toString());
    }
    return value == null ? "NULL" : result.getString(column);
  }

  /**
   * The first difference from what was expected, if there is one. Columns of an ORDER BY have to
   * come in the expected order; rows that are equal in all of them may change places.
   */
  Optional<String> difference(Answer expected, List<Integer> orderedBy) {
    if (rows.size() != expected.rows.size()) {
      return Optional.of(rows.size() + " rows instead of " + expected.rows.size());
    }
    List<List<Object>> left = new ArrayList<>(rows);
    for (int i = 0; i < rows.size(); i++) {
      List<Object> wanted = expected.rows.get(i);
      for (int column : orderedBy) {
        if (!isEqual(rows.get(i).get(column), wanted.get(column))) {
          return Optional.of("row " + i + " is " + rows.get(i) + " instead of " + wanted);
        }
      }
      // The answer's rows are nearly always in the same order, so the first one left is it.
      boolean found = false;
      for (int j = 0; j < left.size() && !found; j++) {
        if (isEqual(left.get(j), wanted)) {
          left.remove(j);
          found = true;
        }
      }
      if (!found) {
        return Optional.of("no row is " + wanted + "; the first one left is " + left.get(0));
      }
    }
    return Optional.empty();
  }

  private static boolean isEqual(List<Object> row, List<Object> wanted) {
    if (row.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (!isEqual(row.get(i), wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEqual(Object value, Object wanted) {
    if (value instanceof BigDecimal exact && wanted instanceof BigDecimal exactWanted) {
      return exact.compareTo(exactWanted) == 0;
    }
    if (value instanceof BigDecimal exact && wanted instanceof Double floating) {
      // DECIMAL / DECIMAL is DECIMAL here and DOUBLE in DuckDB: all of the digits have to agree.
      return exact.compareTo(new BigDecimal(floating).setScale(exact.scale(), RoundingMode.HALF_UP))
          == 0;
    }
    if (value instanceof Number number && wanted instanceof Number wantedNumber) {
      double a = number.doubleValue();
      double b = wantedNumber.doubleValue();
      return a == b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
    }
    return value.equals(wanted);
  }
}
