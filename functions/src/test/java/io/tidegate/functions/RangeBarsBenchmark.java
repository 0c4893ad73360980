package io.tidegate.functions;

import java.util.Arrays;
import java.util.Locale;

/**
 * Prints how many ticks per second one thread turns into bars; not a test, run by hand.
 *
 * <p>Ten million ticks of the walk with seed 1 in batches of 65,536 rows, median of some passes
 * after a warm-up; "features" includes the ten microstructure columns of every bar.
 */
final class RangeBarsBenchmark {
  private static final int TICKS = 10_000_000;
  private static final int BATCH_ROWS = 65_536;
  private static final int WARM_UP = 3;
  private static final int PASSES = 9;

  private RangeBarsBenchmark() {}

  /** Takes the number of ticks as an optional argument. */
  public static void main(String[] arguments) {
    TickColumns all = Ticks.walk(1, arguments.length > 0 ? Integer.parseInt(arguments[0]) : TICKS);
    TickColumns bare = TickColumns.of(all.tsMicros(), all.priceRaw(), all.volumeRaw());
    System.out.printf("%-36s %10s %12s%n", "", "bars", "M ticks/s");
    for (int thresholdDbps : new int[] {10, 100, 250, 1000}) {
      print(thresholdDbps + " dbps, all columns, features", all, thresholdDbps, true);
      print(thresholdDbps + " dbps, all columns", all, thresholdDbps, false);
      print(thresholdDbps + " dbps, ts, price, volume", bare, thresholdDbps, false);
    }
  }

  private static void print(String what, TickColumns ticks, int thresholdDbps, boolean features) {
    long[] nanos = new long[PASSES];
    long bars = 0;
    for (int pass = -WARM_UP; pass < PASSES; pass++) {
      long start = System.nanoTime();
      bars = pass(ticks, thresholdDbps, features);
      if (pass >= 0) {
        nanos[pass] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    double rate = ticks.capacity() * 1e3 / nanos[PASSES / 2];
    System.out.printf(Locale.ROOT, "%-36s %10d %12.1f%n", what, bars, rate);
  }

  private static long pass(TickColumns ticks, int thresholdDbps, boolean withFeatures) {
    RangeBars machine = new RangeBars(thresholdDbps);
    BarBatch bars = new BarBatch();
    BarFeatures features = new BarFeatures();
    long count = 0;
    for (int from = 0; from < ticks.capacity(); from += BATCH_ROWS) {
      machine.accept(ticks, from, Math.min(from + BATCH_ROWS, ticks.capacity()), bars);
      if (withFeatures) {
        features.compute(bars, 0, bars.size());
      }
      count += bars.size();
      bars.clear();
    }
    return count;
  }
}
