/**
 * Market-data kernels over primitive arrays: what SQL functions such as {@code range_bars} and
 * {@code mint_bucket} compute, without SQL, Arrow or any library.
 *
 * <p>Times are microseconds since the epoch in UTC; prices and amounts are raw fixed point (see
 * {@link io.tidegate.functions.FixedPoint}). What a user can get wrong is an {@link
 * java.lang.IllegalArgumentException} whose message begins with the function's SQL name.
 */
package io.tidegate.functions;
