package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;

/**
 * Tidegate's scalar functions. The kernels in {@code io.tidegate.functions} say what they mean; a
 * test holds the three spellings against each other.
 */
public final class StoreFunctions {
  /** The name of all {@link #refusedText} functions. */
  public static final String REFUSED_TEXT = "$REFUSED_TEXT";

  /**
   * Begins the text of an error that {@link #REFUSE_UNLESS} raises: whoever reports it takes it
   * off, and gives the error its SQLSTATE.
   */
  public static final String REFUSED = "[22000] ";

  private static final String SENT_AS = "$SENT_AS_";

  private static final SqlReturnTypeInference TIMESTAMP =
      ReturnTypes.explicit(SqlTypeName.TIMESTAMP, 6).andThen(SqlTypeTransforms.TO_NULLABLE);

  /** {@code mint_bucket(mint)}: the bucket of a token address, {@code '00'} to {@code 'ff'}. */
  public static final StoreFunction MINT_BUCKET =
      new StoreFunction(
          "mint_bucket",
          ReturnTypes.explicit(SqlTypeName.VARCHAR).andThen(SqlTypeTransforms.TO_NULLABLE),
          OperandTypes.family(SqlTypeFamily.CHARACTER),
          operands -> "substr(sha1(" + operands.get(0) + "), 1, 2)",
          operands -> "lower(substring(hex(SHA1(" + operands.get(0) + ")), 1, 2))");

  /** {@code floor_to_interval(ts, seconds)}: the start of the interval, counted from 1970. */
  public static final StoreFunction FLOOR_TO_INTERVAL =
      new StoreFunction(
          "floor_to_interval",
          TIMESTAMP,
          OperandTypes.family(SqlTypeFamily.TIMESTAMP, SqlTypeFamily.INTEGER),
          operands -> DuckDbWindow.floor("floor_to_interval", operands),
          operands -> ClickHouseWindow.at("floor_to_interval", operands, "0"));

  /** {@code window_start(alert_ts, seconds, pre, post)}: inclusive. */
  public static final StoreFunction WINDOW_START =
      new StoreFunction(
          "window_start",
          TIMESTAMP,
          windowOperands(),
          operands -> DuckDbWindow.edge("window_start", operands, "-", "%1$s"),
          operands -> ClickHouseWindow.at("window_start", operands, "-%1$s"));

  /** {@code window_end(alert_ts, seconds, pre, post)}: exclusive, so the alert's candle is in. */
  public static final StoreFunction WINDOW_END =
      new StoreFunction(
          "window_end",
          TIMESTAMP,
          windowOperands(),
          operands -> DuckDbWindow.edge("window_end", operands, "+", "(%2$s + 1)"),
          operands -> ClickHouseWindow.at("window_end", operands, "(%2$s + 1)"));

  /**
   * {@code refuse_unless(value, condition, message)}: the value, or an error with that message
   * where the condition does not hold: for jobs that must not go on with rows that contradict each
   * other.
   */
  public static final StoreFunction REFUSE_UNLESS =
      new StoreFunction(
          "refuse_unless",
          ReturnTypes.ARG0,
          OperandTypes.family(SqlTypeFamily.ANY, SqlTypeFamily.BOOLEAN, SqlTypeFamily.CHARACTER),
          operands ->
              "CASE WHEN "
                  + operands.get(1)
                  + " THEN "
                  + operands.get(0)
                  + " ELSE error('"
                  + REFUSED
                  + "' || coalesce("
                  + operands.get(2)
                  + ", 'refused')) END",
          operands -> {
            throw new NotSupported("an error with a message of its row");
          });

  /** {@code required(value, message)}: the value, or an error where it is NULL; for INSERT. */
  public static final StoreFunction REQUIRED =
      new StoreFunction(
          "$required",
          ReturnTypes.ARG0.andThen(SqlTypeTransforms.TO_NOT_NULLABLE),
          OperandTypes.ANY_ANY,
          operands ->
              "CASE WHEN "
                  + operands.get(0)
                  + " IS NULL THEN error("
                  + operands.get(1)
                  + ") ELSE "
                  + operands.get(0)
                  + " END",
          operands -> {
            throw new NotSupported("a check for NULL that fails by name");
          });

  /** {@code within(value, first, last, message)}: the value, or an error outside the two. */
  public static final StoreFunction WITHIN =
      new StoreFunction(
          "$within",
          ReturnTypes.ARG0,
          OperandTypes.VARIADIC,
          operands ->
              "CASE WHEN "
                  + outside(operands)
                  + " THEN error("
                  + operands.get(3)
                  + ") ELSE "
                  + operands.get(0)
                  + " END",
          // Nothing, or seconds, or days: what is added is 0.
          operands ->
              "(" + operands.get(0) + " + " + throwIf(outside(operands), operands.get(3)) + ")");

  private static String outside(List<String> operands) {
    return operands.get(0) + " NOT BETWEEN " + operands.get(1) + " AND " + operands.get(2);
  }

  private static String throwIf(String condition, String message) {
    return "throwIf(ifNull(" + condition + ", false), " + message + ")";
  }

  /**
   * {@code refused_text(text, message)}: the text, or an error where ClickHouse would change it.
   *
   * @param condition ClickHouse's, with the text as {@code %s}
   */
  static StoreFunction refusedText(String condition) {
    return new StoreFunction(
        REFUSED_TEXT,
        ReturnTypes.ARG0,
        OperandTypes.ANY_ANY,
        operands -> {
          throw new NotSupported("ClickHouse's idea of a text");
        },
        operands -> {
          String text = operands.get(0);
          String refused = "isNotNull(" + text + ") AND " + condition.replace("%s", text);
          return "substring(" + text + ", 1 + " + throwIf(refused, operands.get(1)) + ")";
        });
  }

  /**
   * {@code exact(converted, back, value, message)}: the converted value, or an error where it is
   * not the value again when converted back; for INSERT into a column with fewer digits.
   */
  public static final StoreFunction EXACT =
      new StoreFunction(
          "$exact",
          ReturnTypes.ARG0,
          OperandTypes.VARIADIC,
          operands ->
              "CASE WHEN "
                  + operands.get(1)
                  + " <> "
                  + operands.get(2)
                  + " THEN error("
                  + operands.get(3)
                  + " || CAST("
                  + operands.get(2)
                  + " AS VARCHAR)) ELSE "
                  + operands.get(0)
                  + " END",
          operands -> {
            throw new NotSupported("a check for lost digits that fails by name");
          });

  /** A value in a DuckDB type that SQL has no name for, on its way out. */
  static StoreFunction sentAs(String duckDbType) {
    return new StoreFunction(
        SENT_AS + duckDbType,
        ReturnTypes.ARG0,
        OperandTypes.ANY,
        operands -> "CAST(" + operands.get(0) + " AS " + duckDbType + ")",
        operands -> {
          throw new NotSupported("DuckDB's type " + duckDbType);
        });
  }

  /** Whether a function's result must not be cast to its SQL type. */
  static boolean isSentAs(SqlOperator operator) {
    return operator instanceof StoreFunction && operator.getName().startsWith(SENT_AS);
  }

  private StoreFunctions() {}

  /** The functions that SQL can call. */
  public static List<StoreFunction> all() {
    return List.of(MINT_BUCKET, FLOOR_TO_INTERVAL, WINDOW_START, WINDOW_END, REFUSE_UNLESS);
  }

  private static SqlOperandTypeChecker windowOperands() {
    return OperandTypes.family(
        SqlTypeFamily.TIMESTAMP,
        SqlTypeFamily.INTEGER,
        SqlTypeFamily.INTEGER,
        SqlTypeFamily.INTEGER);
  }

  private static boolean isNumber(String operand) {
    return operand.matches("\\d{1,9}");
  }

  private static String message(String function, String argument, String limit) {
    return "'" + function + ": " + argument + " must be " + limit + "'";
  }

  /** DuckDB's spelling: time_bucket, with arguments checked where they are not plain numbers. */
  private static final class DuckDbWindow {
    static String floor(String function, List<String> operands) {
      return "time_bucket(to_seconds("
          + checked(operands.get(1), "<= 0", message(function, "seconds", "1 or more"))
          + "), CAST("
          + operands.get(0)
          + " AS TIMESTAMP), TIMESTAMP '1970-01-01 00:00:00')";
    }

    static String edge(String function, List<String> operands, String sign, String slots) {
      String pre = checked(operands.get(2), "< 0", message(function, "pre", "0 or more"));
      String post = checked(operands.get(3), "< 0", message(function, "post", "0 or more"));
      // Both are checked, whichever is used.
      String steps = String.format(slots, pre, post);
      String other = slots.contains("%1$s") ? post : pre;
      String count = isNumber(other) ? steps : "(" + steps + " + 0 * " + other + ")";
      return "("
          + floor(function, operands)
          + " "
          + sign
          + " to_seconds("
          + count
          + " * CAST("
          + operands.get(1)
          + " AS BIGINT)))";
    }

    private static String checked(String operand, String refused, String message) {
      return isNumber(operand) && !operand.matches("0+")
          ? operand
          : "(CASE WHEN "
              + operand
              + " "
              + refused
              + " THEN error("
              + message
              + ") ELSE "
              + operand
              + " END)";
    }
  }

  /** ClickHouse's spelling: whole microseconds, since its own intervals differ before 1970. */
  private static final class ClickHouseWindow {
    static String at(String function, List<String> operands, String slots) {
      String micros = "toUnixTimestamp64Micro(toDateTime64(" + operands.get(0) + ", 6, 'UTC'))";
      String seconds = checked(operands.get(1), "<= 0", message(function, "seconds", "1 or more"));
      String step = "(" + seconds + " * 1000000)";
      String floor = micros + " - positiveModulo(" + micros + ", " + step + ")";
      String shift = "";
      if (operands.size() > 2) {
        String pre = checked(operands.get(2), "< 0", message(function, "pre", "0 or more"));
        String post = checked(operands.get(3), "< 0", message(function, "post", "0 or more"));
        String other = slots.contains("%1$s") ? post : pre;
        shift =
            " + "
                + String.format(slots, pre, post)
                + " * "
                + step
                + (isNumber(other) ? "" : " + 0 * " + other);
      }
      return "fromUnixTimestamp64Micro(toInt64(" + floor + shift + "), 'UTC')";
    }

    private static String checked(String operand, String refused, String message) {
      return isNumber(operand) && !operand.matches("0+")
          ? "toInt64(" + operand + ")"
          : "(toInt64("
              + operand
              + ") + throwIf(ifNull("
              + operand
              + " "
              + refused
              + ", false), "
              + message
              + "))";
    }
  }
}
