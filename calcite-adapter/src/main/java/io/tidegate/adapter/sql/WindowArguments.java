package io.tidegate.adapter.sql;

import io.tidegate.functions.WindowSlice;
import java.math.BigDecimal;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The arguments that say what an alert's window is: {@code interval_s, pre, post}, the two counts
 * also as {@code 'pre52_post4948'}.
 *
 * @param operator whose arguments they are
 * @param interval the position of {@code interval_s}; the counts come behind it
 */
record WindowArguments(TableOperator operator, int interval) {

  /** The column that a {@code DESCRIPTOR(column)} names: a TIMESTAMP. */
  RelDataTypeField time(RelDataType input, SqlCall call, int argument) {
    SqlNode descriptor = call.operand(argument);
    if (descriptor.getKind() != SqlKind.DESCRIPTOR || ((SqlCall) descriptor).operandCount() != 1) {
      throw operator.invalid(
          "timecol must be DESCRIPTOR(column) but was " + TableOperator.text(descriptor));
    }
    RelDataTypeField time = operator.column(input, "DESCRIPTOR", ((SqlCall) descriptor).operand(0));
    if (time.getType().getSqlTypeName() != SqlTypeName.TIMESTAMP) {
      throw operator.invalid(
          "column '" + time.getName() + "' must be TIMESTAMP but is " + time.getType());
    }
    return time;
  }

  /** The length of a candle. */
  long seconds(SqlCall call) {
    return count(call, interval, 1, "interval_s must be 1 or more seconds");
  }

  /** How many candles a window takes. */
  WindowSlice.Spec spec(SqlCall call) {
    Object pre = operator.constant(call, interval + 1);
    if (pre instanceof String text && operator.constant(call, interval + 2) == null) {
      try {
        WindowSlice.Spec spec = WindowSlice.parseSpec(text);
        if (spec.pre() <= Integer.MAX_VALUE && spec.post() <= Integer.MAX_VALUE) {
          return spec;
        }
        throw operator.invalid(
            "a window can have at most 2147483647 candles but was '" + text + "'");
      } catch (IllegalArgumentException e) {
        throw PlanErrors.invalid(e.getMessage());
      }
    }
    return new WindowSlice.Spec(
        count(call, interval + 1, 0, "pre must be 0 or more candles"),
        count(call, interval + 2, 0, "post must be 0 or more candles"));
  }

  private long count(SqlCall call, int index, int least, String rule) {
    Object value = operator.constant(call, index);
    if (value instanceof BigDecimal number
        && number.stripTrailingZeros().scale() <= 0
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
      return number.longValueExact();
    }
    throw operator.invalid(rule + " but was " + TableOperator.shown(value));
  }
}
