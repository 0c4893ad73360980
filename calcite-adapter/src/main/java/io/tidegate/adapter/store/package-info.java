/**
 * What ClickHouse and DuckDB have in common as stores of a plan: the operators that become one SQL
 * text, the printer, the cost of crossing a border, tables and the ways to insert. A store differs
 * from the other by its {@link io.tidegate.adapter.store.StoreDialect} and its list of rules.
 */
package io.tidegate.adapter.store;
