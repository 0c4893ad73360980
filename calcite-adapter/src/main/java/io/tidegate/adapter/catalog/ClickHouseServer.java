package io.tidegate.adapter.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A ClickHouse server that is already there. Every database its user can see becomes a schema.
 *
 * @param host name or address
 * @param port HTTP port, or the HTTPS one when {@code secure}
 * @param user who asks
 * @param password kept out of {@link #toString()}
 * @param database the database of statements that name none
 * @param secure whether to speak TLS
 * @param verify whether the server's certificate must be valid; without TLS it means nothing
 * @param connectTimeout how long a connection may take to open; 100 ms or more
 * @param requestTimeout how long the server may be silent within one request; 1 s or more
 */
public record ClickHouseServer(
    String host,
    int port,
    String user,
    String password,
    String database,
    boolean secure,
    boolean verify,
    Duration connectTimeout,
    Duration requestTimeout) {

  public ClickHouseServer {
    requireNonNull(host, "host");
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    requireNonNull(database, "database");
    requireNonNull(connectTimeout, "connectTimeout");
    requireNonNull(requestTimeout, "requestTimeout");
  }

  /** Where it is, as a reader would write it: {@code http://localhost:8123}. */
  public String endpoint() {
    return (secure ? "https://" : "http://") + host + ":" + port;
  }

  @Override
  public String toString() {
    return "ClickHouseServer[" + endpoint() + ", user=" + user + ", database=" + database + "]";
  }
}
