package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import org.apache.arrow.vector.VectorSchemaRoot;

/** One row of a small answer; only valid while it is being mapped. */
final class ClickHouseRow {
  private final VectorSchemaRoot batch;
  private int index;

  ClickHouseRow(VectorSchemaRoot batch) {
    this.batch = batch;
  }

  void moveTo(int row) {
    index = row;
  }

  /** The value as Arrow's own Java type, or null; columns count from 0. */
  Object value(int column) {
    return batch.getVector(column).getObject(index);
  }

  /** The value as text, or null. */
  String text(int column) {
    Object value = value(column);
    return value == null ? null : value.toString();
  }

  /** The value of an integer column that has no NULL here. */
  long number(int column) {
    return ((Number) requireNonNull(value(column), "NULL in column " + column)).longValue();
  }

  /** Makes something of a row. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ClickHouseRow row);
  }
}
