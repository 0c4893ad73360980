package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.functions.BarBatch;
import io.tidegate.functions.RangeBars;
import io.tidegate.functions.TickColumns;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** range_bars as a relation: what can stand around it and under it. */
class RangeBarsSqlTest {
  private static final int WALK_ROWS = 300_000;
  private static final int WALK_SYMBOLS = 3;

  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void openCatalog() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update(
        "CREATE TABLE lake.trades (Symbol VARCHAR, ts TIMESTAMP(6), price DECIMAL(18,8),"
            + " quantity DOUBLE, id BIGINT, is_buyer_maker BOOLEAN, note VARCHAR)");
    catalog.update(
        """
        INSERT INTO lake.trades VALUES
          ('B', TIMESTAMP '2024-01-01 00:00:00.000003', 10,    2,   3, TRUE,  'x'),
          ('A', TIMESTAMP '2024-01-01 00:00:00.000001', 100,   0.5, 1, FALSE, 'x'),
          ('A', TIMESTAMP '2024-01-01 00:00:00.000002', 101,   0.5, 2, TRUE,  NULL),
          ('A', TIMESTAMP '2024-01-01 00:00:00.000004', 101,   1,   4, TRUE,  'x'),
          (NULL, TIMESTAMP '2024-01-01 00:00:01', 1,     1,   5, TRUE,  'x'),
          (NULL, TIMESTAMP '2024-01-01 00:00:02', 2,     1,   6, TRUE,  'x')""");
  }

  @AfterAll
  static void closeCatalog() throws Exception {
    catalog.close();
  }

  private static final String BARS =
      "TABLE(range_bars(TABLE lake.trades PARTITION BY symbol ORDER BY ts, 250))";

  @Test
  void everyPartitionHasItsOwnBarsAndNullIsOne() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT symbol, open_time, close_time, open, close, volume, sell_volume,"
                    + " first_agg_trade_id, last_trade_id, complete FROM "
                    + BARS
                    + " ORDER BY symbol NULLS LAST"))
        .containsExactly(
            "A|2024-01-01 00:00:00.000001|2024-01-01 00:00:00.000002|100.00000000|101.00000000"
                + "|1.00000000|0.50000000|1|2|true",
            "null|2024-01-01 00:00:01|2024-01-01 00:00:02|1.00000000|2.00000000"
                + "|2.00000000|2.00000000|5|6|true");
  }

  @Test
  void barThatIsStillFormingComesOnlyWhenAskedFor() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT symbol, open, complete FROM range_bars(Data => TABLE lake.trades PARTITION"
                    + " BY (symbol) ORDER BY (ts, id), Include_Incomplete => TRUE,"
                    + " THRESHOLD_DBPS => 'Medium') ORDER BY symbol, open_time"))
        .containsExactly(
            "A|100.00000000|true",
            "A|101.00000000|false",
            "B|10.00000000|false",
            "null|1.00000000|true");
  }

  @Test
  void timeGateCanBeOpened() throws Exception {
    String ticks =
        "(SELECT TIMESTAMP '2024-01-01 00:00:00' AS t, p AS price, 1.0 AS qty"
            + " FROM (VALUES (1.0), (2.0)) AS v (p)) ORDER BY t";
    assertThat(catalog.rows("SELECT * FROM range_bars(" + ticks + ", 250)")).isEmpty();
    assertThat(catalog.rows("SELECT * FROM range_bars(" + ticks + ", 250, FALSE)")).hasSize(1);
    assertThat(catalog.rows("SELECT complete FROM range_bars(" + ticks + ", 250, DEFAULT, TRUE)"))
        .containsExactly("false");
  }

  @Test
  void withoutPartitionsTheWholeInputIsOne() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT open, close, agg_record_count FROM TABLE(range_bars((SELECT * FROM"
                    + " lake.trades WHERE symbol = 'A') ORDER BY ts, 250, TRUE, TRUE))"))
        .containsExactly("100.00000000|101.00000000|2", "101.00000000|101.00000000|1");
  }

  @Test
  void noTicksNoBars() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT * FROM range_bars((SELECT * FROM lake.trades WHERE symbol = 'Z')"
                    + " PARTITION BY symbol ORDER BY ts, 250, TRUE, TRUE)"))
        .isEmpty();
  }

  @Test
  void barsJoinAndAggregateLikeAnyTable() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT b.symbol, COUNT(*), SUM(b.volume), MAX(t.note) FROM "
                    + BARS
                    + " AS b JOIN lake.trades AS t ON t.symbol = b.symbol AND t.ts >= b.open_time"
                    + " AND t.ts <= b.close_time GROUP BY b.symbol"))
        .containsExactly("A|2|2.00000000|x");
    assertThat(
            catalog.rows(
                "SELECT symbol FROM lake.trades AS t WHERE EXISTS (SELECT * FROM "
                    + BARS
                    + " AS b WHERE b.symbol = t.symbol AND b.open_time = t.ts)"))
        .containsExactly("A");
  }

  @Test
  void eachColumnAloneIsWhatItIsAmongAll() throws Exception {
    List<String> all = catalog.rows("SELECT * FROM " + BARS + " AS b ORDER BY symbol, open_time");
    List<String> names = new ArrayList<>();
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + BARS)) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        names.add(rows.getMetaData().getColumnName(i));
      }
    }
    assertThat(all).isNotEmpty();
    for (int i = 0; i < names.size(); i++) {
      int column = i;
      assertThat(catalog.rows("SELECT b.\"" + names.get(i) + "\" FROM " + BARS + " AS b"))
          .as(names.get(i))
          .containsExactlyInAnyOrderElementsOf(
              all.stream().map(row -> row.split("\\|", -1)[column]).toList());
    }
    assertThat(catalog.rows("SELECT COUNT(*) FROM " + BARS))
        .containsExactly(String.valueOf(all.size()));
  }

  @Test
  void inputMayHaveSubQueriesOfItsOwn() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT symbol, volume FROM range_bars((SELECT t.symbol, t.ts, t.price, (SELECT"
                    + " MAX(m.quantity) FROM lake.trades AS m WHERE m.symbol = t.symbol) AS amount"
                    + " FROM lake.trades AS t WHERE t.symbol = 'A') PARTITION BY symbol ORDER BY"
                    + " ts, 250)"))
        .containsExactly("A|2.00000000");
  }

  @Test
  void barsOfBarsWork() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT open, close, agg_record_count FROM range_bars((SELECT open_time, close AS"
                    + " price, CAST(volume AS DECIMAL(20, 8)) AS volume FROM "
                    + BARS
                    + ") ORDER BY open_time, 'macro')"))
        .containsExactly("101.00000000|2.00000000|2");
  }

  @Test
  void insertIntoTheLakeTakesBars() throws Exception {
    catalog.update("CREATE TABLE lake.bars AS SELECT * FROM " + BARS);
    assertThat(catalog.update("INSERT INTO lake.bars SELECT * FROM " + BARS)).isEqualTo(2);
    assertThat(catalog.rows("SELECT COUNT(*), MIN(turnover), MAX(trade_intensity) FROM lake.bars"))
        .containsExactly("4|3.0000000000000000|2000000.0");
  }

  @Test
  void explainShowsTheSortBelowTheFunction() throws Exception {
    List<String> lines =
        catalog
            .rows("EXPLAIN PLAN FOR SELECT open FROM " + BARS + " WHERE symbol = 'A' AND open > 1")
            .get(0)
            .lines()
            .toList();
    assertThat(lines.get(0)).startsWith("DuckDB: SELECT \"t0\".\"open\"").contains("WHERE");
    assertThat(lines.get(1))
        .isEqualTo(
            "  arrow_0 <- Tidegate: range_bars(data => PARTITION BY Symbol ORDER BY ts, id,"
                + " threshold_dbps => 250, time_gate => TRUE, include_incomplete => FALSE)");
    // The filter on whole partitions has moved below, and only what is read is selected.
    assertThat(lines.get(2))
        .startsWith("    DuckDB: SELECT")
        .contains("WHERE (\"t0\".\"Symbol\" = 'A') ORDER BY")
        .endsWith("ASC NULLS LAST")
        .doesNotContain("note");
  }

  @Test
  void filterOfPartitionsKeepsTheirBars() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT symbol, volume FROM " + BARS + " WHERE symbol IS NULL AND open < 5"))
        .containsExactly("null|2.00000000");
  }

  @Test
  void pricesOfAnyTypeGiveTheSameBars() throws Exception {
    List<String> expected = null;
    for (String cast :
        List.of(
            "price",
            "CAST(price AS DOUBLE)",
            "CAST(price AS DECIMAL(9, 1))",
            "CAST(price AS BIGINT) * 100000000")) {
      List<String> bars =
          catalog.rows(
              "SELECT * FROM range_bars((SELECT symbol, ts, "
                  + cast
                  + " AS price, CAST(quantity AS REAL) AS amount FROM lake.trades)"
                  + " PARTITION BY symbol ORDER BY ts, 250, TRUE, TRUE) ORDER BY open_time");
      expected = expected == null ? bars : expected;
      assertThat(bars).as(cast).hasSize(4).isEqualTo(expected);
    }
  }

  /** Batches of DuckDB, slices of the reader and partitions all end in different places. */
  @Test
  void barsDoNotDependOnHowTheInputIsSplit() throws Exception {
    String walk =
        "native_query('market_data', 'SELECT make_timestamp(1704067200000000 + i * 1000) AS ts,"
            + " i % "
            + WALK_SYMBOLS
            + " AS symbol, CAST(5000000000000 + (i * 7919 % 10007) * 20000000 AS BIGINT) AS price,"
            + " CAST(1 + i % 11 AS BIGINT) AS volume, i AS id FROM range("
            + WALK_ROWS
            + ") AS r(i)')";
    assertThat(
            catalog.rows(
                "SELECT symbol, first_agg_trade_id, last_agg_trade_id, CAST(volume * 100000000 AS"
                    + " BIGINT), complete FROM range_bars((SELECT * FROM TABLE("
                    + walk
                    + ")) PARTITION BY symbol ORDER BY ts, 1500, TRUE, TRUE)"
                    + " ORDER BY symbol, first_agg_trade_id"))
        .hasSizeGreaterThan(10_000)
        .isEqualTo(walkBars());
  }

  private static List<String> walkBars() {
    List<String> lines = new ArrayList<>();
    for (int symbol = 0; symbol < WALK_SYMBOLS; symbol++) {
      int rows = WALK_ROWS / WALK_SYMBOLS;
      TickColumns ticks =
          new TickColumns(
              new long[rows], new long[rows], new long[rows], new long[rows], null, null, null);
      for (int row = 0; row < rows; row++) {
        long i = (long) row * WALK_SYMBOLS + symbol;
        ticks.tsMicros()[row] = 1_704_067_200_000_000L + i * 1000;
        ticks.priceRaw()[row] = 5_000_000_000_000L + i * 7919 % 10_007 * 20_000_000;
        ticks.volumeRaw()[row] = 1 + i % 11;
        ticks.aggTradeIds()[row] = i;
      }
      RangeBars machine = new RangeBars(1500);
      BarBatch bars = new BarBatch();
      machine.accept(ticks, 0, rows, bars);
      machine.appendOpenBar(bars);
      for (int bar = 0; bar < bars.size(); bar++) {
        lines.add(
            symbol
                + "|"
                + bars.firstAggTradeId()[bar]
                + "|"
                + bars.lastAggTradeId()[bar]
                + "|"
                + bars.volumeLow()[bar]
                + "|"
                + bars.complete()[bar]);
      }
    }
    return lines;
  }

  @Test
  void manySmallPartitionsFit() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT COUNT(*), COUNT(DISTINCT k), SUM(agg_record_count) FROM range_bars((SELECT"
                    + " * FROM TABLE(native_query('market_data', 'SELECT CAST(i // 2 AS VARCHAR)"
                    + " AS k, make_timestamp(i) AS ts, CAST(1 + i % 2 AS DOUBLE) AS price, 1.0 AS"
                    + " qty FROM range(40001) AS r(i)'))) PARTITION BY k ORDER BY ts, 1, TRUE,"
                    + " TRUE)"))
        .containsExactly("20001|20001|40001");
  }
}
