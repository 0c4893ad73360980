package io.tidegate.adapter.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClickHouseCatalogReaderTest {
  @Test
  void tablesAndViewsHaveTheirColumnsAndKeys() throws Exception {
    ClickHouseEndpoint endpoint = TestClickHouse.databaseOf(ClickHouseCatalogReaderTest.class);
    try (ClickHouseClient client = new ClickHouseClient(endpoint)) {
      client.execute(
          """
          CREATE TABLE candles (symbol LowCardinality(String), ts DateTime64(6, 'UTC') COMMENT 'opens',
            price Nullable(Decimal(18, 8)), day Date MATERIALIZED toDate(ts), raw String EPHEMERAL)
          ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (symbol, ts) COMMENT 'a minute each'
          """,
          Map.of(),
          "ddl-1");
      client.execute("CREATE VIEW latest AS SELECT max(ts) AS ts FROM candles", Map.of(), "ddl-2");
      client.execute("INSERT INTO candles (symbol) VALUES ('a'), ('b')", Map.of(), "insert");
      ClickHouseCatalogReader catalog = new ClickHouseCatalogReader(client);

      List<ClickHouseCatalogReader.Table> tables = catalog.tables(endpoint.database());
      assertThat(tables).extracting(t -> t.name()).containsExactly("candles", "latest");
      ClickHouseCatalogReader.Table candles = tables.get(0);
      assertThat(candles.engine()).isEqualTo("MergeTree");
      assertThat(candles.partitionKey()).isEqualTo("toYYYYMM(ts)");
      assertThat(candles.sortingKey()).isEqualTo("symbol, ts");
      assertThat(candles.totalRows()).isEqualTo(OptionalLong.of(2));
      assertThat(candles.comment()).isEqualTo("a minute each");
      assertThat(candles.columns())
          .containsExactly(
              new ClickHouseCatalogReader.Column("symbol", "LowCardinality(String)", "", ""),
              new ClickHouseCatalogReader.Column("ts", "DateTime64(6, 'UTC')", "", "opens"),
              new ClickHouseCatalogReader.Column("price", "Nullable(Decimal(18, 8))", "", ""),
              new ClickHouseCatalogReader.Column("day", "Date", "MATERIALIZED", ""),
              new ClickHouseCatalogReader.Column("raw", "String", "EPHEMERAL", ""));
      assertThat(tables.get(1).engine()).isEqualTo("View");
      assertThat(tables.get(1).totalRows()).isEmpty();

      assertThat(catalog.tables()).containsAll(tables);
      assertThat(catalog.databases())
          .contains("default", endpoint.database())
          .doesNotContain("system", "INFORMATION_SCHEMA", "information_schema");
    }
  }
}
