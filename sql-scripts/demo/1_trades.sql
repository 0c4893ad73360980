-- Trades into the lake
-- A CSV file of 100,000 trades, Bitstamp BTC/USD, becomes a Parquet table with types, daily partitions and
-- an order. The file has no trade ids; the number of the line keeps trades of the same second apart.
-- param trades VARCHAR = 'data/demo/bitstamp_trades_from_20131125_usd.csv' : the file

DROP TABLE IF EXISTS lake.trades;

CREATE TABLE lake.trades (
  symbol VARCHAR NOT NULL,
  ts TIMESTAMP NOT NULL,
  id BIGINT NOT NULL,
  price DECIMAL(18, 8) NOT NULL,
  amount DECIMAL(18, 8) NOT NULL)
PARTITIONED BY (FLOOR(ts TO DAY) AS "day")
SORTED BY (symbol, ts, id);

INSERT INTO lake.trades
SELECT 'BTC/USD', TIMESTAMPADD(SECOND, timestamp, TIMESTAMP '1970-01-01 00:00:00'),
       ROW_NUMBER() OVER (), price, amount
FROM TABLE(read_csv(:trades));

SELECT COUNT(*) AS trades, MIN(ts) AS first_trade, MAX(ts) AS last_trade,
       MIN(price) AS lowest, MAX(price) AS highest, SUM(amount) AS volume
FROM lake.trades;
