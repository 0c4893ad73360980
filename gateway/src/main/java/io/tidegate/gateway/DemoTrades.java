package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The trades of the demo: 100,000 of Bitstamp, BTC/USD, from 2013-11-25 to 2013-12-01, as CSV with
 * the columns timestamp (seconds), price and amount.
 *
 * <p>The build takes the file out of the Maven artifact {@code org.ta4j:ta4j-examples}.
 */
final class DemoTrades {
  private static final String FILE = "bitstamp_trades_from_20131125_usd.csv";

  private DemoTrades() {}

  /** Puts the file into a directory, whole or not at all, and says where it is. */
  static Path writtenTo(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      Files.createDirectories(directory);
      Path unfinished = Files.createTempFile(directory, FILE, ".part");
      try (InputStream trades =
          requireNonNull(DemoTrades.class.getResourceAsStream("/demo/" + FILE), FILE)) {
        Files.copy(trades, unfinished, StandardCopyOption.REPLACE_EXISTING);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    }
    return file;
  }
}
