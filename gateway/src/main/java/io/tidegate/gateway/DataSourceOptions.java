package io.tidegate.gateway;

import io.tidegate.adapter.catalog.CatalogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Where a command finds its data: a catalog, opened in this process, or the URL of a server.
 *
 * <p>A relative catalog that is not in the current directory is looked for in Tidegate's own, so
 * that {@code --catalog catalogs/duckdb.yaml} works from anywhere.
 */
final class DataSourceOptions {
  /** Set by the launcher: the directory that holds {@code catalogs/} and {@code sql-scripts/}. */
  static final String HOME_PROPERTY = "tidegate.home";

  static final Path DEFAULT_CATALOG = Path.of("catalogs", "embedded.yaml");

  private static final String IN_PROCESS = "jdbc:tidegate:";
  private static final String REMOTE = "jdbc:avatica:remote:";

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private Choice choice = new Choice();

  private static final class Choice {
    @Option(
        names = "--catalog",
        paramLabel = "FILE",
        description = "Catalog to open in this process (default: catalogs/embedded.yaml).")
    private Path catalog;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "JDBC URL to use instead, such as that of a running server.")
    private String url;
  }

  /** The URL that stands for the choice. */
  String url() {
    return url(DEFAULT_CATALOG);
  }

  private String url(Path catalog) {
    return choice.url != null
        ? choice.url
        : catalogUrl(choice.catalog == null ? catalog : choice.catalog);
  }

  /** Where the lake of a catalog is that this process opens; empty for a server's. */
  Optional<Path> lakeRoot() throws SQLException {
    if (choice.url != null) {
      return Optional.empty();
    }
    Path catalog = located(choice.catalog == null ? DEFAULT_CATALOG : choice.catalog);
    return Optional.of(CatalogFile.read(catalog, System.getenv()).lake().root());
  }

  /** The choice as another command line would make it, with a blank before it; empty for none. */
  String arguments() {
    if (choice.url != null) {
      return " --url " + choice.url;
    }
    return choice.catalog == null ? "" : " --catalog " + choice.catalog;
  }

  Connection open() throws SQLException {
    return open(url());
  }

  /** The same with another catalog where none was chosen. */
  Connection open(Path defaultCatalog) throws SQLException {
    return open(url(defaultCatalog));
  }

  static String catalogUrl(Path catalog) {
    return IN_PROCESS + "catalog=" + located(catalog);
  }

  static Connection open(String url) throws SQLException {
    return DriverManager.getConnection(url, properties(url));
  }

  /**
   * What our own command line asks of a connection.
   *
   * <p>Avatica's wire carries milliseconds, so timestamps are asked for as text. And its client
   * gives up on a response after three minutes by itself, which a long INSERT needs.
   */
  static Properties properties(String url) {
    Properties properties = new Properties();
    if (url.startsWith(IN_PROCESS) || url.startsWith(REMOTE)) {
      properties.setProperty("timestamp_text", "true");
    }
    if (url.startsWith(REMOTE) && !url.contains("http_response_timeout=")) {
      properties.setProperty("http_response_timeout", "0");
    }
    return properties;
  }

  /** A file given on the command line, or the one of that name in Tidegate's own directory. */
  static Path located(Path file) {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null || file.isAbsolute() || Files.exists(file)) {
      return file;
    }
    Path shipped = Path.of(home).resolve(file);
    return Files.exists(shipped) ? shipped : file;
  }
}
