-- Both stores in one statement
-- Each store sums its own rows per day, and only these sums meet: the same volume came by both ways.

SELECT c."day", c.candles, t.trades, c.volume AS candle_volume, t.volume AS trade_volume,
       c.volume - t.volume AS difference
FROM (SELECT CAST(ts AS DATE) AS "day", COUNT(*) AS candles, SUM(volume) AS volume
      FROM market_data.candles_1m GROUP BY CAST(ts AS DATE)) AS c
JOIN (SELECT CAST(ts AS DATE) AS "day", COUNT(*) AS trades, SUM(amount) AS volume
      FROM lake.trades GROUP BY CAST(ts AS DATE)) AS t ON t."day" = c."day"
ORDER BY c."day";
