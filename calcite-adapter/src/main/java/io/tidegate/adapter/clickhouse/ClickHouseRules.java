package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.PushDown;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRules;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.util.ImmutableBitSet;

/** What ClickHouse may run: operators listed here over expressions that its dialect spells. */
public final class ClickHouseRules {
  private ClickHouseRules() {}

  public static List<RelOptRule> rules(StoreConvention clickHouse) {
    PushDown pushDown = new PushDown(clickHouse);
    return List.of(
        StoreRules.filter(clickHouse, pushDown::mayFilter),
        StoreRules.project(clickHouse, pushDown::mayProject),
        StoreRules.aggregate(
            clickHouse, aggregate -> mayAggregate(aggregate) && pushDown.mayAggregate(aggregate)),
        StoreRules.join(clickHouse, join -> mayJoin(join) && pushDown.mayJoin(join)),
        StoreRules.sort(clickHouse, sort -> maySort(sort) && pushDown.maySort(sort)),
        StoreRules.union(clickHouse, ClickHouseRules::mayUnion));
  }

  /** Simple groups by keys whose equality both engines see alike. */
  private static boolean mayAggregate(Aggregate aggregate) {
    return aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && aggregate.getRowType().getFieldCount() > 0
        && areEqualAlike(aggregate.getInput().getRowType(), aggregate.getGroupSet());
  }

  /** Inner and left joins on equal keys; another condition only where it cannot lose a row. */
  private static boolean mayJoin(Join join) {
    JoinInfo info = join.analyzeCondition();
    boolean types =
        join.getJoinType() == JoinRelType.INNER
            || join.getJoinType() == JoinRelType.LEFT && info.isEqui();
    return types
        && !info.leftKeys.isEmpty()
        && areEqualAlike(join.getLeft().getRowType(), info.leftSet())
        && areEqualAlike(join.getRight().getRowType(), info.rightSet());
  }

  private static boolean areEqualAlike(RelDataType rowType, ImmutableBitSet columns) {
    for (int column : columns) {
      RelDataTypeField field = rowType.getFieldList().get(column);
      switch (field.getType().getSqlTypeName()) {
        case REAL, FLOAT, DOUBLE, ARRAY, MAP, ROW -> {
          return false;
        }
        default -> {}
      }
    }
    return true;
  }

  /** An offset without a limit is no ClickHouse SQL. */
  private static boolean maySort(Sort sort) {
    return sort.offset == null || sort.fetch != null;
  }

  private static boolean mayUnion(SetOp union) {
    return union.all;
  }
}
