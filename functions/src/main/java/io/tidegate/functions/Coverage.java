package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

/**
 * How much of an alert's window its candles fill.
 *
 * <p>A window has {@linkplain WindowSlice.Spec#candles() pre + 1 + post} slots. A slot is present
 * when a candle begins in it; further candles of the same slot are duplicates, and fill nothing.
 *
 * @param window the alert's window
 * @param availablePre present slots before the alert's own
 * @param availablePost present slots from the alert's own on, which is one of them
 * @param firstMicros the first candle in the window, meaningless when there is none
 * @param lastMicros the last candle in the window, meaningless when there is none
 * @param expectedSlots slots of the window
 * @param duplicates candles in slots that had one
 * @param gapRanges the missing slots as JSON, epoch milliseconds, each range with its begin and
 *     without its end: {@code [[1704110400000,1704110460000]]}
 * @param status {@link #INSUFFICIENT}, {@link #PARTIAL} or {@link #COMPLETE}
 */
public record Coverage(
    WindowSlice window,
    long availablePre,
    long availablePost,
    long firstMicros,
    long lastMicros,
    long expectedSlots,
    long duplicates,
    String gapRanges,
    String status) {

  /** No candle at all. */
  public static final String INSUFFICIENT = "insufficient";

  /** Some candles. */
  public static final String PARTIAL = "partial";

  /**
   * All candles before the alert, and all but at most one from it on. That one slot may be missing
   * is how lakes have always counted; {@link #missingSlots} tells.
   */
  public static final String COMPLETE = "complete";

  public Coverage {
    requireNonNull(window, "window");
    requireNonNull(gapRanges, "gapRanges");
    requireNonNull(status, "status");
  }

  /** Present slots. */
  public long availableTotal() {
    return availablePre + availablePost;
  }

  /** Slots without a candle. */
  public long missingSlots() {
    return expectedSlots - availableTotal();
  }

  /**
   * Counts the candles of one alert. Needs constant memory and time beside the text of the gaps;
   * not thread-safe.
   */
  public static final class Counter {
    private static final long MICROS_PER_MILLI = 1_000;

    private final WindowSlice window;
    private final WindowSlice.Spec spec;
    private final long step;
    private final StringBuilder gaps = new StringBuilder("[");

    /** Begin of the first slot that is neither present nor known to be missing. */
    private long next;

    private long pre;
    private long post;
    private long duplicates;
    private long first;
    private long last;

    /**
     * Starts a window.
     *
     * @throws IllegalArgumentException when the interval is not positive or the window reaches
     *     beyond the microseconds that a long can hold
     */
    public Counter(long alertMicros, long intervalSeconds, WindowSlice.Spec spec) {
      this.window = WindowSlice.of(alertMicros, intervalSeconds, spec);
      this.spec = spec;
      this.step = CandleInterval.micros("coverage", intervalSeconds);
      this.next = window.startMicros();
    }

    /**
     * Counts a candle. Those outside the window are not the alert's and are left out.
     *
     * @param micros when it begins; not before the candle that was counted last
     * @throws IllegalArgumentException when it is before that
     */
    public void candle(long micros) {
      if (micros < window.startMicros() || micros >= window.endMicros()) {
        return;
      }
      boolean any = pre + post > 0;
      if (any && micros < last) {
        throw new IllegalArgumentException(
            "coverage: candles must come in the order of their times, but "
                + micros
                + " us came behind "
                + last
                + " us");
      }
      if (!any) {
        first = micros;
      }
      last = micros;
      long slot = micros - Math.floorMod(micros, step);
      if (slot < next) {
        duplicates++;
        return;
      }
      gap(slot);
      next = slot + step;
      if (slot < window.anchorMicros()) {
        pre++;
      } else {
        post++;
      }
    }

    private void gap(long end) {
      if (next < end) {
        gaps.append(gaps.length() > 1 ? "," : "")
            .append('[')
            .append(Math.floorDiv(next, MICROS_PER_MILLI))
            .append(',')
            .append(Math.floorDiv(end, MICROS_PER_MILLI))
            .append(']');
        next = end;
      }
    }

    /** The result; nothing may be counted afterwards. */
    public Coverage finish() {
      gap(window.endMicros());
      String status =
          pre + post == 0
              ? INSUFFICIENT
              : pre >= spec.pre() && pre + post >= spec.pre() + spec.post() ? COMPLETE : PARTIAL;
      return new Coverage(
          window,
          pre,
          post,
          first,
          last,
          spec.candles(),
          duplicates,
          gaps.append(']').toString(),
          status);
    }
  }
}
