package io.tidegate.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A raw table of one-minute candles: its name and what its columns take from a candle. */
enum RawKlines {
  BINANCE("raw_binance_klines_1m", "open_time") {
    @Override
    void addOwn(Map<String, String> columns) {
      columns.put("open_time", OPEN);
      columns.put("close_time", "CAST(f.ts_close AS TIMESTAMP(3))");
      columns.put("quote_asset_volume", "f.volume_quote");
      columns.put("number_of_trades", "f.trades_count");
      columns.put("taker_buy_base_asset_volume", "f.taker_buy_volume_base");
      columns.put("taker_buy_quote_asset_volume", "f.taker_buy_volume_quote");
    }
  },
  BYBIT("raw_bybit_klines_1m", "start_time_utc") {
    @Override
    void addOwn(Map<String, String> columns) {
      columns.put("interval_min", "1");
      columns.put("start_time_ms", "CAST(1000 * EXTRACT(EPOCH FROM f.ts_open) AS DECIMAL(20, 0))");
      columns.put("start_time_utc", OPEN);
      columns.put("turnover", "f.volume_quote");
    }
  };

  private static final String OPEN = "CAST(f.ts_open AS TIMESTAMP(3))";

  private final String table;
  private final String timeColumn;

  RawKlines(String table, String timeColumn) {
    this.table = table;
    this.timeColumn = timeColumn;
  }

  String table() {
    return table;
  }

  /** The column with a candle's opening. */
  String timeColumn() {
    return timeColumn;
  }

  /** Columns and the expressions, over a candle {@code f}, that fill them. */
  Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("market_id", "f.market_id");
    columns.put("symbol", "f.symbol");
    for (String price : List.of("open", "high", "low", "close")) {
      columns.put(price, "f." + price);
    }
    columns.put("volume", "f.volume_base");
    addOwn(columns);
    return columns;
  }

  abstract void addOwn(Map<String, String> columns);
}
