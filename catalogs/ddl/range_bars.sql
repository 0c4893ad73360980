-- The cache of range bars, for clickhouse-client. The scripts make plainer tables of the same columns when
-- they find none, so this is needed only where the cache is to be compact and to replace what is stored twice.
--
-- One bar is one row: (symbol, threshold, mode, close_time, last_agg_trade_id) names it, to the microsecond and,
-- for bars that close in the same one, by the trade it closed with. A bar that is made again is equal in all
-- columns but computed_at, so whichever of the two stays is right.

CREATE TABLE IF NOT EXISTS range_bars
(
    symbol                 LowCardinality(String),
    threshold_dbps         Int32,
    ouroboros_mode         LowCardinality(String),
    open_time              DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    close_time             DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    open                   Decimal(19, 8),
    high                   Decimal(19, 8),
    low                    Decimal(19, 8),
    close                  Decimal(19, 8),
    volume                 Decimal(38, 8),
    turnover               Decimal(38, 16),
    buy_volume             Decimal(38, 8),
    sell_volume            Decimal(38, 8),
    buy_turnover           Decimal(38, 16),
    sell_turnover          Decimal(38, 16),
    first_trade_id         Int64 CODEC(Delta, ZSTD),
    last_trade_id          Int64 CODEC(Delta, ZSTD),
    first_agg_trade_id     Int64 CODEC(Delta, ZSTD),
    last_agg_trade_id      Int64 CODEC(Delta, ZSTD),
    individual_trade_count Int64,
    agg_record_count       Int64,
    buy_trade_count        Int64,
    sell_trade_count       Int64,
    vwap                   Decimal(19, 8),
    duration_us            Int64,
    ofi                    Float64,
    vwap_close_deviation   Float64,
    price_impact           Float64,
    kyle_lambda_proxy      Float64,
    trade_intensity        Float64,
    volume_per_trade       Float64,
    aggression_ratio       Float64,
    aggregation_density    Float64,
    turnover_imbalance     Float64,
    computed_at            DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY (symbol, threshold_dbps, toYYYYMM(close_time))
ORDER BY (symbol, threshold_dbps, ouroboros_mode, close_time, last_agg_trade_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- How far each series is: one row for each step of a job. The one with the most ticks counts, and state is
-- what the bar-making goes on from.

CREATE TABLE IF NOT EXISTS range_bar_checkpoints
(
    symbol            LowCardinality(String),
    threshold_dbps    Int32,
    ouroboros_mode    LowCardinality(String),
    ticks             Int64,
    bars              Int64,
    last_ts           DateTime64(6, 'UTC'),
    last_agg_trade_id Int64,
    state             String
)
ENGINE = ReplacingMergeTree
ORDER BY (symbol, threshold_dbps, ouroboros_mode, ticks)
SETTINGS non_replicated_deduplication_window = 1000;
