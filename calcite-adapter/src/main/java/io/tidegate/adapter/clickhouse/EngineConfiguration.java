package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The limits of an embedded engine, written as ClickHouse's own configuration files.
 *
 * @param serverMemoryBytes what the whole engine may take; 0 leaves it to the engine (90% of RAM)
 * @param queryMemoryBytes what one query may take; 0 for no limit of its own
 * @param maxConcurrentQueries above it the engine refuses a query (code 202)
 * @param startTimeout how long a start may take before it counts as failed
 */
public record EngineConfiguration(
    long serverMemoryBytes,
    long queryMemoryBytes,
    int maxConcurrentQueries,
    Duration startTimeout) {

  public static final EngineConfiguration DEFAULT =
      new EngineConfiguration(0, 0, 200, Duration.ofSeconds(60));

  public EngineConfiguration {
    requireNonNull(startTimeout, "startTimeout");
    if (serverMemoryBytes < 0 || queryMemoryBytes < 0) {
      throw new IllegalArgumentException("A memory limit must be 0 (none) or more bytes");
    }
    if (maxConcurrentQueries < 2) {
      throw new IllegalArgumentException(
          "maxConcurrentQueries must be at least 2 but was " + maxConcurrentQueries);
    }
  }

  void write(EngineFiles files) throws IOException {
    // With the pools of clickhouse-local four parts change in a second, so a DELETE over the days
    // of a month takes seconds; these are nearer to a server's.
    Files.writeString(
        files.configuration(),
        """
        <clickhouse>
          <logger><level>information</level><log>%s</log><size>20M</size><count>2</count></logger>
          <users_config>%s</users_config>
          <max_concurrent_queries>%d</max_concurrent_queries>
          <max_server_memory_usage>%d</max_server_memory_usage>
          <keep_alive_timeout>30</keep_alive_timeout>
          <background_pool_size>16</background_pool_size>
          <background_schedule_pool_size>16</background_schedule_pool_size>
          <query_log>
            <database>system</database>
            <table>query_log</table>
            <flush_interval_milliseconds>1000</flush_interval_milliseconds>
          </query_log>
        </clickhouse>
        """
            .formatted(
                xml(files.serverLog().toString()),
                xml(files.userConfiguration().toString()),
                maxConcurrentQueries,
                serverMemoryBytes));
    // The engine's own session must be "default" without a password, seen as coming from
    // 127.0.0.1, so that name is open to this machine. Hence it may open the port and sleep, and
    // nothing else: no table, no file.
    Files.writeString(
        files.userConfiguration(),
        """
        <clickhouse>
          <profiles>
            <default>
              <max_memory_usage>%d</max_memory_usage>
              <http_max_field_value_size>268435456</http_max_field_value_size>
            </default>
          </profiles>
          <quotas><default/></quotas>
          <users>
            <default>
              <no_password/>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
              <grants>
                <query>GRANT SYSTEM LISTEN ON *.*</query>
                <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
              </grants>
            </default>
            <%2$s>
              <password_sha256_hex>%3$s</password_sha256_hex>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
            </%2$s>
          </users>
        </clickhouse>
        """
            .formatted(queryMemoryBytes, EngineFiles.USER, sha256(files.readPassword())));
  }

  private static String xml(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
