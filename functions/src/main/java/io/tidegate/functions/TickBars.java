package io.tidegate.functions;

/** Tick bars: a bar closes with its n-th tick, a tick being one trade record. */
public final class TickBars extends BarMachine {
  private final long ticksPerBar;

  /**
   * Tick bars.
   *
   * @param ticksPerBar 1 or more
   */
  public TickBars(long ticksPerBar) {
    super("tick_bars");
    if (ticksPerBar < 1) {
      throw new IllegalArgumentException(
          "tick_bars: a bar must have 1 or more ticks but was to have " + ticksPerBar);
    }
    this.ticksPerBar = ticksPerBar;
  }

  @Override
  int barEnd(TickColumns ticks, int from, int to) {
    long missing = ticksPerBar - bar.recordCount;
    boolean closes = missing <= to - from;
    int end = closes ? from + (int) missing : to;
    bar.widen(ticks.priceRaw(), from, end);
    return closes ? end : GOES_ON;
  }
}
