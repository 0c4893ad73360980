package io.tidegate.functions;

/**
 * Volume bars: a bar closes with the tick that brings its volume to the threshold or beyond.
 *
 * <p>A tick is not split, so a bar's volume is the threshold or more, and what is more is not
 * carried over to the next one.
 */
public final class VolumeBars extends BarMachine {
  private final long thresholdRaw;

  /**
   * Volume bars.
   *
   * @param thresholdRaw base-asset amount times 10^8, positive
   */
  public VolumeBars(long thresholdRaw) {
    super("volume_bars");
    if (thresholdRaw < 1) {
      throw new IllegalArgumentException(
          "volume_bars: the volume must be positive but was " + FixedPoint.toText(thresholdRaw));
    }
    this.thresholdRaw = thresholdRaw;
  }

  @Override
  int barEnd(TickColumns ticks, int from, int to) {
    long[] volume = ticks.volumeRaw();
    long[] price = ticks.priceRaw();
    long high = bar.high;
    long low = bar.low;
    // A bar that goes on is below the threshold, so its volume is one word, and the sum of that and
    // one more amount of 63 bits is so without its sign.
    long sum = bar.volumeLow;
    int end = GOES_ON;
    for (int row = from; row < to; row++) {
      high = Math.max(high, price[row]);
      low = Math.min(low, price[row]);
      sum += volume[row];
      if (Long.compareUnsigned(sum, thresholdRaw) >= 0) {
        end = row + 1;
        break;
      }
    }
    bar.high = high;
    bar.low = low;
    return end;
  }
}
