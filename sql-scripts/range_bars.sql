-- Range bars of one symbol become a table of the lake, sorted and in a directory per day. The new table is seen
-- whole or not at all; one that is there already is an error, and stays as it is.
--
-- param target IDENTIFIER : the table to make, such as lake.range_bars_250
-- param symbol VARCHAR : such as BTC/USD
-- param threshold INTEGER = 250 : how far a bar goes, in decimal basis points: 250 is 0.25 %
-- param source IDENTIFIER = lake.trades : symbol, ts, price, amount, and id for trades of the same moment

CREATE TABLE :target
PARTITIONED BY (FLOOR(open_time TO DAY) AS "day")
SORTED BY (symbol, open_time)
AS SELECT *
   FROM TABLE(range_bars(
     (SELECT * FROM :source WHERE symbol = :symbol) PARTITION BY symbol ORDER BY ts, :threshold));

SELECT symbol, COUNT(*) AS bars, MIN(open_time) AS first_bar, MAX(close_time) AS last_bar,
       SUM(volume) AS volume
FROM :target
GROUP BY symbol;
