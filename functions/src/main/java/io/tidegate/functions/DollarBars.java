package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;

/**
 * Dollar bars: a bar closes with the tick that brings its turnover, price times volume in whatever
 * the price is quoted in, to the threshold or beyond.
 *
 * <p>A tick is not split, so a bar's turnover is the threshold or more, and what is more is not
 * carried over to the next one. Turnovers are compared as 128-bit integers.
 */
public final class DollarBars extends BarMachine {
  private final long thresholdHigh;
  private final long thresholdLow;

  /**
   * Dollar bars.
   *
   * @param thresholdRaw turnover times 10^16, positive and of 127 bits at most
   */
  public DollarBars(BigInteger thresholdRaw) {
    super("dollar_bars");
    requireNonNull(thresholdRaw, "thresholdRaw");
    if (thresholdRaw.signum() <= 0 || thresholdRaw.bitLength() > 127) {
      throw new IllegalArgumentException(
          "dollar_bars: the turnover must be positive and fit 127 bits of units of 10^-16 but was "
              + thresholdRaw
              + " of them");
    }
    thresholdHigh = thresholdRaw.shiftRight(Long.SIZE).longValueExact();
    thresholdLow = thresholdRaw.longValue();
  }

  @Override
  int barEnd(TickColumns ticks, int from, int to) {
    long[] volume = ticks.volumeRaw();
    long[] price = ticks.priceRaw();
    long high = bar.high;
    long low = bar.low;
    long sumHigh = bar.turnoverHigh;
    long sumLow = bar.turnoverLow;
    int end = GOES_ON;
    for (int row = from; row < to; row++) {
      long p = price[row];
      high = Math.max(high, p);
      low = Math.min(low, p);
      long product = p * volume[row];
      long sum = sumLow + product;
      sumHigh += Math.multiplyHigh(p, volume[row]) + Int128.carry(sumLow, product, sum);
      sumLow = sum;
      // A sum that is beyond 127 bits is below zero here; adding it to the bar is what fails.
      if (sumHigh < 0 || Int128.differenceHigh(sumHigh, sumLow, thresholdHigh, thresholdLow) >= 0) {
        end = row + 1;
        break;
      }
    }
    bar.high = high;
    bar.low = low;
    return end;
  }
}
