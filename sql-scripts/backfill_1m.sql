-- One-minute candles of one instrument from Parquet files into market_data. Candles that the target has
-- already are left out, so the script can be repeated. Files need the columns market_id, symbol, ts_open (UTC
-- when it has no zone), open, high, low, close and volume_base; upper and lower case of symbols are the same.
--
-- param parquet VARCHAR : a file or a pattern, such as candles/*.parquet
-- param market_id INTEGER : 1 binance spot, 2 binance futures, 3 bybit spot, 4 bybit futures
-- param symbol VARCHAR : such as BTCUSDT
-- param start TIMESTAMP : the first candle's opening at the earliest, UTC
-- param end TIMESTAMP : the first moment that is too late
-- param target IDENTIFIER = market_data.candles_by_market_1m : made when it is missing

CREATE TABLE IF NOT EXISTS :target (
  market_id INTEGER NOT NULL,
  symbol VARCHAR NOT NULL,
  ts_open TIMESTAMP NOT NULL,
  ts_close TIMESTAMP NOT NULL,
  open DOUBLE NOT NULL,
  high DOUBLE NOT NULL,
  low DOUBLE NOT NULL,
  close DOUBLE NOT NULL,
  volume_base DOUBLE NOT NULL,
  source VARCHAR NOT NULL)
PARTITIONED BY (FLOOR(ts_open TO MONTH))
SORTED BY (market_id, symbol, ts_open);

INSERT INTO :target
SELECT f.market_id, UPPER(f.symbol), f.ts_open, f.ts_open + INTERVAL '1' MINUTE,
       f.open, f.high, f.low, f.close, f.volume_base, 'file'
FROM TABLE(read_parquet(:parquet)) AS f
WHERE f.market_id = :market_id AND UPPER(f.symbol) = UPPER(:symbol)
  AND f.ts_open >= :start AND f.ts_open < :end
  AND NOT EXISTS (
    SELECT 1 FROM :target AS t
    WHERE t.market_id = :market_id AND t.symbol = UPPER(:symbol) AND t.ts_open = f.ts_open);

SELECT COUNT(*) AS candles, MIN(ts_open) AS first_candle, MAX(ts_open) AS last_candle
FROM :target
WHERE market_id = :market_id AND symbol = UPPER(:symbol) AND ts_open >= :start AND ts_open < :end;
