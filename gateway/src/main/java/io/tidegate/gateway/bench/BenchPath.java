package io.tidegate.gateway.bench;

/** What can be measured. */
enum BenchPath {
  COPY,
  SORTED,
  BUCKETS,
  INSERT,
  JOIN,
  BOUNDED,
  FIRST_ANSWER
}
