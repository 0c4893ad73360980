package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.store.PushDown;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRules;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;

/** What DuckDB runs: everything that its dialect can spell. */
public final class DuckDbRules {
  private DuckDbRules() {}

  public static List<RelOptRule> rules(StoreConvention duckDb) {
    PushDown pushDown = new PushDown(duckDb);
    return List.of(
        StoreRules.filter(duckDb, pushDown::mayFilter),
        StoreRules.project(duckDb, pushDown::mayProject),
        StoreRules.aggregate(duckDb, pushDown::mayAggregate),
        StoreRules.join(duckDb, pushDown::mayJoin),
        StoreRules.correlate(duckDb, correlate -> true),
        StoreRules.sort(duckDb, pushDown::maySort),
        StoreRules.union(duckDb, union -> true),
        StoreRules.intersect(duckDb, intersect -> true),
        StoreRules.minus(duckDb, minus -> true),
        StoreRules.values(duckDb, pushDown::mayValues),
        StoreRules.asofJoin(duckDb, pushDown::mayJoinAsof),
        StoreRules.uncollect(duckDb, pushDown::mayCarry),
        StoreRules.collect(duckDb, pushDown::mayCarry),
        StoreRules.repeatUnion(duckDb, pushDown::mayCarry),
        StoreRules.transientScan(duckDb, pushDown::mayCarry));
  }
}
