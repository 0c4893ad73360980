/**
 * How data moves: a tree of engine queries and table functions joined by Arrow streams, what runs
 * it, and the one door from Arrow to rows. Knows no engine and no plan.
 */
package io.tidegate.adapter.arrow;
