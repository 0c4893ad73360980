-- Range bars
-- A bar ends when the price is 250 decimal basis points, a quarter of a percent, away from where it began. A
-- Java kernel reads the trades as Arrow batches, in the lake's order, and its bars are a table like any other.

DROP TABLE IF EXISTS lake.range_bars_250;

CREATE TABLE lake.range_bars_250
SORTED BY (symbol, open_time)
AS SELECT * FROM TABLE(range_bars(TABLE lake.trades PARTITION BY symbol ORDER BY ts, 250));

SELECT open_time, close_time, open, high, low, close, volume, individual_trade_count AS trades
FROM lake.range_bars_250
ORDER BY volume DESC
LIMIT 5;
