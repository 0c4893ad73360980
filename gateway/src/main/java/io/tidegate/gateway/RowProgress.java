package io.tidegate.gateway;

import java.util.OptionalLong;

/** Asks how far a running statement is. Called from another thread than the one that runs it. */
@FunctionalInterface
interface RowProgress extends AutoCloseable {
  /** Rows moved so far, or nothing where that is not known. */
  OptionalLong rowsSoFar(String sql);

  @Override
  default void close() {}
}
