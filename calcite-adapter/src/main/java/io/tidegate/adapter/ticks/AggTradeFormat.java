package io.tidegate.adapter.ticks;

import io.tidegate.adapter.ticks.TickLine.Malformed;
import io.tidegate.functions.FixedPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Lines of Binance's aggTrades archives: agg_trade_id, price, quantity, first_trade_id,
 * last_trade_id, timestamp, is_buyer_maker, and in spot files is_best_match, which nothing reads. A
 * header is optional. Times are milliseconds or, from 10^13 on, microseconds.
 */
final class AggTradeFormat implements TickFormat {
  private static final List<Set<String>> HEADER =
      List.of(
          Set.of("agg_trade_id", "a"),
          Set.of("price", "p"),
          Set.of("quantity", "qty", "volume", "q"),
          Set.of("first_trade_id", "f"),
          Set.of("last_trade_id", "l"),
          Set.of("timestamp", "transact_time", "T"),
          Set.of("is_buyer_maker", "m"));

  private static final int COLUMNS = 7;
  private static final long FIRST_MICROS = 10_000_000_000_000L;
  private static final long EARLIEST_MICROS = 946_684_800_000_000L;
  private static final long LATEST_MICROS = 2_051_222_400_000_000L;

  /** Fields of every line: those of the first one. */
  private int fields;

  @Override
  public boolean isHeader(TickLine line) throws Malformed {
    boolean header =
        Arrays.stream(line.texts())
            .map(String::strip)
            .anyMatch(name -> HEADER.stream().anyMatch(names -> names.contains(name)));
    if (!header) {
      return false;
    }
    for (int i = 0; i < COLUMNS; i++) {
      if (i >= line.fields() || !HEADER.get(i).contains(line.text(i).strip())) {
        throw new Malformed(
            "its header must be agg_trade_id, price, quantity, first_trade_id, last_trade_id,"
                + " timestamp, is_buyer_maker, but is "
                + String.join(", ", line.texts()));
      }
    }
    return true;
  }

  @Override
  public void parse(TickLine line, Tick tick) throws Malformed {
    if (fields == 0) {
      fields = line.fields() == COLUMNS + 1 ? COLUMNS + 1 : COLUMNS;
    }
    if (line.fields() != fields) {
      throw new Malformed("it must have " + fields + " fields, but has " + line.fields());
    }
    tick.aggTradeId = line.count(0, "agg_trade_id");
    tick.priceRaw = line.amount(1, "price");
    tick.quantityRaw = line.amount(2, "quantity");
    tick.firstTradeId = line.count(3, "first_trade_id");
    tick.lastTradeId = line.count(4, "last_trade_id");
    long timestamp = line.count(5, "timestamp");
    tick.tsMicros = timestamp < FIRST_MICROS ? timestamp * 1000 : timestamp;
    tick.buyerMaker = line.flag(6, "is_buyer_maker");
    if (tick.priceRaw <= 0) {
      throw new Malformed("price must be positive, but is " + FixedPoint.toText(tick.priceRaw));
    }
    if (tick.quantityRaw < 0) {
      throw new Malformed(
          "quantity must not be negative, but is " + FixedPoint.toText(tick.quantityRaw));
    }
    if (tick.lastTradeId < tick.firstTradeId) {
      throw new Malformed(
          "last_trade_id must not be below first_trade_id, but they are "
              + tick.lastTradeId
              + " and "
              + tick.firstTradeId);
    }
    if (tick.tsMicros < EARLIEST_MICROS || tick.tsMicros > LATEST_MICROS) {
      throw new Malformed(
          "timestamp must be milliseconds or microseconds of 2000 to 2034, but is " + timestamp);
    }
  }
}
