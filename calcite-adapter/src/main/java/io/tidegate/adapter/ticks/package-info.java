/** Tick files as they come from an exchange's archive: opened, verified, parsed, given as Arrow. */
package io.tidegate.adapter.ticks;
