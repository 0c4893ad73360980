/** The local engine and what it reads and writes: the lake's tables, a DuckDB file, other files. */
package io.tidegate.adapter.duckdb;
