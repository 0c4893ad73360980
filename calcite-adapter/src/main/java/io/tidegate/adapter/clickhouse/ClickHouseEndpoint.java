package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Where a ClickHouse server answers over HTTP, and who is asking.
 *
 * @param database the database of unqualified names
 * @param secure whether the connection is TLS
 * @param verify whether the server's certificate is checked; only read when {@code secure}
 * @param connectTimeout how long a connection may take to come about
 * @param requestTimeout how long the server may be silent, not how long a statement may run: a
 *     working server reports progress every second
 */
public record ClickHouseEndpoint(
    String host,
    int port,
    String user,
    String password,
    String database,
    boolean secure,
    boolean verify,
    Duration connectTimeout,
    Duration requestTimeout) {

  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(300);

  public ClickHouseEndpoint {
    requireNonNull(password, "password");
    requireText(host, "host");
    requireText(user, "user");
    requireText(database, "database");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be 1 to 65535 but was " + port);
    }
    requirePositive(connectTimeout, "connectTimeout");
    requirePositive(requestTimeout, "requestTimeout");
  }

  /** Plain HTTP with the default time-outs. */
  public static ClickHouseEndpoint of(
      String host, int port, String user, String password, String database) {
    return new ClickHouseEndpoint(
        host,
        port,
        user,
        password,
        database,
        false,
        true,
        DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_REQUEST_TIMEOUT);
  }

  /** The same server with another database for unqualified names. */
  public ClickHouseEndpoint withDatabase(String otherDatabase) {
    return new ClickHouseEndpoint(
        host, port, user, password, otherDatabase, secure, verify, connectTimeout, requestTimeout);
  }

  /** The same server with another bound on its silence. */
  public ClickHouseEndpoint withRequestTimeout(Duration timeout) {
    return new ClickHouseEndpoint(
        host, port, user, password, database, secure, verify, connectTimeout, timeout);
  }

  /** {@code host:port}, as error messages name the server. */
  public String address() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "ClickHouse " + user + "@" + address() + "/" + database + (secure ? " (TLS)" : "");
  }

  private static void requireText(String value, String name) {
    if (requireNonNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
  }

  private static void requirePositive(Duration value, String name) {
    if (requireNonNull(value, name).compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(name + " must be at least 1 ms but was " + value);
    }
  }
}
