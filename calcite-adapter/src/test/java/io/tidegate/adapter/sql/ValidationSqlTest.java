package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** validate_bars and validate_features over the bars of the walk, whose figures are known. */
class ValidationSqlTest {
  private static final Path GOLDEN = Path.of("../functions/src/test/resources/golden");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final List<String> FEATURES =
      List.of(
          "duration_us",
          "ofi",
          "vwap_close_deviation",
          "price_impact",
          "kyle_lambda_proxy",
          "trade_intensity",
          "volume_per_trade",
          "aggression_ratio",
          "aggregation_density",
          "turnover_imbalance");

  @TempDir private static Path directory;
  private static LocalCatalog catalog;

  @BeforeAll
  static void fill() throws Exception {
    catalog = new LocalCatalog(directory);
    catalog.update(
        "CREATE TABLE market_data.bars (symbol VARCHAR, open_time TIMESTAMP(6), close_time"
            + " TIMESTAMP(6), open DECIMAL(19, 8), high DECIMAL(19, 8), low DECIMAL(19, 8), close"
            + " DECIMAL(19, 8), volume DECIMAL(38, 8), first_agg_trade_id BIGINT, duration_us"
            + " BIGINT, ofi DOUBLE, vwap_close_deviation DOUBLE, price_impact DOUBLE,"
            + " kyle_lambda_proxy DOUBLE, trade_intensity DOUBLE, volume_per_trade DOUBLE,"
            + " aggression_ratio DOUBLE, aggregation_density DOUBLE, turnover_imbalance DOUBLE)");
    List<String> lines =
        Files.readAllLines(GOLDEN.resolve("range-bars/walk1m_seed1.t250.gate.bars.csv"));
    List<String> names = List.of(lines.get(0).split(","));
    List<String> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      if (!fields[names.indexOf("complete")].equals("0")) {
        List<String> row = new ArrayList<>();
        row.add("'W'");
        for (String time : List.of("open_time_us", "close_time_us")) {
          long micros = Long.parseLong(fields[names.indexOf(time)]);
          row.add("TIMESTAMP '" + TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)) + "'");
        }
        for (String amount : List.of("open", "high", "low", "close", "volume")) {
          row.add(new BigDecimal(fields[names.indexOf(amount)]).movePointLeft(8).toPlainString());
        }
        row.add(fields[names.indexOf("first_agg_trade_id")]);
        for (String feature : FEATURES) {
          String value = fields[names.indexOf(feature)];
          row.add(feature.equals("duration_us") ? value : new BigDecimal(value) + "E0");
        }
        rows.add("(" + String.join(", ", row) + ")");
      }
    }
    catalog.update("INSERT INTO market_data.bars VALUES " + String.join(", ", rows));
  }

  @AfterAll
  static void close() throws Exception {
    catalog.close();
  }

  private static final String BARS =
      "(SELECT * FROM market_data.bars UNION ALL SELECT 'X', open_time, close_time, open, low, high,"
          + " close, volume, first_agg_trade_id, duration_us, NULLIF(ofi, 0) * 1000,"
          + " vwap_close_deviation, price_impact, kyle_lambda_proxy, trade_intensity,"
          + " volume_per_trade, aggression_ratio, aggregation_density, CASE WHEN MOD(duration_us, 2)"
          + " = 0 THEN NULL END FROM market_data.bars) PARTITION BY symbol ORDER BY open_time";

  @Test
  void everyCheckOfEveryPartitionIsARow() throws Exception {
    List<String> good =
        catalog.rows(
            "SELECT check, passed, ROUND(value, 6), \"limit\", required FROM TABLE(validate_bars("
                + BARS
                + ", 250)) WHERE symbol = 'W'");
    assertThat(good)
        .containsExactly(
            "bars_present|true|530.0|>= 1|true",
            "features_present|true|10.0|>= 1|true",
            "no_nan|true|0.0|= 0|true",
            "no_inf|true|0.0|= 0|true",
            "duration_positive|true|635000.0|>= 0|true",
            "ofi_bounded|true|-0.227303|abs <= 1|true",
            "turnover_imbalance_bounded|true|-0.227206|abs <= 1|true",
            "volumes_not_negative|true|117.490611|>= 0|true",
            "ofi_corr_sane|false|0.027898|0.05 < abs < 0.8|false",
            "ofi_mean_near_zero|true|-0.002866|abs < 0.3|false",
            "aggression_ratio_reasonable|true|1.000807|< 10|false",
            "tier1_passed|true|0.0|= 0|true",
            "ohlc_no_nan|true|0.0|= 0|true",
            "ohlc_ordered|true|0.0|= 0|true",
            "bars_disjoint|true|0.0|= 0|true",
            "times_distinct|true|0.0|= 0|false",
            "continuity|true|0.0|= 0|true",
            "largest_gap|true|1.02E-4|<= 0.0035|false",
            "gaps_precision|null|41.0|null|false",
            "gaps_noise|null|486.0|null|false",
            "gaps_market_move|null|2.0|null|false",
            "gaps_microstructure|null|0.0|null|false",
            "gaps_session_boundary|true|0.0|= 0|false");
    assertThat(
            catalog.rows(
                "SELECT symbol, check FROM TABLE(validate_bars("
                    + BARS
                    + ", 'medium')) WHERE required AND NOT passed"))
        .containsExactly(
            "X|no_nan",
            "X|ofi_bounded",
            "X|turnover_imbalance_bounded",
            "X|tier1_passed",
            "X|ohlc_ordered");
  }

  @Test
  void tierTwoHasTheFiguresOfTheReferences() throws Exception {
    Map<String, Double> expected = new HashMap<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("bar-validation/references.csv"))) {
      String[] fields = line.split(",");
      if (fields[0].equals("bars")) {
        String measure =
            fields[1].equals("spearman_rho") && !fields[3].equals("forward_return")
                ? "redundancy"
                : fields[1];
        expected.put(measure + "|" + fields[2] + "|" + fields[3], Double.valueOf(fields[4]));
      }
    }
    int compared = 0;
    try (Statement statement = catalog.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT check, feature, COALESCE(other_feature, '') AS other, value FROM"
                    + " TABLE(validate_features("
                    + BARS
                    + ")) WHERE symbol = 'W' AND feature IS NOT NULL")) {
      while (row.next()) {
        String key = row.getString(1) + "|" + row.getString(2) + "|" + row.getString(3);
        double figure = expected.get(key);
        assertThat(row.getDouble(4))
            .as(key)
            .isCloseTo(figure, within(Math.max(1e-9 * Math.abs(figure), 1e-13)));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(10 * 5 + 45);
    assertThat(
            catalog.rows(
                "SELECT symbol, check, passed FROM validate_features("
                    + BARS
                    + ") WHERE required ORDER BY symbol, check"))
        .containsExactly(
            "W|significant_features|false",
            "W|tier1_passed|true",
            "W|tier2_passed|false",
            "X|significant_features|false",
            "X|tier1_passed|false",
            "X|tier2_passed|false");
  }

  @Test
  void barStoredTwiceIsFound() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT check, value FROM validate_bars(data => (SELECT * FROM market_data.bars"
                    + " UNION ALL SELECT * FROM market_data.bars WHERE first_agg_trade_id < 9000)"
                    + " ORDER BY open_time, threshold_dbps => 250, continuity_tolerance => 0) WHERE"
                    + " NOT passed AND required"))
        .containsExactly("bars_disjoint|5.0", "continuity|5.0");
  }

  @Test
  void rowsOfChecksAreRowsLikeAny() throws Exception {
    catalog.update(
        "CREATE TABLE lake.checks AS SELECT * FROM validate_bars(" + BARS + ", 250, 0.001)");
    assertThat(
            catalog.rows(
                "SELECT symbol, COUNT(*), COUNT(*) FILTER (WHERE passed), COUNT(value) FROM"
                    + " lake.checks GROUP BY symbol ORDER BY symbol"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("W|23|");
  }

  @Test
  void noBarsAreARowWithoutKeysAndNoRowWithThem() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT check, passed, value FROM validate_bars((SELECT * FROM market_data.bars"
                    + " WHERE symbol = '?') ORDER BY open_time, 250) WHERE required AND NOT"
                    + " passed"))
        .containsExactly("bars_present|false|0.0", "tier1_passed|false|1.0");
    assertThat(
            catalog.rows(
                "SELECT * FROM validate_bars((SELECT * FROM market_data.bars WHERE symbol = '?')"
                    + " PARTITION BY symbol ORDER BY open_time, 250)"))
        .isEmpty();
  }

  /** A condition without columns must not empty the input: that would be one more partition. */
  @Test
  void falseConditionGivesNoRows() throws Exception {
    try (PreparedStatement statement =
        catalog
            .connection()
            .prepareStatement(
                "SELECT * FROM validate_bars(TABLE market_data.bars ORDER BY open_time, 250) WHERE"
                    + " 2 < CAST(? AS INTEGER)")) {
      statement.setInt(1, 1);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isFalse();
      }
    }
  }

  @Test
  void columnsAreFoundInAnyCaseAndTheTargetIsTheInputs() throws Exception {
    assertThat(
            catalog.rows(
                "SELECT check, ROUND(value, 12) FROM validate_features((SELECT open_time AS ts, close AS"
                    + " \"Close\", ofi AS \"OFI\", ofi * 2 AS \"Forward_Return\" FROM"
                    + " market_data.bars) ORDER BY ts) WHERE check = 'spearman_rho'"))
        .containsExactly("spearman_rho|1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "validate_bars(%s, 0);validate_bars: threshold must be 1 to 100000 dbps but was 0",
        "validate_bars(%s, 2.5);validate_bars: threshold must be 1 to 100000 dbps but was 2.5",
        "validate_bars(%s, NULL);validate_bars: threshold must be 1 to 100000 dbps but was NULL",
        "validate_bars(%s, 99999999999);"
            + "validate_bars: threshold must be 1 to 100000 dbps but was 99999999999",
        "validate_bars(%s, 'huge');validate_bars: threshold must be 1 to 100000 dbps or one of"
            + " micro, tight, standard, medium, wide, macro but was 'huge'",
        "validate_bars(%s, 200 + 50);"
            + "validate_bars: threshold_dbps must be a constant but was 200 + 50",
        "validate_bars(%s, ?);validate_bars: threshold_dbps must be a constant but was ?",
        "validate_bars(%s);validate_bars: argument threshold_dbps is missing",
        "validate_bars(%s, 250, -1);validate_bars: continuity_tolerance must be 0 to 1, a fraction"
            + " of the price, but was -1",
        "validate_features(%s, 250);validate_features: takes 1 arguments at most: data",
        "validate_bars(TABLE market_data.bars, 250);"
            + "validate_bars: the input needs an order: write ORDER BY and its time behind it",
        "validate_features(TABLE market_data.bars);"
            + "validate_features: the input needs an order: write ORDER BY and its time behind it",
        "validate_bars(TABLE market_data.bars ORDER BY open_time DESC, 250);"
            + "validate_bars: ORDER BY must ascend but was",
        "validate_bars(TABLE market_data.bars ORDER BY volume, 250);"
            + "validate_bars: column 'volume' must be TIMESTAMP but is DECIMAL(38, 8)",
        "validate_bars((SELECT open_time, open, close FROM market_data.bars) ORDER BY open_time,"
            + " 250);validate_bars: the input has no column high, low (its columns: open_time,"
            + " open, close)",
        "validate_features((SELECT open_time, ofi FROM market_data.bars) ORDER BY open_time);"
            + "validate_features: the input has no column close (its columns: open_time, ofi)",
        "validate_features((SELECT open_time, close, symbol AS ofi FROM market_data.bars) ORDER BY"
            + " open_time);validate_features: column 'ofi' must be a number but is VARCHAR",
        "validate_bars((SELECT symbol AS \"limit\", b.* FROM market_data.bars AS b) PARTITION BY"
            + " \"limit\" ORDER BY open_time, 250);validate_bars: the result has a column of its"
            + " own called 'limit'; rename that of the input in a query",
      })
  void wrongCallsAreRefusedByName(String call, String message) {
    assertThatThrownBy(
            () ->
                catalog.rows(
                    "SELECT * FROM " + call.formatted("TABLE market_data.bars ORDER BY open_time")))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42000"))
        .hasMessageContaining(message.strip());
  }
}
