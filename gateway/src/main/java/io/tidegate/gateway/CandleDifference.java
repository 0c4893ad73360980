package io.tidegate.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What distinguishes the candles of two tables. A key that is there several times counts once; how
 * many copies there were is told, but makes no difference.
 */
record CandleDifference(
    Side left, Side right, long onlyLeft, long onlyRight, long differing, List<Difference> listed) {

  /** What one table has. */
  record Side(String table, long rows, long duplicates, String firstTs, String lastTs) {}

  /** One key that is not in both tables with the same values. */
  record Difference(String mint, String ts, int intervalSeconds, String kind, List<Value> values) {}

  /** A column whose values differ. */
  record Value(String column, double left, double right) {}

  static CandleDifference of(
      Connection connection,
      CandleTable left,
      CandleTable right,
      CandleTable.Filter filter,
      int limit)
      throws SQLException {
    Side leftSide = side(connection, left, filter);
    Side rightSide = side(connection, right, filter);
    String joined =
        " FROM ("
            + left.candles(filter)
            + ") AS l FULL JOIN ("
            + right.candles(filter)
            + ") AS r ON l.mint = r.mint AND l.ts = r.ts AND l.interval_s = r.interval_s";
    String differs =
        CandleTable.VALUES.stream()
            .map(value -> "l." + value + " IS DISTINCT FROM r." + value)
            .collect(Collectors.joining(" OR "));
    try (Statement statement = connection.createStatement()) {
      long onlyLeft;
      long onlyRight;
      long differing;
      try (ResultSet counts =
          statement.executeQuery(
              "SELECT SUM(CASE WHEN r.mint IS NULL THEN 1 ELSE 0 END),"
                  + " SUM(CASE WHEN l.mint IS NULL THEN 1 ELSE 0 END),"
                  + " SUM(CASE WHEN l.mint IS NOT NULL AND r.mint IS NOT NULL AND ("
                  + differs
                  + ") THEN 1 ELSE 0 END)"
                  + joined)) {
        counts.next();
        onlyLeft = counts.getLong(1);
        onlyRight = counts.getLong(2);
        differing = counts.getLong(3);
      }
      List<Difference> listed = new ArrayList<>();
      String values =
          CandleTable.VALUES.stream()
              .map(value -> ", l." + value + " AS l_" + value + ", r." + value + " AS r_" + value)
              .collect(Collectors.joining());
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT COALESCE(l.mint, r.mint) AS mint, COALESCE(l.ts, r.ts) AS ts,"
                  + " COALESCE(l.interval_s, r.interval_s) AS interval_s,"
                  + " CASE WHEN r.mint IS NULL THEN 'only_left' WHEN l.mint IS NULL THEN 'only_right'"
                  + " ELSE 'differs' END AS kind"
                  + values
                  + joined
                  + " WHERE l.mint IS NULL OR r.mint IS NULL OR "
                  + differs
                  + " ORDER BY 1, 3, 2 LIMIT "
                  + limit)) {
        while (rows.next()) {
          listed.add(difference(rows));
        }
      }
      return new CandleDifference(leftSide, rightSide, onlyLeft, onlyRight, differing, listed);
    }
  }

  private static Side side(Connection connection, CandleTable table, CandleTable.Filter filter)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*), SUM(c.copies - 1), MIN(c.ts), MAX(c.ts) FROM ("
                    + table.candles(filter)
                    + ") AS c")) {
      row.next();
      return new Side(
          table.name(), row.getLong(1), row.getLong(2), row.getString(3), row.getString(4));
    }
  }

  private static Difference difference(ResultSet row) throws SQLException {
    List<Value> values = new ArrayList<>();
    if (row.getString(4).equals("differs")) {
      for (int i = 0; i < CandleTable.VALUES.size(); i++) {
        double left = row.getDouble(5 + 2 * i);
        double right = row.getDouble(6 + 2 * i);
        if (Double.compare(left, right) != 0) {
          values.add(new Value(CandleTable.VALUES.get(i), left, right));
        }
      }
    }
    return new Difference(
        row.getString(1), row.getString(2), row.getInt(3), row.getString(4), values);
  }

  boolean isEqual() {
    return onlyLeft == 0 && onlyRight == 0 && differing == 0;
  }

  /** One object in one line. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeBooleanField("equal", isEqual());
      write(json, "left", left);
      write(json, "right", right);
      json.writeNumberField("only_left", onlyLeft);
      json.writeNumberField("only_right", onlyRight);
      json.writeNumberField("differing", differing);
      json.writeArrayFieldStart("differences");
      for (Difference difference : listed) {
        json.writeStartObject();
        json.writeStringField("mint", difference.mint());
        json.writeStringField("ts", difference.ts());
        json.writeNumberField("interval_s", difference.intervalSeconds());
        json.writeStringField("kind", difference.kind());
        for (Value value : difference.values()) {
          json.writeArrayFieldStart(value.column());
          json.writeNumber(value.left());
          json.writeNumber(value.right());
          json.writeEndArray();
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("A text can be written", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, Side side) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("table", side.table());
    json.writeNumberField("rows", side.rows());
    json.writeNumberField("duplicates", side.duplicates());
    json.writeStringField("first_ts", side.firstTs());
    json.writeStringField("last_ts", side.lastTs());
    json.writeEndObject();
  }
}
