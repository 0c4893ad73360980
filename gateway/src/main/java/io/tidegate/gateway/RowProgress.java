package io.tidegate.gateway;

import java.sql.Statement;
import java.util.OptionalLong;

/** Asks how far a running statement is. Called from another thread than the one that runs it. */
@FunctionalInterface
interface RowProgress {
  /** Knows nothing of any statement. */
  RowProgress UNKNOWN = statement -> OptionalLong.empty();

  /** Rows moved so far, or nothing where the statement cannot say. */
  OptionalLong rowsSoFar(Statement statement);
}
