package io.tidegate.adapter.bars;

/**
 * How the columns of the input lie: partition keys, time, price, volume, then those of the optional
 * ones that are there, in this order.
 *
 * @param partitionKeys how many columns come before the time
 * @param aggTradeIds whether the records have ids
 * @param tradeIds whether the records have a first and a last individual trade id
 * @param buyerMaker whether the records say that the buyer was the maker
 */
public record TickLayout(
    int partitionKeys, boolean aggTradeIds, boolean tradeIds, boolean buyerMaker) {

  int columns() {
    return partitionKeys + 3 + (aggTradeIds ? 1 : 0) + (tradeIds ? 2 : 0) + (buyerMaker ? 1 : 0);
  }
}
