package io.tidegate.adapter.clickhouse;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Two real ClickHouse processes on this machine that know each other as the two shards of cluster
 * {@link #NAME}. They see the whole file system, so any directory is shared.
 */
public final class TestCluster implements AutoCloseable {
  public static final String NAME = "two_shards";
  private static final int SHARDS = 2;

  private final List<Process> processes = new ArrayList<>();
  private final List<ClickHouseEndpoint> endpoints = new ArrayList<>();

  private TestCluster() {}

  /** Starts both and waits until they answer. */
  public static TestCluster start(Path directory) throws IOException {
    Path library = TestClickHouse.library();
    TestCluster cluster = new TestCluster();
    try {
      int[] ports = freePorts(2 * SHARDS);
      for (int shard = 0; shard < SHARDS; shard++) {
        cluster.start(
            library, Files.createDirectories(directory.resolve("shard" + shard)), shard, ports);
      }
      for (int shard = 0; shard < SHARDS; shard++) {
        cluster.await(shard, directory.resolve("shard" + shard));
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The server of a shard. */
  public ClickHouseEndpoint shard(int number) {
    return endpoints.get(number);
  }

  /** Makes a database on every shard. */
  public void createDatabase(String database) throws SQLException {
    for (ClickHouseEndpoint endpoint : endpoints) {
      try (ClickHouseClient client = new ClickHouseClient(endpoint)) {
        client.execute(
            "CREATE DATABASE " + ClickHouseIdentifiers.quote(database),
            Map.of(),
            "create-" + database);
      }
    }
  }

  /** Runs a statement on one shard. */
  public void execute(int shard, String sql) throws SQLException {
    try (ClickHouseClient client = new ClickHouseClient(endpoints.get(shard))) {
      client.execute(sql, Map.of(), ClickHouseClient.newQueryId());
    }
  }

  /** The number a query gives on one shard. */
  public long number(int shard, String sql) throws SQLException {
    try (ClickHouseClient client = new ClickHouseClient(endpoints.get(shard))) {
      return client
          .rows(
              "SELECT toString(n) FROM (" + sql + ")", Map.of(), row -> Long.parseLong(row.text(0)))
          .get(0);
    }
  }

  /** Ends the server of a shard as a power cut does. */
  public void kill(int shard) {
    processes.get(shard).destroyForcibly();
  }

  private static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      int[] ports = new int[count];
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0));
        ports[i] = sockets.get(i).getLocalPort();
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private void start(Path library, Path directory, int shard, int[] ports) throws IOException {
    StringBuilder shards = new StringBuilder();
    for (int i = 0; i < SHARDS; i++) {
      shards.append(
          "<shard><replica><host>127.0.0.1</host><port>%d</port><user>tidegate</user><password>shard</password></replica></shard>"
              .formatted(ports[2 * i + 1]));
    }
    Files.writeString(
        directory.resolve("config.xml"),
        """
        <clickhouse>
          <logger><level>information</level><log>%s</log></logger>
          <users_config>%s</users_config>
          <max_server_memory_usage>2000000000</max_server_memory_usage>
          <remote_servers><%s>%s</%s></remote_servers>
          <query_log><database>system</database><table>query_log</table>
            <flush_interval_milliseconds>500</flush_interval_milliseconds></query_log>
        </clickhouse>
        """
            .formatted(
                directory.resolve("server.log"),
                directory.resolve("users.xml"),
                NAME,
                shards,
                NAME));
    Files.writeString(
        directory.resolve("users.xml"),
        """
        <clickhouse>
          <profiles><default/></profiles>
          <quotas><default/></quotas>
          <users>
            <default><no_password/><networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile><quota>default</quota></default>
            <tidegate><password>shard</password><networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile><quota>default</quota></tidegate>
          </users>
        </clickhouse>
        """);
    processes.add(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ClusterNode.class.getName(),
                library.toAbsolutePath().toString(),
                directory.resolve("config.xml").toString(),
                directory.resolve("data").toString(),
                Integer.toString(ports[2 * shard]),
                Integer.toString(ports[2 * shard + 1]))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(new File(directory.toFile(), "out.txt"))
            .start());
    endpoints.add(
        ClickHouseEndpoint.of("127.0.0.1", ports[2 * shard], "tidegate", "shard", "default"));
  }

  private void await(int shard, Path directory) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!answers(endpoints.get(shard).port())) {
      if (!processes.get(shard).isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "Shard " + shard + " did not start: " + Files.readString(directory.resolve("out.txt")));
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  private static boolean answers(int port) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/ping").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends both processes. */
  @Override
  public void close() throws IOException {
    for (Process process : processes) {
      process.getOutputStream().close();
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
