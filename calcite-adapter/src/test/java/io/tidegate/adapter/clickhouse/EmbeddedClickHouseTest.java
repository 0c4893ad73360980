package io.tidegate.adapter.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedClickHouseTest {
  @TempDir Path data;

  @AfterEach
  void noEngineIsLeft() throws Exception {
    TestClickHouse.awaitEnd(data);
    assertThat(TestClickHouse.isRunning(data)).isFalse();
  }

  @Test
  void dataOutlivesTheEngine() throws Exception {
    try (EmbeddedClickHouse engine = open();
        ClickHouseClient client = new ClickHouseClient(engine.endpoint())) {
      client.execute("CREATE DATABASE market", Map.of(), "1");
      client.execute("CREATE TABLE market.t (a Int32) ORDER BY a", Map.of(), "2");
      client.execute("INSERT INTO market.t VALUES (1), (2)", Map.of(), "3");
      client.execute("SYSTEM FLUSH LOGS", Map.of(), "4");
    }
    TestClickHouse.awaitEnd(data);
    try (EmbeddedClickHouse engine = open();
        ClickHouseClient client = new ClickHouseClient(engine.endpoint())) {
      assertThat(client.rows("SELECT a FROM market.t ORDER BY a", Map.of(), row -> row.number(0)))
          .containsExactly(1L, 2L);
    }
  }

  @Test
  void usersOfOneProcessShareTheEngineUntilTheLastLeaves() throws Exception {
    EmbeddedClickHouse first = open();
    EmbeddedClickHouse second = open();
    assertThat(second.endpoint()).isEqualTo(first.endpoint());
    first.close();
    first.close();
    try (ClickHouseClient client = new ClickHouseClient(second.endpoint())) {
      assertThat(client.serverVersion()).isNotEmpty();
    }
    second.close();
  }

  @Test
  void processesRacingForTheFirstStartShareOneEngine() throws Exception {
    Process one = user();
    Process two = user();
    String address = line(one);
    assertThat(line(two)).isEqualTo(address);
    try (EmbeddedClickHouse engine = open()) {
      assertThat(engine.endpoint().address()).isEqualTo(address);
      leave(one);
      leave(two);
      try (ClickHouseClient client = new ClickHouseClient(engine.endpoint())) {
        assertThat(client.serverVersion()).isNotEmpty();
      }
    }
  }

  @Test
  void killedUserLeavesNoEngine() throws Exception {
    Process user = user();
    line(user);
    assertThat(TestClickHouse.isRunning(data)).isTrue();
    user.destroyForcibly().waitFor();
    TestClickHouse.awaitEnd(data);
    assertThat(TestClickHouse.isRunning(data)).isFalse();
  }

  @Test
  void crashedEngineIsStartedAgain() throws Exception {
    Process user = user();
    line(user);
    killEngine(data);
    try (EmbeddedClickHouse engine = open();
        ClickHouseClient client = new ClickHouseClient(engine.endpoint())) {
      assertThat(client.serverVersion()).isNotEmpty();
    }
    leave(user);
  }

  @Test
  void strangersMayNotReadAnything() throws Exception {
    try (EmbeddedClickHouse engine = open()) {
      ClickHouseEndpoint own = engine.endpoint();
      try (ClickHouseClient client =
          new ClickHouseClient(
              ClickHouseEndpoint.of(own.host(), own.port(), "default", "", "default"))) {
        assertThatThrownBy(
                () ->
                    client.execute(
                        "SELECT * FROM file('/etc/hostname', LineAsString, 'l String')",
                        Map.of(),
                        "stranger"))
            .hasMessageContaining("ACCESS_DENIED");
      }
      Path password = new EngineFiles(data).password();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void failedStartShowsWhatTheEngineSaid() throws Exception {
    Path notALibrary = Files.writeString(data.resolve("libchdb.so"), "no library");
    assertThatThrownBy(() -> EmbeddedClickHouse.open(data, notALibrary))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with code")
        .hasMessageContaining("libchdb.so");
  }

  @Test
  void memoryLimitIsTheEngines() throws Exception {
    EngineConfiguration small = new EngineConfiguration(0, 50_000_000, 100, Duration.ofSeconds(60));
    try (EmbeddedClickHouse engine =
            EmbeddedClickHouse.open(data, TestClickHouse.library(), small);
        ClickHouseClient client = new ClickHouseClient(engine.endpoint())) {
      assertThatThrownBy(
              () ->
                  client.execute(
                      "SELECT groupArray(number) FROM numbers(100000000) FORMAT Null",
                      Map.of(),
                      "greedy"))
          .hasMessageStartingWith(
              "ClickHouse rejected query greedy (code 241, MEMORY_LIMIT_EXCEEDED): ");
    }
  }

  /** Kills the engine's process as a crash would. */
  static void killEngine(Path data) throws IOException {
    List<ProcessHandle> engines;
    String directory = data.toRealPath().toString();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      engines =
          all.filter(
                  process ->
                      process
                          .info()
                          .arguments()
                          .map(List::of)
                          .filter(arguments -> arguments.contains(EngineProcess.class.getName()))
                          .filter(arguments -> arguments.contains(directory))
                          .isPresent())
              .toList();
    }
    assertThat(engines).hasSize(1);
    engines.get(0).destroyForcibly();
    engines.get(0).onExit().join();
  }

  private EmbeddedClickHouse open() throws IOException {
    return EmbeddedClickHouse.open(data, TestClickHouse.library());
  }

  private Process user() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            User.class.getName(),
            data.toString(),
            TestClickHouse.library().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static void leave(Process process) throws Exception {
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
  }

  /** A user of the engine in a process of its own: prints the address, leaves at end of input. */
  static final class User {
    private User() {}

    public static void main(String[] args) throws Exception {
      try (EmbeddedClickHouse engine =
          EmbeddedClickHouse.open(Path.of(args[0]), Path.of(args[1]))) {
        System.out.println(engine.endpoint().address());
        System.in.read();
      }
    }
  }
}
