-- Brings the cache of range bars of one symbol up to date with its ticks, month by month. It can be stopped or
-- killed at any moment and run again: it goes on behind its last checkpoint, and no bar is missing or there twice.
--
-- param symbol VARCHAR : such as BTCUSDT
-- param threshold INTEGER = 250 : how far a bar goes, in decimal basis points: 250 is 0.25 %
-- param last_day DATE = 2199-12-31 : the last day whose ticks are read, UTC
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

SELECT COUNT(*) AS bars, MIN(open_time) AS first_bar, MAX(close_time) AS last_bar
FROM (SELECT DISTINCT open_time, close_time, last_agg_trade_id
      FROM :bars
      WHERE symbol = :symbol AND threshold_dbps = :threshold AND ouroboros_mode = :ouroboros_mode) AS b;
