package io.tidegate.adapter.bars;

import static java.util.Objects.requireNonNull;

import io.tidegate.functions.RangeBars;
import io.tidegate.functions.RangeBarsCheckpoint;
import java.util.Optional;

/**
 * Carries the state of one series of range bars from one statement to the next: where a statement
 * goes on, and where it ended once it has run.
 *
 * <p>Whoever runs the statement reads the end behind it; a statement whose input is opened again
 * starts from the beginning again.
 */
public final class BarContinuation {
  private final Optional<RangeBarsCheckpoint> before;
  private RangeBars machine;
  private long ticksBefore;

  private BarContinuation(Optional<RangeBarsCheckpoint> before) {
    this.before = before;
  }

  /** A series that begins. */
  public static BarContinuation start() {
    return new BarContinuation(Optional.empty());
  }

  /** A series that goes on behind the last tick of a checkpoint. */
  public static BarContinuation behind(RangeBarsCheckpoint checkpoint) {
    return new BarContinuation(Optional.of(requireNonNull(checkpoint, "checkpoint")));
  }

  /** What makes the bars of the statement's only partition. */
  public synchronized RangeBars resume(int thresholdDbps, boolean timeGate) {
    if (before.isPresent()
        && (before.get().thresholdDbps() != thresholdDbps || before.get().timeGate() != timeGate)) {
      throw new IllegalArgumentException(
          "range_bars: the checkpoint is of "
              + before.get().thresholdDbps()
              + " dbps, but "
              + thresholdDbps
              + " go on from it");
    }
    machine =
        before.map(RangeBars::restore).orElseGet(() -> new RangeBars(thresholdDbps, timeGate));
    ticksBefore = machine.ticksAccepted();
    return machine;
  }

  /** The state behind the last tick; empty if the statement met no tick. */
  public synchronized Optional<RangeBarsCheckpoint> after() {
    return Optional.ofNullable(machine).map(RangeBars::checkpoint);
  }

  /** Ticks that the statement read. */
  public synchronized long ticks() {
    return machine == null ? 0 : machine.ticksAccepted() - ticksBefore;
  }

  /** Bars that closed in the statement. */
  public synchronized long closedBars() {
    return machine == null ? 0 : machine.closedBars();
  }
}
