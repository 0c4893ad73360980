package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.CheckColumn;
import io.tidegate.functions.BarField;
import io.tidegate.functions.BarValidation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * {@code validate_bars(TABLE bars PARTITION BY symbol ORDER BY open_time, 250)}: see {@link
 * BarValidation}.
 *
 * <p>Arguments: {@code data}, {@code threshold_dbps} as in {@code range_bars}, {@code
 * continuity_tolerance} (0.001).
 */
final class ValidateBarsOperator extends ValidationOperator {
  /** By how much more than the threshold the next open may be away from a close: 0.1 %. */
  static final BigDecimal TOLERANCE = new BigDecimal("0.001");

  private static final int THRESHOLD_ARGUMENT = 1;
  private static final int TOLERANCE_ARGUMENT = 2;

  ValidateBarsOperator() {
    super(
        "validate_bars",
        EnumSet.complementOf(EnumSet.of(BarField.TIME, BarField.FORWARD_RETURN)),
        EnumSet.of(BarField.OPEN, BarField.HIGH, BarField.LOW, BarField.CLOSE),
        Arrays.stream(CheckColumn.values())
            .filter(column -> column != CheckColumn.FEATURE && column != CheckColumn.OTHER_FEATURE)
            .toList(),
        new Parameter("threshold_dbps", null),
        new Parameter(
            "continuity_tolerance",
            SqlLiteral.createExactNumeric(TOLERANCE.toPlainString(), SqlParserPos.ZERO)));
  }

  @Override
  Rule rule(SqlCall call, Set<BarField> present) {
    int threshold = threshold(call, THRESHOLD_ARGUMENT);
    BigDecimal tolerance =
        tolerance(getName().toLowerCase(Locale.ROOT), constant(call, TOLERANCE_ARGUMENT));
    return new Rule(
        ", threshold_dbps => "
            + threshold
            + ", continuity_tolerance => "
            + tolerance.toPlainString(),
        () -> new BarValidation(threshold, tolerance.doubleValue(), present));
  }

  /**
   * A tolerance as an argument gives it.
   *
   * @param function who asks, for the error
   */
  static BigDecimal tolerance(String function, Object value) {
    if (value instanceof BigDecimal number
        && number.signum() >= 0
        && number.compareTo(BigDecimal.ONE) <= 0) {
      return number;
    }
    throw PlanErrors.invalid(
        function
            + ": continuity_tolerance must be 0 to 1, a fraction of the price, but was "
            + shown(value));
  }
}
