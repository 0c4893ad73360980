-- Ticks of one symbol from Binance's aggTrades files into the lake. Ticks that are there already are left out, by
-- id, so the same files can be loaded again, and files may overlap. A damaged file, one with a line that is no tick,
-- or an id that stands for another tick already, stores nothing.
--
-- param files VARCHAR : a file or a pattern, such as ticks/BTCUSDT-aggTrades-2024-*.zip
-- param symbol VARCHAR : such as BTCUSDT
-- param start TIMESTAMP = 1970-01-01 : the first moment, UTC; with bounds the job looks at less of the table
-- param end TIMESTAMP = 2200-01-01 : the first moment that is too late
-- param target IDENTIFIER = lake.ticks : made when it is missing; one market's ticks, by symbol and month

CREATE TABLE IF NOT EXISTS :target (
  symbol VARCHAR NOT NULL,
  ts TIMESTAMP NOT NULL,
  agg_trade_id BIGINT NOT NULL,
  price DECIMAL(18, 8) NOT NULL,
  quantity DECIMAL(19, 8) NOT NULL,
  first_trade_id BIGINT NOT NULL,
  last_trade_id BIGINT NOT NULL,
  is_buyer_maker BOOLEAN NOT NULL)
PARTITIONED BY (symbol, FLOOR(ts TO MONTH) AS "month")
SORTED BY (ts, agg_trade_id);

INSERT INTO :target
SELECT DISTINCT f.symbol, f.ts, f.agg_trade_id, f.price, f.quantity, f.first_trade_id,
       f.last_trade_id, f.is_buyer_maker
FROM TABLE(read_agg_trades(:files, :symbol)) AS f
LEFT JOIN (SELECT ts, agg_trade_id, price, quantity FROM :target
           WHERE symbol = :symbol AND ts >= :start AND ts < :end) AS t
  ON t.agg_trade_id = f.agg_trade_id
WHERE f.ts >= :start AND f.ts < :end
  AND refuse_unless(
        t.agg_trade_id IS NULL,
        t.agg_trade_id IS NULL
          OR t.ts = f.ts AND t.price = f.price AND t.quantity = f.quantity,
        'tick ' || CAST(f.agg_trade_id AS VARCHAR) || ' is there already, but is another one');

SELECT COUNT(*) AS ticks, MIN(ts) AS first_tick, MAX(ts) AS last_tick
FROM :target
WHERE symbol = :symbol AND ts >= :start AND ts < :end;
