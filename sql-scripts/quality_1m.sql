-- How good the one-minute candles of an instrument are, day by day: minutes that are missing, candles that are there
-- twice, candles whose prices contradict each other, candles without trade, outliers, and how complete the day is. An
-- outlier is a candle whose high or low is further from the close of the candle before it than outlier_percent of that;
-- the first candle has none before it.
--
-- param market_id INTEGER : 1 binance spot, 2 binance futures, 3 bybit spot, 4 bybit futures
-- param symbol VARCHAR : such as BTCUSDT, in upper or lower case
-- param start TIMESTAMP : the first minute, UTC
-- param end TIMESTAMP : the first minute that is too late, 10,000 days behind it at most
-- param outlier_percent INTEGER = 10 : how far a price may go within a minute
-- param source IDENTIFIER = market_data.canonical_candles_1m : a table of its columns

WITH candles AS (
  SELECT CAST(ts_open AS DATE) AS d, ts_open, open, high, low, close, volume_base,
         LAG(close) OVER (ORDER BY ts_open) AS close_before
  FROM :source
  WHERE market_id = :market_id AND symbol = UPPER(:symbol) AND ts_open >= :start AND ts_open < :end),
found AS (
  SELECT d, COUNT(*) AS candles, COUNT(DISTINCT FLOOR(ts_open TO MINUTE)) AS minutes,
         SUM(CASE WHEN low <= open AND low <= close AND high >= open AND high >= close AND low > 0
                   AND volume_base >= 0 THEN 0 ELSE 1 END) AS violations,
         SUM(CASE WHEN volume_base = 0 THEN 1 ELSE 0 END) AS zero_volume,
         SUM(CASE WHEN high > close_before * (1 + :outlier_percent / 100.0E0)
                    OR low < close_before * (1 - :outlier_percent / 100.0E0) THEN 1 ELSE 0 END) AS outliers,
         SUM(CASE WHEN ts_open = FLOOR(ts_open TO MINUTE) THEN 0 ELSE 1 END) AS misaligned
  FROM candles
  GROUP BY d),
digits AS (SELECT n FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS v(n)),
days AS (
  SELECT FLOOR(:start TO DAY) + INTERVAL '1' DAY * (a.n + 10 * b.n + 100 * c.n + 1000 * e.n) AS ts
  FROM digits AS a CROSS JOIN digits AS b CROSS JOIN digits AS c CROSS JOIN digits AS e),
expected AS (
  SELECT CAST(ts AS DATE) AS d,
         (EXTRACT(EPOCH FROM CASE WHEN ts + INTERVAL '1' DAY > :end THEN :end ELSE ts + INTERVAL '1' DAY END)
           - EXTRACT(EPOCH FROM CASE WHEN ts < :start THEN :start ELSE ts END)) / 60 AS minutes
  FROM days
  WHERE ts < :end)
SELECT x.d AS "day", x.minutes AS expected, COALESCE(f.minutes, 0) AS minutes,
       x.minutes - COALESCE(f.minutes, 0) AS missing, COALESCE(f.candles - f.minutes, 0) AS duplicates,
       COALESCE(f.violations, 0) AS ohlc_violations, COALESCE(f.misaligned, 0) AS misaligned,
       COALESCE(f.zero_volume, 0) AS zero_volume,
       COALESCE(f.outliers, 0) AS outliers,
       CAST(COALESCE(f.minutes, 0) AS DOUBLE) / CAST(x.minutes AS DOUBLE) AS completeness
FROM expected AS x LEFT JOIN found AS f ON f.d = x.d
ORDER BY x.d;
