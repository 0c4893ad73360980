package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.WellFormedText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * ClickHouse's SQL: names, types and values. What ClickHouse may be asked to run is the list of
 * {@link ClickHousePushDown}; the rest runs in DuckDB.
 *
 * <p>The spellings rely on the session settings of {@link ClickHouseSettings}.
 */
public final class ClickHouseDialect implements StoreDialect {

  /** Years that DateTime64 holds; ClickHouse moves what is outside to the nearest end. */
  private static final int FIRST_YEAR = 1900;

  private static final int LAST_YEAR = 2299;

  private final RelDataTypeFactory typeFactory;
  private final PushDownList pushDown;

  public ClickHouseDialect(RelDataTypeFactory typeFactory) {
    this.typeFactory = requireNonNull(typeFactory, "typeFactory");
    this.pushDown = ClickHousePushDown.list(this);
  }

  @Override
  public PushDownList pushDown() {
    return pushDown;
  }

  @Override
  public String identifier(String name) {
    return ClickHouseIdentifiers.quote(name);
  }

  /**
   * A backslash escapes in ClickHouse, so it is escaped as well as the quote; NUL is written so.
   */
  @Override
  public String string(String text) {
    return "'"
        + WellFormedText.check(text).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
        + "'";
  }

  @Override
  public String type(RelDataType type) {
    RelDataType bare = typeFactory.createTypeWithNullability(type, false);
    // Whatever it is declared as, a time in the middle of a query keeps its microseconds.
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        ? "DateTime64(6, 'UTC')"
        : ClickHouseTypes.toClickHouse(bare);
  }

  @Override
  public String literal(RexLiteral literal) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return carry("NULL", type);
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class) ? "true" : "false";
      case TINYINT -> "toInt8(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case SMALLINT -> "toInt16(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case INTEGER -> "toInt32(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case BIGINT -> "toInt64(" + literal.getValueAs(BigDecimal.class).toBigInteger() + ")";
      case DECIMAL ->
          "CAST("
              + string(literal.getValueAs(BigDecimal.class).toPlainString())
              + " AS "
              + type(type)
              + ")";
      case REAL -> "toFloat32(" + floating(literal) + ")";
      case FLOAT, DOUBLE -> "toFloat64(" + floating(literal) + ")";
      case CHAR, VARCHAR -> string(literal.getValueAs(String.class));
      case DATE -> {
        DateString date = literal.getValueAs(DateString.class);
        yield "toDate32(" + string(inRange(date.toString())) + ")";
      }
      case TIMESTAMP -> {
        TimestampString timestamp = literal.getValueAs(TimestampString.class);
        yield "toDateTime64(" + string(inRange(timestamp.toString())) + ", 6, 'UTC')";
      }
      default -> throw new NotSupported("literal of type " + type);
    };
  }

  private String floating(RexLiteral literal) {
    double value = literal.getValueAs(Double.class);
    if (Double.isNaN(value)) {
      return "'nan'";
    }
    return Double.isInfinite(value) ? (value > 0 ? "'inf'" : "'-inf'") : string("" + value);
  }

  private static String inRange(String text) {
    int year = Integer.parseInt(text.substring(0, 4));
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new NotSupported("a time outside " + FIRST_YEAR + " to " + LAST_YEAR);
    }
    return text;
  }

  @Override
  public String carry(String operand, RelDataType type) {
    // cast_keep_nullable keeps a Nullable operand so; a bare NULL has to be told.
    String name = operand.equals("NULL") ? "Nullable(" + type(type) + ")" : type(type);
    return "CAST(" + operand + " AS " + name + ")";
  }

  @Override
  public String in(String operand, RelDataType type, List<String> values, boolean in) {
    List<String> bare = new ArrayList<>(List.of(operand));
    bare.addAll(values);
    bare = BareUnsigned.of(bare);
    String test =
        bare.get(0)
            + (in ? " IN (" : " NOT IN (")
            + String.join(", ", bare.subList(1, bare.size()))
            + ")";
    // ClickHouse finds NULL in no list, so NOT IN would be true.
    return type.isNullable() ? "if(isNull(" + operand + "), NULL, " + test + ")" : "(" + test + ")";
  }

  @Override
  public String orderItem(
      String operand, RelDataType type, boolean descending, boolean nullsFirst) {
    String direction = descending ? " DESC" : " ASC";
    List<String> items = new ArrayList<>();
    if (Operand.isFloating(type)) {
      // ClickHouse keeps NaN beside the NULLs; here it is the greatest number.
      if (type.isNullable()) {
        items.add("isNull(" + operand + ")" + (nullsFirst ? " DESC" : " ASC"));
      }
      items.add("isNaN(" + operand + ")" + direction);
    }
    items.add(operand + direction + (nullsFirst ? " NULLS FIRST" : " NULLS LAST"));
    return String.join(", ", items);
  }
}
