package io.tidegate.gateway;

import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.server.HttpServer;
import org.apache.calcite.avatica.server.ServerCustomizer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The Avatica server: JDBC over HTTP for every client at once, over one engine.
 *
 * <p>It has no authentication, so it listens on the loopback address unless told otherwise.
 */
final class GatewayServer implements AutoCloseable {
  static final String DEFAULT_HOST = "127.0.0.1";
  static final int DEFAULT_PORT = 8765;

  /** How long a kept-alive connection may be silent between two requests. */
  private static final long HTTP_IDLE_MILLIS = 300_000;

  private static final long STOP_MILLIS = 5_000;

  private final String host;
  private final HttpServer server;
  private final TidegateMeta meta;
  private final StillWorking waiting;

  private GatewayServer(String host, HttpServer server, TidegateMeta meta, StillWorking waiting) {
    this.host = host;
    this.server = server;
    this.meta = meta;
    this.waiting = waiting;
  }

  /**
   * Starts to listen.
   *
   * @param sessions opens what stands behind each client's connection
   * @param port 0 for any free one
   */
  static GatewayServer start(TidegateMeta.SessionOpener sessions, String host, int port)
      throws SQLException {
    return start(sessions, TidegateMeta.Idle.DEFAULT, StillWorking.BEAT, host, port);
  }

  static GatewayServer start(
      TidegateMeta.SessionOpener sessions,
      TidegateMeta.Idle idle,
      Duration beat,
      String host,
      int port)
      throws SQLException {
    StillWorking waiting = new StillWorking(beat);
    TidegateMeta meta = new TidegateMeta(sessions, idle);
    ServerCustomizer<Server> listenOnHost = jetty -> listen(jetty, host);
    HttpServer server =
        HttpServer.Builder.<Server>newBuilder()
            .withPort(port)
            .withHandler(
                new AvaticaEndpoint(ErrorNamingService.around(new LocalService(meta)), waiting))
            .withServerCustomizers(List.of(listenOnHost), Server.class)
            .build();
    try {
      server.start();
    } catch (RuntimeException e) {
      waiting.close();
      meta.close();
      throw cannotListen(host, port, e);
    }
    return new GatewayServer(host, server, meta, waiting);
  }

  private static void listen(Server jetty, String host) {
    jetty.setStopTimeout(STOP_MILLIS);
    for (Connector connector : jetty.getConnectors()) {
      ((ServerConnector) connector).setHost(host);
      ((ServerConnector) connector).setIdleTimeout(HTTP_IDLE_MILLIS);
    }
  }

  private static SQLException cannotListen(String host, int port, RuntimeException failure) {
    String place = host + ":" + port;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        return new SQLException(
            "Cannot listen on "
                + place
                + ": "
                + t.getMessage()
                + " (another server may have the port; choose one with --port)",
            "08000",
            failure);
      }
      if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
        return new SQLException(
            "Cannot listen on " + place + ": no such host; --host takes an address of this machine",
            "08000",
            failure);
      }
    }
    return new SQLException(
        "Cannot listen on " + place + ": " + failure.getMessage(), "08000", failure);
  }

  int port() {
    return server.getPort();
  }

  /** Where clients find it. */
  String url() {
    String address = host.contains(":") ? "[" + host + "]" : host;
    return "http://" + address + ":" + port();
  }

  /** What a JDBC client is given. */
  String jdbcUrl() {
    return "jdbc:avatica:remote:url=" + url() + ";serialization=protobuf";
  }

  @Override
  public void close() {
    server.stop();
    meta.close();
    waiting.close();
  }
}
