package io.tidegate.adapter.bars;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * {@code range_bars} bound to its arguments.
 *
 * <p>The input comes ordered by partition keys, time and, if it has them, record ids. Its columns
 * are those of the layout: keys of any type, time as microseconds, price and volume as DOUBLE,
 * DECIMAL of at most eight places or raw BIGINT, ids as BIGINT, the maker flag as BOOLEAN or BIGINT
 * 0 and 1. Only keys may be NULL. The output is the keys and the {@linkplain BarColumn columns of a
 * bar}.
 *
 * @param thresholdDbps distance from a bar's open that closes it, in decimal basis points
 * @param timeGate whether a bar must span at least two timestamps
 * @param includeIncomplete whether the bar that each partition leaves open is given too
 */
public record RangeBarsFunction(
    TickLayout layout, int thresholdDbps, boolean timeGate, boolean includeIncomplete)
    implements ArrowTableFunction {
  public RangeBarsFunction {
    requireNonNull(layout, "layout");
  }

  @Override
  public ArrowReader apply(ArrowReader input, ArrowExecution execution) throws SQLException {
    try {
      return new RangeBarsReader(this, input, execution);
    } catch (IOException e) {
      close(input, e);
      throw e.getCause() instanceof SQLException cause
          ? cause
          : new SQLException("range_bars: its input failed: " + e.getMessage(), "08006", e);
    } catch (RuntimeException | Error e) {
      close(input, e);
      throw e;
    }
  }

  private static void close(ArrowReader input, Throwable cause) {
    try {
      input.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
