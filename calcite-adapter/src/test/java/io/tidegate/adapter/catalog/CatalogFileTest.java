package io.tidegate.adapter.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogFileTest {
  private static final Path SHIPPED = Path.of("..", "catalogs");

  @TempDir Path directory;

  @Test
  void embeddedCatalogNamesTheLakeAndAnEngineOfOurOwn() throws CatalogException {
    CatalogFile catalog = CatalogFile.read(SHIPPED.resolve("embedded.yaml"), Map.of());
    assertThat(catalog.lake())
        .isEqualTo(new Lake(Path.of("./data/lake"), Lake.Codec.ZSTD, Optional.empty()));
    assertThat(catalog.schemas())
        .containsExactly(
            Map.entry(
                "market_data", new SchemaStore.EmbeddedClickHouse(Path.of("./data/clickhouse"))));
    assertThat(catalog.clickHouse()).isEmpty();
    assertThat(catalog.executor().memoryLimitBytes()).isEmpty();
  }

  @Test
  void duckDbCatalogPutsMarketDataIntoAFile() throws CatalogException {
    CatalogFile catalog =
        CatalogFile.read(
            SHIPPED.resolve("duckdb.yaml"), Map.of("TIDEGATE_WAREHOUSE", "/srv/w.duckdb"));
    assertThat(catalog.schemas().get("market_data"))
        .isEqualTo(new SchemaStore.DuckDbFile(Path.of("/srv/w.duckdb")));
  }

  @Test
  void clickHouseCatalogHasTheDocumentedDefaults() throws CatalogException {
    ClickHouseServer server = clickHouse(Map.of());
    assertThat(server)
        .isEqualTo(
            new ClickHouseServer(
                "localhost",
                8123,
                "default",
                "",
                "market_data",
                false,
                true,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5)));
  }

  @Test
  void clickHouseCatalogHonoursTheOlderNamesOfUserAndPassword() throws CatalogException {
    ClickHouseServer server =
        clickHouse(Map.of("CLICKHOUSE_USER", "ada", "CLICKHOUSE_PASSWORD", "0123"));
    assertThat(server.user()).isEqualTo("ada");
    assertThat(server.password()).isEqualTo("0123");
    assertThat(clickHouse(Map.of("CH_USER", "eve", "CLICKHOUSE_USER", "ada")).user())
        .isEqualTo("eve");
  }

  @Test
  void blankVariableCountsAsUnset() throws CatalogException {
    assertThat(clickHouse(Map.of("CH_HOST", "  ", "CH_PORT", "")).endpoint())
        .isEqualTo("http://localhost:8123");
  }

  @Test
  void passwordIsNeverPrinted() throws CatalogException {
    assertThat(clickHouse(Map.of("CH_PASSWORD", "s3cret")).toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '%',
      textBlock =
          """
          CH_PORT   | 0     | CH_PORT must be > 0 but was '0' (key 'clickhouse.port')
          CH_PORT   | 80x   | CH_PORT must be a whole number but was '80x' (key 'clickhouse.port')
          CH_PORT   | 70000 | CH_PORT must be <= 65535 but was '70000' (key 'clickhouse.port')
          CH_SECURE | yes   | Expected '0' or '1' for boolean env var CH_SECURE but was 'yes' (key 'clickhouse.secure')
          CH_VERIFY | true  | Expected '0' or '1' for boolean env var CH_VERIFY but was 'true' (key 'clickhouse.verify')
          """)
  void badVariableIsNamedWithItsKey(String variable, String value, String message) {
    CatalogException error = refusal(() -> clickHouse(Map.of(variable, value)));
    assertThat(error.getMessage()).isEqualTo(SHIPPED.resolve("clickhouse.yaml") + ": " + message);
    assertThat(error.getSQLState()).isEqualTo("F0000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '%',
      textBlock =
          """
          {lake: {root: x, rot: y}}                                  | unknown key 'lake.rot' (known: root, codec, clickhouse-reads)
          {lake: {root: x}, lakes: {}}                               | unknown key 'lakes' (known: lake, schemas, clickhouse, duckdb, state)
          {lake: {codec: zstd}}                                      | missing key 'lake.root'
          {schemas: {}}                                              | missing key 'lake'
          {lake: data}                                               | key 'lake' must be a mapping but is 'data'
          {lake: {root: {a: b}}}                                     | key 'lake.root' must be a value but is a mapping
          {lake: {root: [a]}}                                        | key 'lake.root' cannot be a list
          {lake: {root: ~}}                                          | key 'lake.root' has no value
          {lake: {root: ' '}}                                        | key 'lake.root' must be non-empty
          {lake: {root: x, codec: lz4}}                              | key 'lake.codec' must be zstd, snappy, none but was 'lz4'
          {lake: {root: '${NOWHERE}'}}                               | key 'lake.root': variable NOWHERE is not set and ${NOWHERE} has no default
          {lake: {root: '${NOWHERE'}}                                | key 'lake.root': '${NOWHERE' lacks its closing brace
          {lake: {root: '${9}'}}                                     | key 'lake.root': '${9}' is not ${VAR} or ${VAR:-default}
          {lake: {root: x}, schemas: {m: {type: oracle}}}            | key 'schemas.m.type' must be embedded-clickhouse or duckdb but was 'oracle'
          {lake: {root: x}, schemas: {m: {type: duckdb, data: y}}}   | unknown key 'schemas.m.data' (known: type, file)
          {lake: {root: x}, schemas: {LAKE: {type: duckdb, file: y}}} | schema name 'LAKE' is taken (names are the same in either case)
          {lake: {root: x}, schemas: {}, clickhouse: {}}             | 'clickhouse' and 'schemas' exclude each other: a server's databases are schemas already
          {lake: {root: x}, duckdb: {threads: 0}}                    | key 'duckdb.threads' must be > 0 but was '0'
          {lake: {root: x}, duckdb: {memory-limit: 4}}               | key 'duckdb.memory-limit' must be a size like 512MB or 4GB but was '4'
          {lake: {root: x}, duckdb: {memory-limit: 1MB}}             | key 'duckdb.memory-limit' must be 64MB or more but was '1MB'
          {lake: {root: x}, clickhouse: {request-timeout: 30}}       | key 'clickhouse.request-timeout' must be a time like 500ms, 30s, 5m or 1h but was '30'
          {lake: {root: x}, clickhouse: {connect-timeout: 5ms}}      | key 'clickhouse.connect-timeout' must be 100ms or more but was '5ms'
          """)
  void badCatalogIsRefusedInOneLineThatNamesTheKey(String yaml, String message) throws IOException {
    Path file = write(yaml);
    CatalogException error = refusal(() -> CatalogFile.read(file, Map.of()));
    assertThat(error.getMessage()).isEqualTo(file + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lake: {root: x}\nlake: {root: y}", "lake: {root: x, root: y}", "lake: {", ""})
  void malformedYamlIsRefusedInOneLine(String yaml) throws IOException {
    Path file = write(yaml);
    CatalogException error = refusal(() -> CatalogFile.read(file, Map.of()));
    assertThat(error.getMessage()).startsWith(file.toString()).doesNotContain("\n");
  }

  @Test
  void duplicateKeyIsNamed() throws IOException {
    Path file = write("lake: {root: x}\nlake: {root: y}");
    CatalogException error = refusal(() -> CatalogFile.read(file, Map.of()));
    assertThat(error.getMessage())
        .isEqualTo(file + ", line 2: not valid YAML: Duplicate field 'lake'");
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("none.yaml");
    CatalogException error = refusal(() -> CatalogFile.read(file, Map.of()));
    assertThat(error.getMessage()).isEqualTo("No such catalog: " + file);
  }

  @Test
  void scalarsStayTheTextTheyWere() throws IOException, CatalogException {
    Path file = write("{lake: {root: x}, clickhouse: {password: 0123, user: yes, secure: true}}");
    ClickHouseServer server = CatalogFile.read(file, Map.of()).clickHouse().orElseThrow();
    assertThat(server.password()).isEqualTo("0123");
    assertThat(server.user()).isEqualTo("yes");
    assertThat(server.secure()).isTrue();
  }

  @Test
  void variableIsNotLookedIntoAgain() throws CatalogException {
    Map<String, String> environment = new HashMap<>();
    environment.put("CH_PASSWORD", "a${CH_USER}b");
    assertThat(clickHouse(environment).password()).isEqualTo("a${CH_USER}b");
  }

  @Test
  void executorTakesSizesThreadsAndADirectory() throws IOException, CatalogException {
    Path file =
        write("{lake: {root: x}, duckdb: {memory-limit: 2GB, threads: 3, temp-directory: t}}");
    assertThat(CatalogFile.read(file, Map.of()).executor())
        .isEqualTo(
            new LocalExecutor(
                OptionalLong.of(2L << 30), OptionalInt.of(3), Optional.of(Path.of("t"))));
  }

  private static ClickHouseServer clickHouse(Map<String, String> environment)
      throws CatalogException {
    return CatalogFile.read(SHIPPED.resolve("clickhouse.yaml"), environment)
        .clickHouse()
        .orElseThrow();
  }

  private static CatalogException refusal(ThrowingCallable reading) {
    return catchThrowableOfType(CatalogException.class, reading);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("catalog.yaml"), yaml);
  }
}
