package io.tidegate.functions;

import static java.util.Objects.requireNonNull;

/**
 * Trades as parallel columns: row {@code i} of every array is one trade record.
 *
 * <p>A view, not a copy: a caller may keep one instance over arrays that it refills for every
 * batch, and an array may be longer than the rows in use. The last four columns may be absent
 * ({@code null}); then a record counts as one trade with its position in the whole input as its id,
 * and every record is a buy.
 *
 * @param tsMicros microseconds since the epoch, UTC
 * @param priceRaw price times 10^8, positive
 * @param volumeRaw base-asset amount times 10^8, zero or more
 * @param aggTradeIds id of the record; absent: its position in the input, from 0
 * @param firstTradeIds id of the first individual trade in the record; absent: the record's id
 * @param lastTradeIds id of the last individual trade in the record; absent: the record's id
 * @param buyerMaker 1 where the seller was the aggressor ("sell"), 0 where the buyer was ("buy");
 *     absent: all 0
 */
public record TickColumns(
    long[] tsMicros,
    long[] priceRaw,
    long[] volumeRaw,
    long[] aggTradeIds,
    long[] firstTradeIds,
    long[] lastTradeIds,
    byte[] buyerMaker) {

  public TickColumns {
    requireNonNull(tsMicros, "tsMicros");
    requireNonNull(priceRaw, "priceRaw");
    requireNonNull(volumeRaw, "volumeRaw");
    if ((firstTradeIds == null) != (lastTradeIds == null)) {
      throw new IllegalArgumentException(
          "range_bars: first and last trade ids come together, but only the "
              + (firstTradeIds == null ? "last" : "first")
              + " ones were given");
    }
  }

  /** Trades of which nothing but time, price and volume is known. */
  public static TickColumns of(long[] tsMicros, long[] priceRaw, long[] volumeRaw) {
    return new TickColumns(tsMicros, priceRaw, volumeRaw, null, null, null, null);
  }

  boolean hasAggTradeIds() {
    return aggTradeIds != null;
  }

  /** The number of rows that every present column holds. */
  public int capacity() {
    int rows = Math.min(tsMicros.length, Math.min(priceRaw.length, volumeRaw.length));
    rows = aggTradeIds == null ? rows : Math.min(rows, aggTradeIds.length);
    rows =
        firstTradeIds == null
            ? rows
            : Math.min(rows, Math.min(firstTradeIds.length, lastTradeIds.length));
    return buyerMaker == null ? rows : Math.min(rows, buyerMaker.length);
  }
}
