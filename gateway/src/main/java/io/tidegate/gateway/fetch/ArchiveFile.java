package io.tidegate.gateway.fetch;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/**
 * One zip of aggTrades in the archive, of a day or a whole month.
 *
 * @param path below the base URL, such as {@code
 *     data/spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01-31.zip}
 * @param instead what holds the same ticks where this file is not there: the days of a month
 */
record ArchiveFile(String path, List<ArchiveFile> instead) {
  ArchiveFile {
    requireNonNull(path, "path");
    instead = List.copyOf(instead);
  }

  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The files with the ticks of all days, both ends included: months where they are whole. */
  static List<ArchiveFile> covering(Market market, String symbol, LocalDate from, LocalDate to) {
    List<ArchiveFile> files = new ArrayList<>();
    LocalDate day = from;
    while (!day.isAfter(to)) {
      YearMonth month = YearMonth.from(day);
      if (day.getDayOfMonth() == 1 && !month.atEndOfMonth().isAfter(to)) {
        List<ArchiveFile> days =
            day.datesUntil(day.plusMonths(1)).map(d -> daily(market, symbol, d)).toList();
        files.add(file(market, symbol, "monthly", month.toString(), days));
        day = day.plusMonths(1);
      } else {
        files.add(daily(market, symbol, day));
        day = day.plusDays(1);
      }
    }
    return files;
  }

  private static ArchiveFile daily(Market market, String symbol, LocalDate day) {
    return file(market, symbol, "daily", day.toString(), List.of());
  }

  private static ArchiveFile file(
      Market market, String symbol, String span, String date, List<ArchiveFile> instead) {
    return new ArchiveFile(
        "data/%s/%s/aggTrades/%s/%s-aggTrades-%s.zip"
            .formatted(market.path(), span, symbol, symbol, date),
        instead);
  }
}
