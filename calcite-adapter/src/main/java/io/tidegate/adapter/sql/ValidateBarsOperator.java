package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.CheckColumn;
import io.tidegate.functions.BarField;
import io.tidegate.functions.BarValidation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
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
  private static final int THRESHOLD = 1;
  private static final int TOLERANCE = 2;

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
            "continuity_tolerance", SqlLiteral.createExactNumeric("0.001", SqlParserPos.ZERO)));
  }

  @Override
  Rule rule(SqlCall call, Set<BarField> present) {
    int threshold = threshold(call, THRESHOLD);
    BigDecimal tolerance = tolerance(call);
    return new Rule(
        ", threshold_dbps => "
            + threshold
            + ", continuity_tolerance => "
            + tolerance.toPlainString(),
        () -> new BarValidation(threshold, tolerance.doubleValue(), present));
  }

  private BigDecimal tolerance(SqlCall call) {
    Object value = constant(call, TOLERANCE);
    if (value instanceof BigDecimal number
        && number.signum() >= 0
        && number.compareTo(BigDecimal.ONE) <= 0) {
      return number;
    }
    throw invalid(
        "continuity_tolerance must be 0 to 1, a fraction of the price, but was " + shown(value));
  }
}
