package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Candles of one instrument and time range from some files: what is asked for, and thereby the
 * identity that lets a job be taken up again.
 *
 * @param symbol in upper case
 * @param start the first opening, whole milliseconds
 * @param end the first moment that is too late
 * @param paths Parquet files, globs and directories
 */
record BackfillJob(
    ExchangeMarket market, String symbol, Instant start, Instant end, List<String> paths) {
  private static final int PREFIX_DIGITS = 24;

  BackfillJob {
    requireNonNull(market, "market");
    symbol = symbol.strip().toUpperCase(Locale.ROOT);
    if (symbol.isEmpty()) {
      throw new IllegalArgumentException("symbol must be non-empty");
    }
    if (!start.isBefore(end)) {
      throw new IllegalArgumentException(
          "start must be < end, but start is " + start + " and end is " + end);
    }
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("at least one Parquet file or directory is needed");
    }
    paths = List.copyOf(paths);
  }

  /**
   * What the ingest ids of all days begin with: 28 characters of a UUID of version 8. The day
   * follows as its eight digits, so that the ids of a job can be computed anywhere, also in SQL.
   */
  String ingestPrefix() {
    String asked =
        paths.stream()
            .map(path -> Path.of(path).toAbsolutePath().normalize().toString())
            .sorted()
            .collect(
                Collectors.joining(
                    "\n",
                    String.join(
                            "\n",
                            "backfill-1m",
                            Integer.toString(market.id()),
                            symbol,
                            start.toString(),
                            end.toString())
                        + "\n",
                    ""));
    String hash = sha256(asked).substring(0, PREFIX_DIGITS);
    return hash.substring(0, 8)
        + "-"
        + hash.substring(8, 12)
        + "-8"
        + hash.substring(13, 16)
        + "-8"
        + hash.substring(17, 20)
        + "-"
        + hash.substring(20, 24);
  }

  String ingestId(LocalDate day) {
    return ingestPrefix() + day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
