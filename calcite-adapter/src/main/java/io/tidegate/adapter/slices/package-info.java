/** Candles around alerts: what is done with them batch by batch. */
package io.tidegate.adapter.slices;
