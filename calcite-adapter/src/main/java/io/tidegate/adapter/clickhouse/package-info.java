/**
 * ClickHouse: the wire, the engine as a child process, its types and dialect, what may be pushed to
 * it, and inserts that lose and double nothing.
 */
package io.tidegate.adapter.clickhouse;
