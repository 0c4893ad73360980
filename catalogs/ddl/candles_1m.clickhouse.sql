-- One-minute candles: raw tables per exchange, the canonical table that they flow into, reference data. In
-- ClickHouse's own SQL; apply it with
--
--   ./tidegate ddl apply catalogs/ddl/candles_1m.clickhouse.sql
--
-- or with clickhouse-client --database market_data. It can be applied again. What the exchanges may leave out is
-- Nullable in the raw tables too: an absent value must not become a zero. Tables remember the tokens of 1,000
-- inserted blocks, so that an insert whose answer was lost can be sent again.

CREATE TABLE IF NOT EXISTS ref_market
(
    market_id     UInt16,
    exchange_name LowCardinality(String),
    market_type   LowCardinality(String),
    market_code   LowCardinality(String),
    is_enabled    UInt8 DEFAULT 1,
    count_symbols UInt32 DEFAULT 0,
    updated_at    DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (market_id)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS ref_instruments
(
    market_id    UInt16,
    symbol       LowCardinality(String),
    status       LowCardinality(String) DEFAULT 'UNKNOWN',
    is_tradable  UInt8 DEFAULT 1,
    base_asset   LowCardinality(Nullable(String)),
    quote_asset  LowCardinality(Nullable(String)),
    price_step   Nullable(Float64),
    qty_step     Nullable(Float64),
    min_notional Nullable(Float64),
    updated_at   DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (market_id, symbol)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS raw_binance_klines_1m
(
    market_id                    UInt16,
    symbol                       LowCardinality(String),
    instrument_key               String,
    open_time                    DateTime64(3, 'UTC'),
    open                         Float64,
    high                         Float64,
    low                          Float64,
    close                        Float64,
    volume                       Float64,
    close_time                   DateTime64(3, 'UTC'),
    quote_asset_volume           Nullable(Float64),
    number_of_trades             Nullable(UInt32),
    taker_buy_base_asset_volume  Nullable(Float64),
    taker_buy_quote_asset_volume Nullable(Float64),
    source                       LowCardinality(String) DEFAULT 'unknown',
    ingested_at                  DateTime64(3, 'UTC') DEFAULT now64(3),
    ingest_id                    Nullable(UUID)
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(open_time)
ORDER BY (market_id, symbol, open_time)
SETTINGS index_granularity = 8192, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS raw_bybit_klines_1m
(
    market_id      UInt16,
    symbol         LowCardinality(String),
    instrument_key String,
    interval_min   UInt16,
    start_time_ms  UInt64,
    start_time_utc DateTime64(3, 'UTC'),
    open           Float64,
    high           Float64,
    low            Float64,
    close          Float64,
    volume         Float64,
    turnover       Nullable(Float64),
    source         LowCardinality(String) DEFAULT 'unknown',
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3),
    ingest_id      Nullable(UUID)
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(start_time_utc)
ORDER BY (market_id, symbol, start_time_utc)
SETTINGS index_granularity = 8192, non_replicated_deduplication_window = 1000;

-- Of the same candle the one that was ingested last is right: read it with FINAL.
CREATE TABLE IF NOT EXISTS canonical_candles_1m
(
    market_id              UInt16,
    symbol                 LowCardinality(String),
    instrument_key         String,
    ts_open                DateTime64(3, 'UTC'),
    ts_close               DateTime64(3, 'UTC'),
    open                   Float64,
    high                   Float64,
    low                    Float64,
    close                  Float64,
    volume_base            Float64,
    volume_quote           Nullable(Float64),
    trades_count           Nullable(UInt32),
    taker_buy_volume_base  Nullable(Float64),
    taker_buy_volume_quote Nullable(Float64),
    source                 LowCardinality(String),
    ingested_at            DateTime64(3, 'UTC'),
    ingest_id              Nullable(UUID)
)
ENGINE = ReplacingMergeTree(ingested_at)
PARTITION BY toYYYYMMDD(ts_open)
ORDER BY (market_id, symbol, ts_open)
SETTINGS index_granularity = 8192, non_replicated_deduplication_window = 1000;

CREATE MATERIALIZED VIEW IF NOT EXISTS mv_raw_binance_to_canonical_1m TO canonical_candles_1m AS
SELECT market_id, symbol, instrument_key, open_time AS ts_open, close_time AS ts_close,
       open, high, low, close, volume AS volume_base, quote_asset_volume AS volume_quote,
       number_of_trades AS trades_count, taker_buy_base_asset_volume AS taker_buy_volume_base,
       taker_buy_quote_asset_volume AS taker_buy_volume_quote, source, ingested_at, ingest_id
FROM raw_binance_klines_1m;

CREATE MATERIALIZED VIEW IF NOT EXISTS mv_raw_bybit_to_canonical_1m TO canonical_candles_1m AS
SELECT market_id, symbol, instrument_key, start_time_utc AS ts_open,
       start_time_utc + INTERVAL 1 MINUTE AS ts_close, open, high, low, close,
       volume AS volume_base, turnover AS volume_quote,
       CAST(NULL, 'Nullable(UInt32)') AS trades_count,
       CAST(NULL, 'Nullable(Float64)') AS taker_buy_volume_base,
       CAST(NULL, 'Nullable(Float64)') AS taker_buy_volume_quote, source, ingested_at, ingest_id
FROM raw_bybit_klines_1m;
