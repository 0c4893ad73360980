-- One-minute candles of one instrument from Parquet files into the raw table of their exchange, and from there, by
-- the views of catalogs/ddl, into the canonical table. Candles whose minute is in the canonical table are left out,
-- so the script can be repeated. Rows that are no candles are left out too and listed, with the reason. Files need
-- the columns market_id, symbol, ts_open (UTC when it has no zone), open, high, low, close and volume_base.
-- ./tidegate backfill-1m does the same with more choices. Make the tables first: ./tidegate ddl apply.
--
-- param parquet VARCHAR : a file, a pattern such as candles/*.parquet, or a directory
-- param market_id INTEGER : 1 binance spot, 2 binance futures, 3 bybit spot, 4 bybit futures
-- param symbol VARCHAR : such as BTCUSDT, in upper or lower case
-- param start TIMESTAMP : the first candle's opening at the earliest, UTC
-- param end TIMESTAMP : the first moment that is too late
-- param target IDENTIFIER = market_data.canonical_candles_1m : where the raw tables' candles end up
-- param raw_binance IDENTIFIER = market_data.raw_binance_klines_1m : for the markets 1 and 2
-- param raw_bybit IDENTIFIER = market_data.raw_bybit_klines_1m : for the markets 3 and 4

SELECT f.reason AS rejected_because, COUNT(*) AS candles, MIN(f.ts_open) AS first_candle
FROM TABLE(read_candles_1m(:parquet)) AS f
WHERE f.market_id = :market_id AND f.symbol = UPPER(:symbol)
  AND f.ts_open >= :start AND f.ts_open < :end AND f.reason IS NOT NULL
GROUP BY f.reason
ORDER BY 1;

INSERT INTO :raw_binance (market_id, symbol, instrument_key, open_time, open, high, low, close, volume, close_time,
  quote_asset_volume, number_of_trades, taker_buy_base_asset_volume, taker_buy_quote_asset_volume, source, ingested_at)
SELECT f.market_id, f.symbol,
       CASE f.market_id WHEN 1 THEN 'binance:spot:' ELSE 'binance:futures:' END || f.symbol,
       CAST(f.ts_open AS TIMESTAMP(3)), f.open, f.high, f.low, f.close, f.volume_base,
       CAST(f.ts_close AS TIMESTAMP(3)), f.volume_quote, f.trades_count, f.taker_buy_volume_base,
       f.taker_buy_volume_quote, 'file', CAST(CURRENT_TIMESTAMP AS TIMESTAMP(3))
FROM TABLE(read_candles_1m(:parquet)) AS f
WHERE f.market_id = :market_id AND f.market_id IN (1, 2) AND f.symbol = UPPER(:symbol)
  AND f.ts_open >= :start AND f.ts_open < :end AND f.reason IS NULL
  AND f.ts_open NOT IN (
    SELECT CAST(t.ts_open AS TIMESTAMP(6)) FROM :target AS t
    WHERE t.market_id = :market_id AND t.symbol = UPPER(:symbol));

INSERT INTO :raw_bybit (market_id, symbol, instrument_key, interval_min, start_time_ms, start_time_utc, open, high,
  low, close, volume, turnover, source, ingested_at)
SELECT f.market_id, f.symbol,
       CASE f.market_id WHEN 3 THEN 'bybit:spot:' ELSE 'bybit:futures:' END || f.symbol, 1,
       CAST(1000 * EXTRACT(EPOCH FROM f.ts_open) AS DECIMAL(20, 0)),
       CAST(f.ts_open AS TIMESTAMP(3)), f.open, f.high, f.low, f.close, f.volume_base,
       f.volume_quote, 'file', CAST(CURRENT_TIMESTAMP AS TIMESTAMP(3))
FROM TABLE(read_candles_1m(:parquet)) AS f
WHERE f.market_id = :market_id AND f.market_id IN (3, 4) AND f.symbol = UPPER(:symbol)
  AND f.ts_open >= :start AND f.ts_open < :end AND f.reason IS NULL
  AND f.ts_open NOT IN (
    SELECT CAST(t.ts_open AS TIMESTAMP(6)) FROM :target AS t
    WHERE t.market_id = :market_id AND t.symbol = UPPER(:symbol));

SELECT COUNT(*) AS candles, MIN(ts_open) AS first_candle, MAX(ts_open) AS last_candle
FROM :target
WHERE market_id = :market_id AND symbol = UPPER(:symbol) AND ts_open >= :start AND ts_open < :end;
