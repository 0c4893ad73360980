package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.BarContinuation;
import io.tidegate.functions.RangeBars;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * {@code range_bars(TABLE trades PARTITION BY symbol ORDER BY ts, 250)}: see {@link RangeBars}.
 *
 * <p>Arguments: {@code data}, {@code threshold_dbps} (1 to 100000 or a name such as {@code
 * 'medium'}), {@code time_gate} (TRUE), {@code include_incomplete} (FALSE).
 */
final class RangeBarsOperator extends BarsOperator {
  private static final int THRESHOLD = 1;
  private static final int TIME_GATE = 2;

  private final BarContinuation continuation;

  RangeBarsOperator() {
    this("range_bars", null);
  }

  /** The function for a statement that goes on with the bars of one symbol. */
  static RangeBarsOperator continuing(String name, BarContinuation continuation) {
    return new RangeBarsOperator(name, continuation);
  }

  private RangeBarsOperator(String name, BarContinuation continuation) {
    super(
        name,
        new Parameter("threshold_dbps", null),
        new Parameter("time_gate", SqlLiteral.createBoolean(true, SqlParserPos.ZERO)));
    this.continuation = continuation;
  }

  @Override
  Rule rule(SqlCall call) {
    int threshold = threshold(call, THRESHOLD);
    boolean timeGate = flag(call, TIME_GATE);
    return new Rule(
        "threshold_dbps => " + threshold + ", time_gate => " + shown(timeGate),
        () ->
            continuation == null
                ? new RangeBars(threshold, timeGate)
                : continuation.resume(threshold, timeGate));
  }
}
