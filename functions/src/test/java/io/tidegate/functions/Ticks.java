package io.tidegate.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Tick data for tests: golden files and the reproducible walk. */
final class Ticks {
  private static final String GOLDEN = "/golden/range-bars/";

  private Ticks() {}

  /** All lines of a golden file. */
  static List<String> goldenLines(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Ticks.class.getResourceAsStream(GOLDEN + file), file),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  static TickColumns golden(String name) {
    List<String> lines = goldenLines(name + ".ticks.csv");
    TickColumns ticks = columns(lines.size() - 1);
    for (int row = 0; row < lines.size() - 1; row++) {
      String[] fields = lines.get(row + 1).split(",");
      ticks.aggTradeIds()[row] = Long.parseLong(fields[0]);
      ticks.priceRaw()[row] = Long.parseLong(fields[1]);
      ticks.volumeRaw()[row] = Long.parseLong(fields[2]);
      ticks.firstTradeIds()[row] = Long.parseLong(fields[3]);
      ticks.lastTradeIds()[row] = Long.parseLong(fields[4]);
      ticks.tsMicros()[row] = Long.parseLong(fields[5]);
      ticks.buyerMaker()[row] = Byte.parseByte(fields[6]);
    }
    return ticks;
  }

  /** Empty columns, all present. */
  static TickColumns columns(int rows) {
    return new TickColumns(
        new long[rows],
        new long[rows],
        new long[rows],
        new long[rows],
        new long[rows],
        new long[rows],
        new byte[rows]);
  }

  /**
   * A random walk of prices around 50,000 with rare jumps, equal timestamps and records of one to
   * four trades, from SplitMix64.
   */
  static TickColumns walk(long seed, int rows) {
    TickColumns ticks = columns(rows);
    long state = seed;
    long cents = 5_000_000;
    long ts = 1_704_067_200_000_000L;
    long lastTrade = 0;
    for (int row = 0; row < rows; row++) {
      long move = mixed(state += STEP);
      long amount = mixed(state += STEP);
      long rest = mixed(state += STEP);
      long change = (move >>> 33) % 1001 - 500;
      if ((move & 0x3FFF) == 0) {
        long jump = 10_000 + ((move >>> 14) & 0x1FFFF) % 100_001;
        change += (move >>> 32 & 1) == 1 ? jump : -jump;
      }
      cents += cents + change < 100_000 ? -change : change;
      ts += (rest & 7) < 3 ? 0 : ((rest >>> 8) & 0xFFFF) % 50 * 1000;
      ticks.tsMicros()[row] = ts;
      ticks.priceRaw()[row] = cents * 1_000_000;
      ticks.volumeRaw()[row] = 1 + (amount >>> 33) % 500_000_000;
      ticks.aggTradeIds()[row] = row + 1;
      ticks.firstTradeIds()[row] = lastTrade + 1;
      lastTrade += 1 + (rest >>> 4 & 3);
      ticks.lastTradeIds()[row] = lastTrade;
      ticks.buyerMaker()[row] = (byte) (rest >>> 3 & 1);
    }
    return ticks;
  }

  private static final long STEP = 0x9E3779B97F4A7C15L;

  private static long mixed(long state) {
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A copy of some rows, so that tests can change it. */
  static TickColumns copy(TickColumns ticks, int from, int to) {
    return new TickColumns(
        Arrays.copyOfRange(ticks.tsMicros(), from, to),
        Arrays.copyOfRange(ticks.priceRaw(), from, to),
        Arrays.copyOfRange(ticks.volumeRaw(), from, to),
        Arrays.copyOfRange(ticks.aggTradeIds(), from, to),
        Arrays.copyOfRange(ticks.firstTradeIds(), from, to),
        Arrays.copyOfRange(ticks.lastTradeIds(), from, to),
        Arrays.copyOfRange(ticks.buyerMaker(), from, to));
  }
}
