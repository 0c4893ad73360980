package io.tidegate.gateway.fetch;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Downloads the files with the ticks of some days. */
@Command(
    name = "fetch-ticks",
    mixinStandardHelpOptions = true,
    description = "Download aggTrades of a symbol, verified; goes on with what is there.")
public final class FetchTicksCommand implements Callable<Integer> {
  @Option(names = "--symbol", required = true, description = "Such as BTCUSDT.")
  private String symbol;

  @Option(names = "--from", required = true, description = "First day, such as 2024-01-01 (UTC).")
  private LocalDate from;

  @Option(names = "--to", required = true, description = "Last day, itself included.")
  private LocalDate to;

  @Option(
      names = "--market",
      defaultValue = "SPOT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Market market;

  @Option(
      names = "--directory",
      defaultValue = "./data/ticks",
      description = "Where the files go; made when it is missing (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--base-url",
      defaultValue = "${env:TIDEGATE_TICKS_URL:-https://data.binance.vision}",
      description = "The archive (default: ${DEFAULT-VALUE}; or set TIDEGATE_TICKS_URL).")
  private URI baseUrl;

  @Option(names = "--attempts", defaultValue = "5", description = "Of one file (default: 5).")
  private int attempts;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    check();
    Files.createDirectories(directory);
    PrintWriter out = spec.commandLine().getOut();
    ArchiveClient.Settings patience = ArchiveClient.Settings.DEFAULT;
    ArchiveClient client =
        new ArchiveClient(
            baseUrl, new ArchiveClient.Settings(attempts, patience.pause(), patience.silence()));
    List<String> missing = new ArrayList<>();
    int fetched = 0;
    int present = 0;
    Deque<ArchiveFile> todo = new ArrayDeque<>(ArchiveFile.covering(market, symbol, from, to));
    try (FetchProgress progress = FetchProgress.of(todo.size())) {
      while (!todo.isEmpty()) {
        ArchiveFile file = todo.pop();
        int instead = 0;
        try {
          if (client.fetch(file, directory, progress::arrived)) {
            fetched++;
          } else {
            present++;
          }
        } catch (FileNotFoundException e) {
          instead = file.instead().size();
          for (int i = instead - 1; i >= 0; i--) {
            todo.push(file.instead().get(i));
          }
          if (instead == 0) {
            missing.add(file.name());
          }
        } catch (IOException e) {
          throw new SQLException(e.getMessage(), "08006", e);
        }
        progress.done(instead);
      }
      out.printf(
          "%d files fetched (%,d bytes), %d were there: %s%n",
          fetched, progress.bytes(), present, directory);
    }
    if (!missing.isEmpty()) {
      throw new SQLException(
          missing.size()
              + (missing.size() == 1 ? " file is" : " files are")
              + " not in the archive "
              + baseUrl
              + ": "
              + String.join(", ", missing),
          "02000");
    }
    return 0;
  }

  private void check() throws SQLException {
    if (to.isBefore(from)) {
      throw new SQLException(
          "--from must not be after --to, but they are " + from + " and " + to, "22023");
    }
    if (attempts < 1) {
      throw new SQLException("--attempts must be 1 or more, but was " + attempts, "22023");
    }
    if (!symbol.matches("[A-Za-z0-9_]+")) {
      throw new SQLException(
          "--symbol must be letters, digits and _, but was '" + symbol + "'", "22023");
    }
    if (!"http".equals(baseUrl.getScheme()) && !"https".equals(baseUrl.getScheme())) {
      throw new SQLException("--base-url must be http or https, but was " + baseUrl, "22023");
    }
  }
}
