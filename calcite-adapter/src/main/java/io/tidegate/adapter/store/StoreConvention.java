package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowClient;
import org.apache.calcite.plan.Convention;

/**
 * The calling convention of one store: its operators become one SQL text in the store's own
 * dialect, run by the store's client. There is one instance for each ClickHouse endpoint and one
 * for DuckDB.
 */
public final class StoreConvention extends Convention.Impl {
  private final StoreDialect dialect;
  private final ArrowClient client;

  public StoreConvention(String name, StoreDialect dialect, ArrowClient client) {
    super(name, StoreRel.class);
    this.dialect = requireNonNull(dialect, "dialect");
    this.client = requireNonNull(client, "client");
  }

  public StoreDialect dialect() {
    return dialect;
  }

  public ArrowClient client() {
    return client;
  }

  /** The store conventions of a plan meet only in converters that Tidegate adds itself. */
  @Override
  public boolean canConvertConvention(Convention toConvention) {
    return false;
  }
}
