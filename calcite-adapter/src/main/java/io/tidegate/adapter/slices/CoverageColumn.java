package io.tidegate.adapter.slices;

import io.tidegate.functions.Coverage;
import java.util.Locale;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * The columns of a window's coverage in output order, BIGINT and VARCHAR; a column's SQL name is
 * the constant's. See {@link Coverage}.
 */
public enum CoverageColumn {
  ANCHOR_TS_MS(coverage -> millis(coverage.window().anchorMicros())),
  AVAILABLE_PRE(Coverage::availablePre),
  AVAILABLE_POST(Coverage::availablePost),
  AVAILABLE_TOTAL(Coverage::availableTotal),
  /** NULL without a candle. */
  FIRST_TS_MS(coverage -> empty(coverage) ? null : millis(coverage.firstMicros())),
  /** NULL without a candle. */
  LAST_TS_MS(coverage -> empty(coverage) ? null : millis(coverage.lastMicros())),
  STATUS(Coverage::status),
  EXPECTED_SLOTS(Coverage::expectedSlots),
  MISSING_SLOTS(Coverage::missingSlots),
  DUPLICATES(Coverage::duplicates),
  GAP_RANGES(Coverage::gapRanges);

  private static final long MICROS_PER_MILLI = 1_000;

  private final Function<Coverage, Object> value;

  CoverageColumn(Function<Coverage, Object> value) {
    this.value = value;
  }

  private static Object millis(long micros) {
    return Math.floorDiv(micros, MICROS_PER_MILLI);
  }

  private static boolean empty(Coverage coverage) {
    return coverage.availableTotal() == 0;
  }

  /** The column's name in SQL. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is VARCHAR; the others are BIGINT. */
  public boolean isText() {
    return this == STATUS || this == GAP_RANGES;
  }

  /** Whether it can be NULL. */
  public boolean isNullable() {
    return this == FIRST_TS_MS || this == LAST_TS_MS;
  }

  ArrowType arrow() {
    return isText() ? ArrowType.Utf8.INSTANCE : new ArrowType.Int(64, true);
  }

  /** A Long, a String or null. */
  Object value(Coverage coverage) {
    return value.apply(coverage);
  }
}
