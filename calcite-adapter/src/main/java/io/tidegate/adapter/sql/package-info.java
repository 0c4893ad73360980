/**
 * The door: the JDBC driver, from SQL text to a plan, and the open catalog that both stores hang
 * on. The only package that knows both stores.
 */
package io.tidegate.adapter.sql;
