package io.tidegate.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the gaps that {@code sql-scripts/gaps_1m.sql} prints: a job for each. */
final class GapList {
  private static final String HEADER = "market_id,symbol,start,end";

  private GapList() {}

  static List<BackfillJob> read(Path file, List<String> paths) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the list of gaps " + file, e);
    }
    if (lines.isEmpty() || !lines.get(0).startsWith(HEADER)) {
      throw new IllegalArgumentException(
          "the list of gaps " + file + " must begin with the line " + HEADER);
    }
    List<BackfillJob> jobs = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        jobs.add(job(file + ":" + (i + 1), lines.get(i).split(",", -1), paths));
      }
    }
    return jobs;
  }

  private static BackfillJob job(String place, String[] cells, List<String> paths) {
    if (cells.length < 4) {
      throw new IllegalArgumentException(place + ": a gap has the columns " + HEADER);
    }
    try {
      int id = Integer.parseInt(cells[0]);
      return new BackfillJob(
          ExchangeMarket.of(id)
              .orElseThrow(() -> new IllegalArgumentException("market_id must be in 1..4")),
          cells[1],
          SqlNames.moment(cells[2]),
          SqlNames.moment(cells[3]),
          paths);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }
}
