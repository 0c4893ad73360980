-- The range bars of one symbol that close from one day to another, both days whole, UTC, as a new table. They
-- come from the cache; what it lacks is made of ticks and stored in it first, so the answer is the same either way.
--
-- param symbol VARCHAR : such as BTCUSDT
-- param threshold INTEGER = 250 : how far a bar goes, in decimal basis points: 250 is 0.25 %
-- param first_day DATE : the first day, UTC
-- param last_day DATE : the last day, UTC
-- param target IDENTIFIER : the table to make, such as lake.january; one that is there already is an error
-- param ouroboros_mode VARCHAR = none : where the series begins anew: none, year, month or week
-- param continuity_tolerance DECIMAL = 0.001 : how far, beyond the threshold, a bar may open from the close before it
-- param ticks IDENTIFIER = lake.ticks : as load_agg_trades.sql makes it
-- param bars IDENTIFIER = market_data.range_bars : made when it is missing
-- param checkpoints IDENTIFIER = market_data.range_bar_checkpoints : made when it is missing

CREATE TABLE IF NOT EXISTS :bars (
  symbol VARCHAR NOT NULL,
  threshold_dbps INTEGER NOT NULL,
  ouroboros_mode VARCHAR NOT NULL,
  open_time TIMESTAMP NOT NULL,
  close_time TIMESTAMP NOT NULL,
  open DECIMAL(19, 8) NOT NULL,
  high DECIMAL(19, 8) NOT NULL,
  low DECIMAL(19, 8) NOT NULL,
  close DECIMAL(19, 8) NOT NULL,
  volume DECIMAL(38, 8) NOT NULL,
  turnover DECIMAL(38, 16) NOT NULL,
  buy_volume DECIMAL(38, 8) NOT NULL,
  sell_volume DECIMAL(38, 8) NOT NULL,
  buy_turnover DECIMAL(38, 16) NOT NULL,
  sell_turnover DECIMAL(38, 16) NOT NULL,
  first_trade_id BIGINT NOT NULL,
  last_trade_id BIGINT NOT NULL,
  first_agg_trade_id BIGINT NOT NULL,
  last_agg_trade_id BIGINT NOT NULL,
  individual_trade_count BIGINT NOT NULL,
  agg_record_count BIGINT NOT NULL,
  buy_trade_count BIGINT NOT NULL,
  sell_trade_count BIGINT NOT NULL,
  vwap DECIMAL(19, 8) NOT NULL,
  duration_us BIGINT NOT NULL,
  ofi DOUBLE NOT NULL,
  vwap_close_deviation DOUBLE NOT NULL,
  price_impact DOUBLE NOT NULL,
  kyle_lambda_proxy DOUBLE NOT NULL,
  trade_intensity DOUBLE NOT NULL,
  volume_per_trade DOUBLE NOT NULL,
  aggression_ratio DOUBLE NOT NULL,
  aggregation_density DOUBLE NOT NULL,
  turnover_imbalance DOUBLE NOT NULL)
PARTITIONED BY (symbol, threshold_dbps, FLOOR(close_time TO MONTH))
SORTED BY (symbol, threshold_dbps, ouroboros_mode, close_time, last_agg_trade_id)
WITH (engine = 'ReplacingMergeTree');

CREATE TABLE IF NOT EXISTS :checkpoints (
  symbol VARCHAR NOT NULL,
  threshold_dbps INTEGER NOT NULL,
  ouroboros_mode VARCHAR NOT NULL,
  ticks BIGINT NOT NULL,
  bars BIGINT NOT NULL,
  last_ts TIMESTAMP NOT NULL,
  last_agg_trade_id BIGINT NOT NULL,
  state VARCHAR NOT NULL)
SORTED BY (symbol, threshold_dbps, ouroboros_mode, ticks)
WITH (engine = 'ReplacingMergeTree');

CALL precompute_range_bars(symbol => :symbol, threshold => :threshold,
  ouroboros_mode => :ouroboros_mode, continuity_tolerance => :continuity_tolerance,
  last_day => :last_day,
  ticks => :ticks, bars => :bars, checkpoints => :checkpoints);

CREATE TABLE :target
SORTED BY (close_time, last_agg_trade_id)
AS SELECT DISTINCT symbol, open_time, close_time, open, high, low, close, volume, turnover,
       buy_volume, sell_volume, buy_turnover, sell_turnover, first_trade_id, last_trade_id,
       first_agg_trade_id, last_agg_trade_id, individual_trade_count, agg_record_count,
       buy_trade_count, sell_trade_count, vwap, duration_us, ofi, vwap_close_deviation,
       price_impact, kyle_lambda_proxy, trade_intensity, volume_per_trade, aggression_ratio,
       aggregation_density, turnover_imbalance
   FROM :bars
   WHERE symbol = :symbol AND threshold_dbps = :threshold AND ouroboros_mode = :ouroboros_mode
     AND close_time >= CAST(:first_day AS TIMESTAMP)
     AND close_time < CAST(:last_day AS TIMESTAMP) + INTERVAL '1' DAY;

SELECT COUNT(*) AS bars, MIN(open_time) AS first_bar, MAX(close_time) AS last_bar
FROM :target;
