package io.tidegate.gateway;

import io.tidegate.adapter.clickhouse.ClickHouseEndpoint;
import io.tidegate.adapter.clickhouse.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** The catalogs of {@code catalogs/}, with a test's own values where they have variables. */
enum ShippedCatalog {
  DUCKDB("duckdb.yaml"),
  EMBEDDED("embedded.yaml"),
  CLICKHOUSE("clickhouse.yaml");

  /** The repository's directory. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final String file;

  ShippedCatalog(String file) {
    this.file = file;
  }

  /**
   * A catalog as a test uses it.
   *
   * @param file the catalog's file
   * @param database the schema beside the lake
   */
  record Opened(Path file, String database) {
    CommandLineRun sql(String sql) {
      return CommandLineRun.of("sql", "--catalog", file.toString(), "--format", "csv", "-e", sql);
    }
  }

  /** Everything that belongs to the catalog goes into a directory, or into a new database. */
  Opened in(Path directory, Class<?> testClass) throws IOException, SQLException {
    return switch (this) {
      case DUCKDB ->
          opened(
              directory,
              "market_data",
              Map.of("${TIDEGATE_WAREHOUSE:-./data/warehouse.duckdb}", directory + "/w.duckdb"));
      case EMBEDDED -> {
        TestClickHouse.library();
        yield opened(
            directory,
            "market_data",
            Map.of("${TIDEGATE_CLICKHOUSE:-./data/clickhouse}", directory + "/clickhouse"));
      }
      case CLICKHOUSE -> {
        ClickHouseEndpoint server = TestClickHouse.databaseOf(testClass);
        yield opened(
            directory,
            server.database(),
            Map.of(
                "${CH_HOST:-localhost}", server.host(),
                "${CH_PORT:-8123}", String.valueOf(server.port()),
                "${CH_USER:-${CLICKHOUSE_USER:-default}}", server.user(),
                "${CH_PASSWORD:-${CLICKHOUSE_PASSWORD:-}}", "'" + server.password() + "'",
                "${CH_DATABASE:-market_data}", server.database()));
      }
    };
  }

  private Opened opened(Path directory, String database, Map<String, String> values)
      throws IOException {
    String text = Files.readString(HOME.resolve("catalogs").resolve(file));
    text = text.replace("${TIDEGATE_LAKE:-./data/lake}", directory + "/lake");
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (!text.contains(value.getKey())) {
        throw new IllegalStateException(file + " has no " + value.getKey());
      }
      text = text.replace(value.getKey(), value.getValue());
    }
    return new Opened(Files.writeString(directory.resolve(file), text), database);
  }
}
