package io.tidegate.gateway.bench;

/** What can be measured. */
enum BenchPath {
  COPY,
  SORTED,
  BUCKETS,
  INSERT,
  JOIN,
  BOUNDED,
  SLICES,
  VERIFY,
  BARS,
  FIRST_ANSWER;

  /** Whether it moves candles between the stores. */
  boolean isBetweenStores() {
    return this != BARS && this != FIRST_ANSWER;
  }
}
