-- The minutes of an instrument that have no candle, as half-open ranges. As CSV they are the next backfill:
--
--   ./tidegate run sql-scripts/gaps_1m.sql --format csv --param ... >gaps.csv
--   ./tidegate backfill-1m --gaps gaps.csv --parquet candles/
--
-- param market_id INTEGER : 1 binance spot, 2 binance futures, 3 bybit spot, 4 bybit futures
-- param symbol VARCHAR : such as BTCUSDT, in upper or lower case
-- param start TIMESTAMP : the first minute, UTC
-- param end TIMESTAMP : the first minute that is too late
-- param source IDENTIFIER = market_data.canonical_candles_1m : a table of its columns

WITH minutes AS (
  SELECT FLOOR(ts_open TO MINUTE) AS ts
  FROM :source
  WHERE market_id = :market_id AND symbol = UPPER(:symbol) AND ts_open >= :start AND ts_open < :end
  UNION SELECT :start - INTERVAL '1' MINUTE
  UNION SELECT :end),
steps AS (
  SELECT ts + INTERVAL '1' MINUTE AS gap_start, LEAD(ts) OVER (ORDER BY ts) AS gap_end FROM minutes)
SELECT :market_id AS market_id, UPPER(:symbol) AS symbol, gap_start AS "start", gap_end AS "end",
       (EXTRACT(EPOCH FROM gap_end) - EXTRACT(EPOCH FROM gap_start)) / 60 AS missing
FROM steps
WHERE gap_end > gap_start
ORDER BY gap_start;
