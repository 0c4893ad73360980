package io.tidegate.gateway.fetch;

/** A market of the archive. */
enum Market {
  SPOT("spot"),
  /** Futures with margin in a stable coin. */
  UM("futures/um"),
  /** Futures with margin in the coin itself. */
  CM("futures/cm");

  private final String path;

  Market(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }
}
