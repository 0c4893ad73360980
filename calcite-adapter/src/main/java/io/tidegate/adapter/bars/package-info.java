/**
 * Range bars over Arrow batches: {@link io.tidegate.functions.RangeBars} between a store that sorts
 * trades and whoever reads the bars.
 */
package io.tidegate.adapter.bars;
