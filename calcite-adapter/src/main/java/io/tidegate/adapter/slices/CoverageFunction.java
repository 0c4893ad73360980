package io.tidegate.adapter.slices;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowTableFunction;
import io.tidegate.adapter.arrow.InputReader;
import io.tidegate.functions.WindowSlice;
import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * {@code slice_coverage}, bound to its arguments: how much of each alert's window its candles fill.
 *
 * <p>The input comes ordered: key columns that tell the alerts apart, the alert's time as
 * microseconds among them, then the time of a candle as microseconds, NULL for an alert without
 * candles. The output is the keys and the {@linkplain CoverageColumn columns of a coverage}.
 *
 * @param keys how many of the first columns are keys
 * @param alertTime which of them is the alert's time
 * @param intervalSeconds the length of a candle
 * @param window how many candles a window takes
 */
public record CoverageFunction(
    int keys, int alertTime, long intervalSeconds, WindowSlice.Spec window)
    implements ArrowTableFunction {
  static final String NAME = "slice_coverage";

  public CoverageFunction {
    requireNonNull(window, "window");
  }

  @Override
  public ArrowReader apply(ArrowReader input, ArrowExecution execution) throws SQLException {
    return InputReader.open(NAME, input, given -> new CoverageReader(this, given, execution));
  }
}
