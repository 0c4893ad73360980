package io.tidegate.gateway;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves one catalog to JDBC clients until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Serve a catalog to JDBC clients over Avatica.")
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--catalog",
      paramLabel = "FILE",
      description = "Catalog to serve (default: catalogs/embedded.yaml).")
  private Path catalog = DataSourceOptions.DEFAULT_CATALOG;

  @Option(
      names = "--host",
      defaultValue = GatewayServer.DEFAULT_HOST,
      description =
          "Address to listen on (default: ${DEFAULT-VALUE}). There is no authentication: leave it on"
              + " the loopback address or put a guarded proxy in front.")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "" + GatewayServer.DEFAULT_PORT,
      description = "Port to listen on (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int port;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    String url = DataSourceOptions.catalogUrl(catalog);
    CountDownLatch stop = new CountDownLatch(1);
    Signals.register("TERM", stop::countDown);
    Signals.register("INT", stop::countDown);
    // Held while serving: a bad catalog stops the start, and the engine stays up between clients.
    try (Connection engine = DataSourceOptions.open(url);
        GatewayServer server =
            GatewayServer.start(
                properties -> DriverManager.getConnection(url, properties), host, port)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("Listening on " + server.url() + "; connect with " + server.jdbcUrl());
      out.flush();
      stop.await();
    }
    return 0;
  }
}
