/**
 * Bars over Arrow batches: a {@link io.tidegate.functions.BarMachine} between a store that sorts
 * trades and whoever reads the bars.
 */
package io.tidegate.adapter.bars;
