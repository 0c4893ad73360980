package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A catalog behind the server, as a remote client meets it. */
class ServedCatalogTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", ";serialization=protobuf"})
  void preparedStatementTakesItsParametersOverTheWire(String serialization) throws Exception {
    String catalog =
        DataSourceOptions.catalogUrl(
            ShippedCatalog.DUCKDB.in(directory, ServedCatalogTest.class).file());
    try (Connection held = DataSourceOptions.open(catalog);
        GatewayServer server =
            GatewayServer.start(
                properties -> DriverManager.getConnection(catalog, properties), "127.0.0.1", 0);
        Connection client =
            DriverManager.getConnection(
                "jdbc:avatica:remote:url=" + server.url() + serialization)) {
      try (PreparedStatement create =
          client.prepareStatement("CREATE TABLE lake.t AS SELECT 'a''\\ é😀' AS s, 7 AS n")) {
        assertThat(create.executeUpdate()).isEqualTo(1);
      }
      try (PreparedStatement query =
          client.prepareStatement("SELECT n FROM lake.t WHERE s = ? AND n > ?")) {
        query.setString(1, "a'\\ é😀");
        query.setInt(2, 6);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(7);
          assertThat(rows.next()).isFalse();
        }
        query.setInt(2, 7);
        try (ResultSet rows = query.executeQuery()) {
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }
}
