package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state of {@link RangeBars} between two ticks, to be kept as a line of text.
 *
 * <p>The text is {@code range_bars/1}, then {@code name=integer} pairs in a fixed order, then
 * {@code end}; all 128-bit sums are in it as two words, so nothing is lost. Reading is strict: a
 * text that was cut, edited or written by a later version is refused rather than continued wrongly.
 *
 * <p>Immutable.
 */
public final class RangeBarsCheckpoint {
  private static final String VERSION = "range_bars/1";
  private static final String END = "end";

  private static final List<String> HEAD_NAMES =
      List.of(
          "threshold_dbps",
          "time_gate",
          "ticks",
          "last_ts_us",
          "last_agg_trade_id",
          "with_ids",
          "dropped_bars",
          "forming");

  private final int thresholdDbps;
  private final boolean timeGate;
  private final long ticks;
  private final long lastTs;
  private final long lastId;
  private final boolean withIds;
  private final long droppedBars;

  /** The values of the forming bar; none where no bar is forming. */
  private final long[] bar;

  private RangeBarsCheckpoint(long[] head, long[] bar) {
    if (head[0] < RangeBars.MIN_THRESHOLD_DBPS || head[0] > RangeBars.MAX_THRESHOLD_DBPS) {
      throw damaged("threshold_dbps is " + head[0]);
    }
    thresholdDbps = (int) head[0];
    timeGate = flag(head, 1);
    ticks = head[2];
    lastTs = head[3];
    lastId = head[4];
    withIds = flag(head, 5);
    droppedBars = head[6];
    this.bar = bar;
    if (ticks < 0 || droppedBars < 0 || flag(head, 7) != (bar.length > 0)) {
      throw damaged("ticks, dropped_bars and forming do not fit each other");
    }
    if (bar.length > 0) {
      OpenBar open = new OpenBar();
      open.resume(bar, thresholdDbps);
      if (!open.isConsistent() || open.recordCount > ticks || open.closeTime != lastTs) {
        throw damaged("the values of its forming bar contradict each other");
      }
    }
  }

  static RangeBarsCheckpoint of(RangeBars machine, TickOrder order, OpenBar bar) {
    long[] head = {
      machine.thresholdDbps(),
      machine.timeGate() ? 1 : 0,
      order.ticks(),
      order.lastTs(),
      order.lastId(),
      order.withIds() ? 1 : 0,
      machine.droppedBars(),
      bar.forming ? 1 : 0
    };
    return new RangeBarsCheckpoint(head, bar.forming ? bar.values() : new long[0]);
  }

  void fill(TickOrder order, OpenBar openBar) {
    order.set(ticks, lastTs, lastId, withIds);
    if (bar.length > 0) {
      openBar.resume(bar, thresholdDbps);
    }
  }

  public int thresholdDbps() {
    return thresholdDbps;
  }

  public boolean timeGate() {
    return timeGate;
  }

  /** The number of ticks accepted before the checkpoint. */
  public long ticksAccepted() {
    return ticks;
  }

  /** Time of the last tick before the checkpoint; 0 where there was none. */
  public long lastTsMicros() {
    return lastTs;
  }

  /** Id of the last record before the checkpoint; 0 where there was none or it had no id. */
  public long lastAggTradeId() {
    return lastId;
  }

  public boolean hasOpenBar() {
    return bar.length > 0;
  }

  long droppedBars() {
    return droppedBars;
  }

  private long[] head() {
    return new long[] {
      thresholdDbps,
      timeGate ? 1 : 0,
      ticks,
      lastTs,
      lastId,
      withIds ? 1 : 0,
      droppedBars,
      bar.length > 0 ? 1 : 0
    };
  }

  /** The text that {@link #parse} reads: one line of ASCII. */
  public String toText() {
    List<String> words = new ArrayList<>();
    words.add(VERSION);
    addPairs(words, HEAD_NAMES, head());
    if (bar.length > 0) {
      addPairs(words, OpenBar.VALUE_NAMES, bar);
    }
    words.add(END);
    return String.join(" ", words);
  }

  private static void addPairs(List<String> words, List<String> names, long[] values) {
    for (int i = 0; i < values.length; i++) {
      words.add(names.get(i) + "=" + values[i]);
    }
  }

  /**
   * Reads what {@link #toText} wrote.
   *
   * @throws IllegalArgumentException when the text is of another version or was damaged
   */
  public static RangeBarsCheckpoint parse(String text) {
    requireNonNull(text, "text");
    String[] words = text.split(" ", -1);
    if (!words[0].equals(VERSION)) {
      throw damaged("it begins with '" + words[0] + "' instead of '" + VERSION + "'");
    }
    int headEnd = 1 + HEAD_NAMES.size();
    int barEnd = words.length - 1;
    boolean forming = barEnd == headEnd + OpenBar.VALUE_NAMES.size();
    if (!words[barEnd].equals(END) || !forming && barEnd != headEnd) {
      throw damaged("it was cut or has values too many");
    }
    long[] head = pairs(HEAD_NAMES, words, 1);
    return new RangeBarsCheckpoint(
        head, forming ? pairs(OpenBar.VALUE_NAMES, words, headEnd) : new long[0]);
  }

  private static long[] pairs(List<String> names, String[] words, int from) {
    long[] values = new long[names.size()];
    for (int i = 0; i < values.length; i++) {
      String word = words[from + i];
      String prefix = names.get(i) + "=";
      if (!word.startsWith(prefix)) {
        throw damaged("it has '" + word + "' in the place of " + names.get(i));
      }
      try {
        values[i] = Long.parseLong(word.substring(prefix.length()));
      } catch (NumberFormatException notANumber) {
        throw damaged("'" + word + "' has no whole number");
      }
    }
    return values;
  }

  private static boolean flag(long[] head, int index) {
    if ((head[index] & ~1) != 0) {
      throw damaged(HEAD_NAMES.get(index) + " is " + head[index]);
    }
    return head[index] == 1;
  }

  private static IllegalArgumentException damaged(String how) {
    return new IllegalArgumentException(
        "range_bars: expected a checkpoint of version " + VERSION + ", but " + how);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RangeBarsCheckpoint that
        && Arrays.equals(head(), that.head())
        && Arrays.equals(bar, that.bar);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(head()) * 31 + Arrays.hashCode(bar);
  }

  @Override
  public String toString() {
    return toText();
  }
}
