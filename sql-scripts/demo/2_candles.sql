-- Candles into market_data
-- DuckDB reads the lake's files and aggregates; market_data, which is a ClickHouse unless you chose
-- catalogs/duckdb.yaml, gets the candles in its key's order.

DROP TABLE IF EXISTS market_data.candles_1m;

CREATE TABLE market_data.candles_1m (
  symbol VARCHAR NOT NULL,
  ts TIMESTAMP NOT NULL,
  open DECIMAL(18, 8) NOT NULL,
  high DECIMAL(18, 8) NOT NULL,
  low DECIMAL(18, 8) NOT NULL,
  close DECIMAL(18, 8) NOT NULL,
  volume DECIMAL(18, 8) NOT NULL,
  trades BIGINT NOT NULL)
PARTITIONED BY (FLOOR(ts TO MONTH))
SORTED BY (symbol, ts);

INSERT INTO market_data.candles_1m
SELECT symbol, floor_to_interval(ts, 60), ARG_MIN(price, id), MAX(price), MIN(price),
       ARG_MAX(price, id), SUM(amount), COUNT(*)
FROM lake.trades
GROUP BY symbol, floor_to_interval(ts, 60);

SELECT ts, open, high, low, close, volume, trades
FROM market_data.candles_1m
ORDER BY volume DESC
LIMIT 5;
