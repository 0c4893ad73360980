package io.tidegate.adapter.ticks;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowProducer;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.arrow.vector.ipc.ArrowReader;

/**
 * Tick files of one symbol, by a path or a pattern, as rows.
 *
 * <p>Within a file ids and times ascend; a file in which they do not is refused, as is one that a
 * {@linkplain Checksum checksum} beside it contradicts, that is cut off, or has a line that is no
 * tick. Files may overlap: their rows are given file after file, in the order of their names.
 */
public final class TickFiles implements ArrowProducer {
  /** Binance's files begin with the symbol. */
  private static final Pattern SYMBOL_IN_NAME = Pattern.compile("(.+)-aggTrades-.*");

  private final String pattern;
  private final String symbol;
  private final TickFormat.Factory format;

  private TickFiles(String pattern, String symbol, TickFormat.Factory format) {
    this.pattern = requireNonNull(pattern, "pattern");
    this.symbol = requireNonNull(symbol, "symbol");
    this.format = format;
  }

  /** Binance's aggTrades: {@code .csv}, {@code .csv.gz} or {@code .zip}. */
  public static TickFiles aggTrades(String pattern, String symbol) {
    return new TickFiles(pattern, symbol, AggTradeFormat::new);
  }

  /** Exness's quotes, with what they are refused for. */
  public static TickFiles quotes(String pattern, String symbol, QuoteCheck check) {
    return new TickFiles(pattern, symbol, () -> new QuoteFormat(symbol, check));
  }

  @Override
  public ArrowReader open(ArrowExecution execution) throws SQLException {
    try {
      return new TickFilesReader(files(), symbol, format, execution);
    } catch (TickFileException e) {
      throw e.sqlException();
    } catch (IOException e) {
      throw new SQLException("Cannot list " + pattern + ": " + e.getMessage(), "58030", e);
    }
  }

  /** The files that the pattern stands for, by name; checksums are none of them. */
  private List<Path> files() throws IOException {
    List<Path> files;
    if (isPattern(pattern)) {
      Path directory = fixedPart();
      PathMatcher matcher =
          FileSystems.getDefault().getPathMatcher("glob:" + Path.of(pattern).normalize());
      if (!Files.isDirectory(directory)) {
        throw TickFileException.name("No files are called " + pattern);
      }
      try (Stream<Path> found = Files.walk(directory)) {
        files =
            found
                .map(Path::normalize)
                .filter(file -> matcher.matches(file) && Files.isRegularFile(file))
                .filter(file -> !file.toString().endsWith(Checksum.SUFFIX))
                .sorted()
                .toList();
      }
    } else {
      Path file = Path.of(pattern);
      files = Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    if (files.isEmpty()) {
      throw TickFileException.name("No files are called " + pattern);
    }
    for (Path file : files) {
      Matcher name = SYMBOL_IN_NAME.matcher(file.getFileName().toString());
      if (name.matches() && !name.group(1).equals(symbol)) {
        throw TickFileException.name(
            file + " is of " + name.group(1) + ", but ticks of " + symbol + " were asked for");
      }
    }
    return files;
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** The directory above the first part of the path that has a wildcard. */
  private Path fixedPart() {
    Path path = Path.of(pattern).normalize();
    Path fixed = path.isAbsolute() ? path.getRoot() : Path.of("");
    for (Path part : path) {
      if (isPattern(part.toString())) {
        break;
      }
      fixed = fixed.resolve(part);
    }
    return fixed;
  }
}
