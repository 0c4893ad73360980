package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.ArrowUpdate;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;

/**
 * What a plan ends in: {@link ArrowToEnumerableConverter} for a query, or one that changes a store.
 * It has a convention of its own, and no store operator is in it, so that what cannot be planned
 * fails by name instead of getting slow in silence.
 */
public interface StatementRel extends RelNode {
  Convention CONVENTION = new Convention.Impl("STATEMENT", StatementRel.class);

  /** A plan's end that changes a store and gives a row count. */
  interface Update extends StatementRel {
    ArrowUpdate update(StatementContext statement);
  }
}
