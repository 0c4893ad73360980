-- Candles of one table become another table, of the lake, sorted and in a directory per day. The new table is
-- seen whole or not at all; one that is there already is an error, and stays as it is.
--
-- param target IDENTIFIER : the table to make, such as lake.candles_5m
-- param source IDENTIFIER = market_data.candles_1m : symbol, ts, open, high, low, close, volume, trades
-- param symbol VARCHAR = '' : one symbol; all of them when empty
-- param interval_s INTEGER = 60 : the new candles' seconds, a multiple of the source's
-- param start TIMESTAMP = 1970-01-01 : the first moment, UTC
-- param end TIMESTAMP = 2200-01-01 : the first moment that is too late

CREATE TABLE :target
PARTITIONED BY (FLOOR(ts TO DAY) AS "day")
SORTED BY (symbol, ts)
AS SELECT symbol, floor_to_interval(ts, :interval_s) AS ts, ARG_MIN(open, ts) AS open,
          MAX(high) AS high, MIN(low) AS low, ARG_MAX(close, ts) AS close, SUM(volume) AS volume,
          SUM(trades) AS trades
   FROM :source
   WHERE ts >= :start AND ts < :end AND (:symbol = '' OR symbol = :symbol)
   GROUP BY symbol, floor_to_interval(ts, :interval_s);

SELECT symbol, COUNT(*) AS candles, MIN(ts) AS first_candle, MAX(ts) AS last_candle
FROM :target
GROUP BY symbol
ORDER BY symbol;
