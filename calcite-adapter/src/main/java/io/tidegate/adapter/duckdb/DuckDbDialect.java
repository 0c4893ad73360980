package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.WellFormedText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/**
 * DuckDB's SQL: names, types and values. DuckDB is the local executor, so the list of {@link
 * DuckDbPushDown} is all that Tidegate can run; what DuckDB does differently from Tidegate's
 * meaning is rewritten there.
 */
public final class DuckDbDialect implements StoreDialect {
  /** So few rows make no difference, wherever they are. */
  private static final int HASHED_FOR_NOTHING = 10_000;

  /** What part of rows DuckDB takes to pass a comparison. */
  private static final double PASSING = 0.2;

  private static final int ROWS_MADE = 1_000;

  private final PushDownList pushDown = DuckDbPushDown.list(this);

  @Override
  public PushDownList pushDown() {
    return pushDown;
  }

  static String quote(String name) {
    return '"' + WellFormedText.check(name).replace("\"", "\"\"") + '"';
  }

  @Override
  public String identifier(String name) {
    return quote(name);
  }

  /** Quotes are doubled, a backslash is an ordinary character, and NUL cannot stand in SQL text. */
  @Override
  public String string(String text) {
    WellFormedText.check(text);
    if (text.indexOf('\0') < 0) {
      return "'" + text.replace("'", "''") + "'";
    }
    List<String> parts = new ArrayList<>();
    for (String part : text.split("\0", -1)) {
      parts.add("'" + part.replace("'", "''") + "'");
    }
    return "(" + String.join(" || chr(0) || ", parts) + ")";
  }

  @Override
  public String type(RelDataType type) {
    return DuckDbTypes.name(type);
  }

  @Override
  public String literal(RexLiteral literal) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return "CAST(NULL AS " + type(type) + ")";
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class) ? "TRUE" : "FALSE";
      case INTEGER -> integer(literal.getValueAs(BigDecimal.class).toBigInteger().toString());
      case TINYINT, SMALLINT, BIGINT, DECIMAL ->
          "CAST("
              + string(literal.getValueAs(BigDecimal.class).toPlainString())
              + " AS "
              + type(type)
              + ")";
      case REAL, FLOAT, DOUBLE ->
          "CAST(" + string(literal.getValueAs(Double.class).toString()) + " AS " + type(type) + ")";
      case CHAR, VARCHAR -> string(literal.getValueAs(String.class));
      case BINARY, VARBINARY ->
          "unhex('"
              + HexFormat.of().formatHex(literal.getValueAs(ByteString.class).getBytes())
              + "')";
      case DATE -> "DATE " + string(text(literal));
      case TIME -> "TIME " + string(text(literal));
      case TIMESTAMP -> "TIMESTAMP " + string(text(literal));
      case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH ->
          "to_months(" + literal.getValueAs(BigDecimal.class).intValueExact() + ")";
      case INTERVAL_DAY,
          INTERVAL_DAY_HOUR,
          INTERVAL_DAY_MINUTE,
          INTERVAL_DAY_SECOND,
          INTERVAL_HOUR,
          INTERVAL_HOUR_MINUTE,
          INTERVAL_HOUR_SECOND,
          INTERVAL_MINUTE,
          INTERVAL_MINUTE_SECOND,
          INTERVAL_SECOND ->
          "to_microseconds("
              + Math.multiplyExact(literal.getValueAs(BigDecimal.class).longValueExact(), 1000L)
              + ")";
      default -> throw new NotSupported("literal of type " + type.getFullTypeString());
    };
  }

  private static String text(RexLiteral literal) {
    return switch (literal.getType().getSqlTypeName()) {
      case DATE -> literal.getValueAs(DateString.class).toString();
      case TIME -> literal.getValueAs(TimeString.class).toString();
      default -> literal.getValueAs(TimestampString.class).toString();
    };
  }

  private static String integer(String digits) {
    return digits.startsWith("-") ? "(" + digits + ")" : digits;
  }

  @Override
  public String carry(String operand, RelDataType type) {
    return "CAST(" + operand + " AS " + type(type) + ")";
  }

  @Override
  public String in(String operand, RelDataType type, List<String> values, boolean in) {
    return "(" + operand + (in ? " IN (" : " NOT IN (") + String.join(", ", values) + "))";
  }

  /**
   * DuckDB takes an Arrow stream for one row, and would make it the side of a join that it builds a
   * hash table of. So rows that it can estimate stand behind it, of which there are none: it takes
   * a fifth of them to pass the filter, and as the filter empties the smaller of two factors, it
   * makes none of them.
   */
  @Override
  public String sized(String relation, int columns, double rows) {
    if (rows < HASHED_FOR_NOTHING) {
      return relation;
    }
    String nulls = String.join(", ", Collections.nCopies(columns, "NULL"));
    long factor = Math.round(rows / PASSING / ROWS_MADE);
    return "(SELECT * FROM "
        + relation
        + " UNION ALL SELECT "
        + nulls
        + " FROM range("
        + ROWS_MADE
        + ") AS a (i), range("
        + factor
        + ") AS b (j) WHERE i < 0)";
  }

  @Override
  public String orderItem(
      String operand, RelDataType type, boolean descending, boolean nullsFirst) {
    if (DuckDbPushDown.hasMap(type)) {
      throw new NotSupported("ORDER BY " + type);
    }
    return operand
        + (descending ? " DESC" : " ASC")
        + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
  }
}
