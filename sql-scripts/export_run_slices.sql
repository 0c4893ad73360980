-- The candles around alerts become a run of the lake: slices, and with the same run id the coverage of each
-- alert's window and a copy of the alerts. Coverage is published first and slices last, so a run whose slices are
-- there is whole. A run id that is there already is refused unless everything is equal, and then nothing is done.
--
-- param alerts VARCHAR : a .csv or .parquet file: alert_id or id, mint or token_address, ts or timestamp or ts_ms
-- param run_id VARCHAR : such as 2024-01-01-nightly
-- param interval_s INTEGER = 60 : the length of a candle in seconds
-- param pre INTEGER = 52 : candles before the alert's own
-- param post INTEGER = 4948 : candles behind it
-- param chain VARCHAR = solana : all chains when empty
-- param source IDENTIFIER = market_data.ohlcv_candles : candles in any shape that candle_columns knows
-- param strict BOOLEAN = false : leave out the candles of alerts that do not reach the next two numbers
-- param min_required_pre INTEGER = 52 : slots that must be there before the alert
-- param target_total INTEGER = 5000 : slots that must be there in all
-- param whole_span BOOLEAN = false : every candle of a mint from the first window's begin to the last one's end
-- param target_file_mb INTEGER = 512 : where a file of a bucket ends and the next one begins, about
-- param compression VARCHAR = zstd : zstd, snappy or none; that of the tables, if they are there already
-- param slices IDENTIFIER = lake.run_slices : made when it is missing, as the next two
-- param coverage IDENTIFIER = lake.run_coverage : one row for each alert
-- param alerts_copy IDENTIFIER = lake.run_alerts : the alerts as they were read
-- param work_alerts IDENTIFIER = scratch.slice_alerts : made, and dropped at the end
-- param work_touched IDENTIFIER = scratch.slice_touched : made, and dropped at the end
-- param work_ranges IDENTIFIER = scratch.slice_ranges : made, and dropped at the end
-- param work_kept IDENTIFIER = scratch.slice_kept : made, and dropped at the end
-- param work_candles IDENTIFIER = scratch.slice_candles : made, and dropped at the end
-- param work_repeated IDENTIFIER = scratch.slice_repeated : made, and dropped at the end

CREATE TABLE IF NOT EXISTS :coverage (
  run VARCHAR NOT NULL,
  alert_id VARCHAR NOT NULL,
  mint VARCHAR NOT NULL,
  alert_ts TIMESTAMP NOT NULL,
  anchor_ts_ms BIGINT NOT NULL,
  available_pre INTEGER NOT NULL,
  available_post INTEGER NOT NULL,
  available_total INTEGER NOT NULL,
  first_ts_ms BIGINT,
  last_ts_ms BIGINT,
  status VARCHAR NOT NULL,
  expected_slots INTEGER NOT NULL,
  missing_slots INTEGER NOT NULL,
  duplicates BIGINT NOT NULL,
  gap_ranges VARCHAR NOT NULL,
  kept BOOLEAN NOT NULL,
  interval_s INTEGER NOT NULL,
  pre INTEGER NOT NULL,
  post INTEGER NOT NULL)
SORTED BY (run, alert_ts, alert_id, mint)
WITH (codec = :compression);

CREATE TABLE IF NOT EXISTS :alerts_copy (
  run VARCHAR NOT NULL,
  alert_id VARCHAR NOT NULL,
  mint VARCHAR NOT NULL,
  alert_ts TIMESTAMP NOT NULL)
SORTED BY (run, alert_ts, alert_id, mint)
WITH (codec = :compression);

CREATE TABLE IF NOT EXISTS :slices (
  mint VARCHAR NOT NULL,
  ts TIMESTAMP NOT NULL,
  interval_s INTEGER NOT NULL,
  open DOUBLE,
  high DOUBLE,
  low DOUBLE,
  close DOUBLE,
  volume DOUBLE,
  run VARCHAR NOT NULL)
PARTITIONED BY (mint_bucket(mint))
SORTED BY (run, mint, ts)
WITH (codec = :compression);

-- An alert's own window, and what is exported for it. From here on an alert is a number: numbers join and sort
-- faster than addresses do.
CREATE TABLE :work_alerts (
  alert BIGINT NOT NULL,
  mint VARCHAR NOT NULL,
  alert_ts TIMESTAMP NOT NULL,
  alert_id VARCHAR NOT NULL,
  window_start TIMESTAMP NOT NULL,
  window_end TIMESTAMP NOT NULL,
  first_ts TIMESTAMP NOT NULL,
  end_ts TIMESTAMP NOT NULL,
  bucket_s INTEGER NOT NULL,
  first_bucket TIMESTAMP NOT NULL);

INSERT INTO :work_alerts
SELECT alert, mint, alert_ts, alert_id, window_start, window_end, first_ts, end_ts, bucket_s,
       floor_to_interval(first_ts, bucket_s)
FROM (
  SELECT ROW_NUMBER() OVER (ORDER BY alert_ts, alert_id, mint) AS alert,
         mint, alert_ts, alert_id, window_start, window_end,
         CASE WHEN :whole_span THEN MIN(window_start) OVER () ELSE window_start END AS first_ts,
         CASE WHEN :whole_span THEN MAX(window_end) OVER () ELSE window_end END AS end_ts,
         CASE WHEN :whole_span THEN 500000000 ELSE :interval_s * ((:pre + :post + 1) / 4 + 1) END AS bucket_s
  FROM (
    SELECT DISTINCT mint, alert_ts, alert_id, window_start, window_end
    FROM TABLE(window_slice(
           (SELECT * FROM TABLE(read_alerts(:alerts))), DESCRIPTOR(alert_ts), :interval_s, :pre, :post))) AS a) AS b;

-- The buckets of time that an alert touches: what candles are joined by. A bucket is a little longer than a quarter
-- of a window, so five hold one; and hardly more candles leave the source than those that are wanted. What overlaps
-- in a bucket is one range.
CREATE TABLE :work_touched AS
SELECT alert, mint, alert_ts, window_start, window_end, first_ts, end_ts, bucket,
       SUM(CASE WHEN first_ts <= end_before THEN 0 ELSE 1 END) OVER (
         ORDER BY mint, bucket, first_ts, end_ts, alert ROWS UNBOUNDED PRECEDING) AS range_no
FROM (
  SELECT alert, mint, alert_ts, window_start, window_end, first_ts, end_ts, bucket,
         MAX(end_ts) OVER (
           PARTITION BY mint, bucket ORDER BY first_ts, end_ts, alert
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS end_before
  FROM (
    SELECT a.*, first_bucket + INTERVAL '1' SECOND * (n * bucket_s) AS bucket
    FROM :work_alerts AS a, (VALUES 0, 1, 2, 3, 4) AS b (n)) AS t
  WHERE bucket < end_ts) AS ordered;

-- What is exported without its overlaps: what a candle is compared with is a handful of ranges, however many
-- alerts its mint has.
CREATE TABLE :work_ranges AS
SELECT range_no, mint, bucket, MIN(first_ts) AS first_ts, MAX(end_ts) AS end_ts
FROM :work_touched
GROUP BY range_no, mint, bucket;

-- The one time that the source is read.
CREATE TABLE :work_candles AS
SELECT r.range_no, c.mint, c.ts, c.open, c.high, c.low, c.close, c.volume, c.quality, c.ingested_at
FROM (
  SELECT *, floor_to_interval(
              ts, CASE WHEN :whole_span THEN 500000000 ELSE :interval_s * ((:pre + :post + 1) / 4 + 1) END) AS bucket
  FROM TABLE(candle_columns(TABLE :source, :interval_s, :chain))) AS c
JOIN :work_ranges AS r
  ON r.mint = c.mint AND r.bucket = c.bucket AND c.ts >= r.first_ts AND c.ts < r.end_ts;

-- Each of the three manifests names all three tables: lake.verify knows by it what belongs together.
INSERT INTO :coverage WITH (
  run_id = :run_id, codec = :compression,
  "input.slices" = :slices, "input.coverage" = :coverage, "input.alerts_copy" = :alerts_copy)
SELECT :run_id, a.alert_id, a.mint, a.alert_ts, anchor_ts_ms, available_pre, available_post, available_total,
       first_ts_ms, last_ts_ms, status, expected_slots, missing_slots, duplicates, gap_ranges,
       NOT :strict OR available_pre >= :min_required_pre AND available_total >= :target_total,
       :interval_s, :pre, :post
FROM TABLE(slice_coverage(
       (SELECT t.alert, t.alert_ts, c.ts
        FROM :work_touched AS t
        LEFT JOIN :work_candles AS c
          ON c.range_no = t.range_no AND c.ts >= t.window_start AND c.ts < t.window_end)
       PARTITION BY (alert, alert_ts) ORDER BY ts, DESCRIPTOR(alert_ts), :interval_s, :pre, :post)) AS c
JOIN :work_alerts AS a ON a.alert = c.alert;

INSERT INTO :alerts_copy WITH (
  run_id = :run_id, codec = :compression,
  "input.slices" = :slices, "input.coverage" = :coverage, "input.alerts_copy" = :alerts_copy)
SELECT :run_id, alert_id, mint, alert_ts
FROM :work_alerts;

-- The same of those alerts alone that are kept: where one between others goes, a range may fall into parts.
CREATE TABLE :work_kept AS
SELECT range_no, MIN(first_ts) AS first_ts, MAX(end_ts) AS end_ts
FROM (
  SELECT range_no, first_ts, end_ts,
         SUM(CASE WHEN first_ts <= end_before THEN 0 ELSE 1 END) OVER (
           PARTITION BY range_no ORDER BY first_ts, end_ts, alert ROWS UNBOUNDED PRECEDING) AS part
  FROM (
    SELECT t.alert, t.range_no, t.first_ts, t.end_ts,
           MAX(t.end_ts) OVER (
             PARTITION BY t.range_no ORDER BY t.first_ts, t.end_ts, t.alert
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS end_before
    FROM :work_touched AS t
    JOIN :work_alerts AS a ON a.alert = t.alert
    JOIN :coverage AS k ON k.alert_id = a.alert_id AND k.mint = a.mint AND k.alert_ts = a.alert_ts
    WHERE k.run = :run_id AND k.kept) AS ordered) AS numbered
GROUP BY range_no, part;

-- Moments with several candles: few or none, so that the others need not be ranked. Where no alert has seen any there
-- is nothing to look for, but outside of their windows nobody has looked yet.
CREATE TABLE :work_repeated AS
SELECT range_no, ts, COUNT(*) AS candles
FROM :work_candles
WHERE :whole_span OR range_no IN (
  SELECT t.range_no
  FROM :work_touched AS t
  JOIN :work_alerts AS a ON a.alert = t.alert
  JOIN :coverage AS k ON k.alert_id = a.alert_id AND k.mint = a.mint AND k.alert_ts = a.alert_ts
  WHERE k.run = :run_id AND k.duplicates > 0)
GROUP BY range_no, ts
HAVING COUNT(*) > 1;

-- Of several candles of a moment the best one stays: by quality, by when it came, by volume.
INSERT INTO :slices WITH (
  run_id = :run_id, target_file_mb = :target_file_mb, codec = :compression,
  "input.alerts" = :alerts, "input.chain" = :chain, "input.interval_s" = :interval_s, "input.pre" = :pre,
  "input.post" = :post, "input.strict" = :strict, "input.min_required_pre" = :min_required_pre,
  "input.target_total" = :target_total, "input.whole_span" = :whole_span,
  "input.slices" = :slices, "input.coverage" = :coverage, "input.alerts_copy" = :alerts_copy)
WITH kept AS (
  SELECT c.*
  FROM :work_candles AS c
  JOIN :work_kept AS r
    ON r.range_no = c.range_no AND c.ts >= r.first_ts AND c.ts < r.end_ts)
SELECT mint, ts, :interval_s, open, high, low, close, volume, :run_id
FROM (
  SELECT mint, ts, open, high, low, close, volume
  FROM kept AS c
  WHERE NOT EXISTS (SELECT 1 FROM :work_repeated AS d WHERE d.range_no = c.range_no AND d.ts = c.ts)
  UNION ALL
  SELECT mint, ts, open, high, low, close, volume
  FROM (
    SELECT c.*, ROW_NUMBER() OVER (
                  PARTITION BY c.mint, c.ts
                  ORDER BY c.quality DESC NULLS LAST, c.ingested_at DESC NULLS LAST, c.volume DESC NULLS LAST,
                           c.close DESC NULLS LAST, c.open DESC NULLS LAST, c.high DESC NULLS LAST,
                           c.low DESC NULLS LAST) AS place
    FROM kept AS c
    JOIN :work_repeated AS d ON d.range_no = c.range_no AND d.ts = c.ts) AS ranked
  WHERE place = 1) AS candles;

SELECT :run_id AS run_id,
       (SELECT COUNT(*) FROM :work_alerts) AS alerts,
       (SELECT COUNT(*) FROM :coverage WHERE run = :run_id AND kept) AS kept_events,
       (SELECT COUNT(*) FROM :coverage WHERE run = :run_id AND NOT kept) AS dropped_events,
       (SELECT COUNT(*) FROM :slices WHERE run = :run_id) AS candles,
       (SELECT COALESCE(SUM(candles - 1), 0) FROM :work_repeated) AS duplicates;

DROP TABLE :work_repeated;
DROP TABLE :work_candles;
DROP TABLE :work_ranges;
DROP TABLE :work_kept;
DROP TABLE :work_touched;
DROP TABLE :work_alerts;
