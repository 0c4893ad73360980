-- The tables of candles_1m.clickhouse.sql for catalogs/duckdb.yaml, in DuckDB's own SQL:
--
--   ./tidegate ddl apply catalogs/ddl/candles_1m.duckdb.sql --catalog catalogs/duckdb.yaml
--
-- DuckDB has no materialised views and no ReplacingMergeTree. canonical_candles_1m is a view here that computes what
-- ClickHouse's table is under FINAL: of the same candle the one that was ingested last.

CREATE TABLE IF NOT EXISTS ref_market (
  market_id USMALLINT PRIMARY KEY, exchange_name VARCHAR NOT NULL, market_type VARCHAR NOT NULL,
  market_code VARCHAR NOT NULL, is_enabled UTINYINT NOT NULL DEFAULT 1,
  count_symbols UINTEGER NOT NULL DEFAULT 0, updated_at TIMESTAMP NOT NULL DEFAULT now());

CREATE TABLE IF NOT EXISTS ref_instruments (
  market_id USMALLINT, symbol VARCHAR, status VARCHAR NOT NULL DEFAULT 'UNKNOWN',
  is_tradable UTINYINT NOT NULL DEFAULT 1, base_asset VARCHAR, quote_asset VARCHAR,
  price_step DOUBLE, qty_step DOUBLE, min_notional DOUBLE,
  updated_at TIMESTAMP NOT NULL DEFAULT now(), PRIMARY KEY (market_id, symbol));

CREATE TABLE IF NOT EXISTS raw_binance_klines_1m (
  market_id USMALLINT NOT NULL, symbol VARCHAR NOT NULL, instrument_key VARCHAR NOT NULL,
  open_time TIMESTAMP NOT NULL, open DOUBLE NOT NULL, high DOUBLE NOT NULL, low DOUBLE NOT NULL,
  close DOUBLE NOT NULL, volume DOUBLE NOT NULL, close_time TIMESTAMP NOT NULL,
  quote_asset_volume DOUBLE, number_of_trades UINTEGER, taker_buy_base_asset_volume DOUBLE,
  taker_buy_quote_asset_volume DOUBLE, source VARCHAR NOT NULL DEFAULT 'unknown',
  ingested_at TIMESTAMP NOT NULL DEFAULT now(), ingest_id UUID);

CREATE TABLE IF NOT EXISTS raw_bybit_klines_1m (
  market_id USMALLINT NOT NULL, symbol VARCHAR NOT NULL, instrument_key VARCHAR NOT NULL,
  interval_min USMALLINT NOT NULL, start_time_ms UBIGINT NOT NULL,
  start_time_utc TIMESTAMP NOT NULL, open DOUBLE NOT NULL, high DOUBLE NOT NULL,
  low DOUBLE NOT NULL, close DOUBLE NOT NULL, volume DOUBLE NOT NULL, turnover DOUBLE,
  source VARCHAR NOT NULL DEFAULT 'unknown', ingested_at TIMESTAMP NOT NULL DEFAULT now(),
  ingest_id UUID);

CREATE VIEW IF NOT EXISTS canonical_candles_1m AS
SELECT market_id, symbol, instrument_key, open_time AS ts_open, close_time AS ts_close,
       open, high, low, close, volume AS volume_base, quote_asset_volume AS volume_quote,
       number_of_trades AS trades_count, taker_buy_base_asset_volume AS taker_buy_volume_base,
       taker_buy_quote_asset_volume AS taker_buy_volume_quote, source, ingested_at, ingest_id
FROM raw_binance_klines_1m
QUALIFY row_number() OVER (PARTITION BY market_id, symbol, open_time ORDER BY ingested_at DESC) = 1
UNION ALL
SELECT market_id, symbol, instrument_key, start_time_utc, start_time_utc + INTERVAL 1 MINUTE,
       open, high, low, close, volume, turnover, NULL, NULL, NULL, source, ingested_at, ingest_id
FROM raw_bybit_klines_1m
QUALIFY row_number() OVER (PARTITION BY market_id, symbol, start_time_utc ORDER BY ingested_at DESC) = 1;
