package io.tidegate.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lines of aggTrades whose price walks at random, the same with each run. */
final class WalkOfTicks {
  /** 2024-01-01, in milliseconds. */
  private static final long START = 1_704_067_200_000L;

  private WalkOfTicks() {}

  /**
   * Makes lines with times in milliseconds, many of them the same.
   *
   * @param mostMillis between a tick and the next
   */
  static List<String> lines(int count, int mostMillis) {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>();
    long millis = START;
    long cents = 5_000_000;
    long trade = 1;
    for (int i = 1; i <= count; i++) {
      millis += random.nextInt(4) == 0 ? 0 : random.nextInt(mostMillis);
      cents += random.nextInt(3001) - 1500;
      int trades = 1 + random.nextInt(3);
      lines.add(
          "%d,%d.%02d,%d.%08d,%d,%d,%d,%s"
              .formatted(
                  i,
                  cents / 100,
                  cents % 100,
                  random.nextInt(4),
                  1 + random.nextInt(99_999_999),
                  trade,
                  trade + trades - 1,
                  millis,
                  random.nextBoolean() ? "True" : "false"));
      trade += trades;
    }
    return lines;
  }

  static Path write(Path file, List<String> lines) throws IOException {
    return Files.write(file, lines);
  }
}
