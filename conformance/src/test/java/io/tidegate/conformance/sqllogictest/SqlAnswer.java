package io.tidegate.conformance.sqllogictest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A result as sqllogictest writes it: one value after the other, each as its column's letter says.
 */
final class SqlAnswer {
  private static final Comparator<List<String>> ROWS =
      (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
          int order = left.get(i).compareTo(right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private SqlAnswer() {}

  /** All values, sorted as the query says. */
  static List<String> values(ResultSet result, SqlScript.Query query) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>(columns);
      for (int column = 1; column <= columns; column++) {
        char type = column <= query.types().length() ? query.types().charAt(column - 1) : 'T';
        row.add(text(result.getObject(column), type));
      }
      rows.add(row);
    }
    if (query.sort().equals("rowsort")) {
      rows.sort(ROWS);
    }
    List<String> values = new ArrayList<>();
    rows.forEach(values::addAll);
    if (query.sort().equals("valuesort")) {
      Collections.sort(values);
    }
    return values;
  }

  /** Whether the values are the expected ones, which are values or their number and hash. */
  static boolean isExpected(List<String> values, SqlScript.Query query) {
    List<String> expected = query.expected();
    boolean hashed = expected.size() == 1 && expected.get(0).contains(" values hashing to ");
    return hashed ? hash(values).equals(expected.get(0)) : values.equals(expected);
  }

  static String hash(List<String> values) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      for (String value : values) {
        md5.update((value + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return values.size() + " values hashing to " + HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Object value, char type) {
    if (value == null) {
      return "NULL";
    }
    Object plain = value instanceof Boolean truth ? (Object) (truth ? 1 : 0) : value;
    return switch (type) {
      case 'I' ->
          plain instanceof Number number
              ? decimal(number).setScale(0, RoundingMode.DOWN).toPlainString()
              // SQLite makes 0 of a text that is no number.
              : plain.toString().matches("-?\\d+") ? plain.toString() : "0";
      case 'R' ->
          plain instanceof Number number
              ? String.format(Locale.ROOT, "%.3f", number.doubleValue())
              : "0.000";
      case 'T' -> {
        String text = plain.toString();
        yield text.isEmpty() ? "(empty)" : text.replaceAll("[^ -~]", "@");
      }
      default -> throw new IllegalStateException("Unknown type letter " + type);
    };
  }

  private static BigDecimal decimal(Number number) {
    return new BigDecimal(number.toString());
  }
}
