package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease on a table's runs that, when given back, lets go on what waited for it. */
final class TableHold implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableHold.class);

  private final TableDirectory table;
  private final TableLeases.Lease lease;
  private boolean leftovers;

  TableHold(TableDirectory table, TableLeases.Lease lease) {
    this.table = requireNonNull(table, "table");
    this.lease = requireNonNull(lease, "lease");
  }

  TableLeases.Lease lease() {
    return lease;
  }

  /** Has the end look for what can be removed, whether or not something waits. */
  void removeLeftovers() {
    leftovers = true;
  }

  /**
   * Gives the lease back. What waits for it is removed now; failing at that is no fault of a
   * reader.
   */
  @Override
  public void close() {
    try {
      if (lease.close() || leftovers) {
        table.removeUnread();
      }
    } catch (IOException | LakeException e) {
      LOG.warn("Removing what lake table {} no longer needs is left to later", table.name(), e);
    }
  }
}
