-- The candles back into the lake
-- The store streams Arrow, DuckDB writes sorted Parquet; readers see the new table whole or not at all.

DROP TABLE IF EXISTS lake.candles_1m;

CREATE TABLE lake.candles_1m
PARTITIONED BY (FLOOR(ts TO DAY) AS "day")
SORTED BY (symbol, ts)
AS SELECT * FROM market_data.candles_1m;

SELECT CAST(ts AS DATE) AS "day", COUNT(*) AS candles, MIN(low) AS low, MAX(high) AS high,
       SUM(volume) AS volume
FROM lake.candles_1m
GROUP BY CAST(ts AS DATE)
ORDER BY "day";
