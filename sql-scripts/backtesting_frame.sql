-- Bars in the shape that backtesting.py and its like take: "Open", "High", "Low", "Close", "Volume" as DOUBLE, in
-- the order of "Time", which is when the bar closed. Bars that do not pass the required checks of validate_bars are
-- an error, and no table is made.
--
-- param target IDENTIFIER : the table to make, such as lake.btc_frame; one that is there already is an error
-- param symbol VARCHAR : such as BTC/USD
-- param threshold INTEGER = 250 : that of the bars, in decimal basis points
-- param continuity_tolerance DECIMAL = 0.001 : how far, beyond the threshold, a bar may open from the close before it
-- param source IDENTIFIER = lake.range_bars_250 : bars with a symbol

CREATE TABLE :target
SORTED BY ("Time")
AS SELECT b.close_time AS "Time", CAST(b.open AS DOUBLE) AS "Open", CAST(b.high AS DOUBLE) AS "High",
          CAST(b.low AS DOUBLE) AS "Low", CAST(b.close AS DOUBLE) AS "Close", CAST(b.volume AS DOUBLE) AS "Volume"
   FROM :source AS b
   CROSS JOIN (
     SELECT COUNT(*) AS failed, MIN(check) AS check
     FROM TABLE(validate_bars(
       (SELECT * FROM :source WHERE symbol = :symbol) PARTITION BY symbol ORDER BY close_time,
       :threshold, :continuity_tolerance))
     WHERE required AND NOT passed) AS v
   WHERE b.symbol = :symbol
     AND refuse_unless(TRUE, v.failed = 0,
           'The bars of ' || :symbol || ' are not valid: ' || v.check || ' failed; validate_bars says more');

SELECT COUNT(*) AS bars, MIN("Time") AS first_bar, MAX("Time") AS last_bar FROM :target;
