package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;

/**
 * {@code TIMESTAMPDIFF(unit, from, to)}: how many whole units fit between two times, negative if
 * the second is before the first. A month has passed when the earlier time plus one month, on the
 * last day of a shorter month if need be, is not after the later one.
 *
 * <p>It is a BIGINT: Calcite's is an INTEGER, which 69 years of seconds do not fit into, and is
 * computed from milliseconds.
 */
public final class TimestampDifference {
  public static final StoreFunction FUNCTION =
      new StoreFunction(
          "timestampdiff",
          ReturnTypes.BIGINT_NULLABLE,
          OperandTypes.family(SqlTypeFamily.ANY, SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME),
          TimestampDifference::duckDb,
          TimestampDifference::clickHouse);

  private TimestampDifference() {}

  private static String duckDb(List<String> operands) {
    String unit = operands.get(0);
    String from = "CAST(" + operands.get(1) + " AS TIMESTAMP)";
    String to = "CAST(" + operands.get(2) + " AS TIMESTAMP)";
    if (months(unit) > 0) {
      return divided("date_sub('month', " + from + ", " + to + ")", " // ", months(unit));
    }
    String micros = "(epoch_us(" + to + ") - epoch_us(" + from + "))";
    return unit.equals("NANOSECOND")
        ? "(" + micros + " * 1000)"
        : divided(micros, " // ", micros(unit));
  }

  private static String clickHouse(List<String> operands) {
    String unit = operands.get(0);
    String from = "toDateTime64(" + operands.get(1) + ", 6, 'UTC')";
    String to = "toDateTime64(" + operands.get(2) + ", 6, 'UTC')";
    if (months(unit) > 0) {
      // Months of the calendar, less one that has not passed yet. Nothing may depend on NULL here:
      // least() of it is the other operand.
      String calendar = "dateDiff('month', " + from + ", " + to + ")";
      String months =
          "if(%1$s <= %2$s, %3$s - (addMonths(%1$s, %3$s) > %2$s), %3$s + (addMonths(%2$s, -%3$s) > %1$s))"
              .formatted(from, to, calendar);
      return intDiv(months, months(unit));
    }
    if (unit.equals("NANOSECOND")) {
      throw new NotSupported("TIMESTAMPDIFF in NANOSECOND: it wraps");
    }
    return intDiv(
        "(toUnixTimestamp64Micro(" + to + ") - toUnixTimestamp64Micro(" + from + "))",
        micros(unit));
  }

  private static String divided(String dividend, String operator, long divisor) {
    return divisor == 1 ? dividend : "(" + dividend + operator + divisor + ")";
  }

  private static String intDiv(String dividend, long divisor) {
    return "toInt64(intDiv(" + dividend + ", " + divisor + "))";
  }

  /** The months of a unit, 0 if it has no whole number of them. */
  private static long months(String unit) {
    return switch (unit) {
      case "MONTH" -> 1;
      case "QUARTER" -> 3;
      case "YEAR" -> 12;
      case "DECADE" -> 120;
      case "CENTURY" -> 1_200;
      case "MILLENNIUM" -> 12_000;
      default -> 0;
    };
  }

  private static long micros(String unit) {
    return switch (unit) {
      case "MICROSECOND" -> 1;
      case "MILLISECOND" -> 1_000;
      case "SECOND" -> 1_000_000;
      case "MINUTE" -> 60_000_000;
      case "HOUR" -> 3_600_000_000L;
      case "DAY" -> 86_400_000_000L;
      case "WEEK" -> 604_800_000_000L;
      default -> throw new NotSupported("TIMESTAMPDIFF in " + unit);
    };
  }
}
