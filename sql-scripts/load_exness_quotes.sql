-- Quotes of one symbol from Exness's files into the lake, as ticks of their middle price without quantity. Loading
-- a file again adds nothing. A damaged file, or one with a quote that the check refuses, stores nothing.
--
-- param files VARCHAR : a file or a pattern, such as ticks/Exness_EURUSD_Raw_Spread_2024_*.zip
-- param symbol VARCHAR : such as EURUSD; EURUSD_Raw_Spread in the file is it, too
-- param check VARCHAR = strict : permissive, strict (spreads to 10 % of the bid) or paranoid (to 1 %)
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
FROM TABLE(read_exness_quotes(:files, :symbol, :check)) AS f
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
