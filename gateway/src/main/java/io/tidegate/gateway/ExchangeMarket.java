package io.tidegate.gateway;

import java.util.Arrays;
import java.util.Optional;

/** The markets that candles can be of. */
enum ExchangeMarket {
  BINANCE_SPOT(1, "binance", "spot", RawKlines.BINANCE),
  BINANCE_FUTURES(2, "binance", "futures", RawKlines.BINANCE),
  BYBIT_SPOT(3, "bybit", "spot", RawKlines.BYBIT),
  BYBIT_FUTURES(4, "bybit", "futures", RawKlines.BYBIT);

  private final int id;
  private final String exchange;
  private final String type;
  private final RawKlines raw;

  ExchangeMarket(int id, String exchange, String type, RawKlines raw) {
    this.id = id;
    this.exchange = exchange;
    this.type = type;
    this.raw = raw;
  }

  static Optional<ExchangeMarket> of(int id) {
    return Arrays.stream(values()).filter(market -> market.id == id).findFirst();
  }

  int id() {
    return id;
  }

  /** Where its candles go. */
  RawKlines raw() {
    return raw;
  }

  /** Such as {@code binance:spot:BTCUSDT}: to trace a row, not to identify it. */
  String instrumentKey(String symbol) {
    return exchange + ":" + type + ":" + symbol;
  }
}
