package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.adapter.ticks.Checksum;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTicksCommandTest {
  @TempDir Path directory;
  private Path archive;
  private Path target;
  private HttpServer server;
  private final Set<String> asked = new TreeSet<>();

  @BeforeEach
  void serve() throws IOException {
    archive = directory.resolve("archive");
    target = directory.resolve("ticks");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          Path file = archive.resolve(path.substring(1));
          if (Files.exists(file)) {
            byte[] bytes = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
          } else {
            exchange.sendResponseHeaders(404, -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void publish(String span, String date) throws IOException {
    String name = "BTCUSDT-aggTrades-" + date + ".zip";
    Path file = archive.resolve("data/futures/um/" + span + "/aggTrades/BTCUSDT").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "ticks of " + date);
    Files.writeString(Checksum.beside(file), Checksum.of(file) + "  " + name + "\n");
  }

  private CommandLineRun fetch(String from, String to) {
    return CommandLineRun.of(
        "fetch-ticks",
        "--symbol",
        "BTCUSDT",
        "--market",
        "um",
        "--from",
        from,
        "--to",
        to,
        "--directory",
        target.toString(),
        "--base-url",
        "http://127.0.0.1:" + server.getAddress().getPort());
  }

  private Set<String> fetched() throws IOException {
    try (var files = Files.list(target)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".zip"))
          .map(name -> name.replaceAll("BTCUSDT-aggTrades-|\\.zip", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void wholeMonthsComeAsMonthsAndTheRestAsDays() throws Exception {
    publish("daily", "2023-12-31");
    publish("monthly", "2024-01");
    publish("daily", "2024-02-01");
    CommandLineRun run = fetch("2023-12-31", "2024-02-01");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("3 files fetched (").contains(" 0 were there: ");
    assertThat(fetched()).containsExactly("2023-12-31", "2024-01", "2024-02-01");
    assertThat(fetch("2023-12-31", "2024-02-01").out())
        .contains("0 files fetched (0 bytes), 3 were");
  }

  @Test
  void monthThatIsNotThereYetComesAsDays() throws Exception {
    for (int day = 1; day <= 29; day++) {
      publish("daily", "2024-02-%02d".formatted(day));
    }
    CommandLineRun run = fetch("2024-02-01", "2024-02-29");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(fetched()).hasSize(29);
  }

  @Test
  void missingDayIsNamedAndTheOthersComeAllTheSame() throws Exception {
    publish("daily", "2024-02-10");
    publish("daily", "2024-02-12");
    CommandLineRun run = fetch("2024-02-10", "2024-02-12");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error [02000]: 1 file is not in the archive http://127.0.0.1:")
        .contains("BTCUSDT-aggTrades-2024-02-11.zip")
        .hasLineCount(1);
    assertThat(fetched()).containsExactly("2024-02-10", "2024-02-12");
  }

  @Test
  void wrongArgumentsAreNamedBeforeAnythingIsAsked() {
    CommandLineRun run = fetch("2024-02-12", "2024-02-10");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error [22023]: --from must not be after --to");
    assertThat(asked).isEmpty();
  }
}
