package io.tidegate.adapter.clickhouse;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** Joins, groups, orders and set operations over keys whose equality both engines see alike. */
final class ClickHouseOperators {
  private ClickHouseOperators() {}

  static void add(PushDownList.Builder list) {
    list.provenBy("filter/logic")
        .relation("FILTER", "conditions that cannot fail", "WHERE", rel -> true)
        .provenBy("filter/case")
        .relation("PROJECT", "", "SELECT", rel -> true)
        .provenBy("aggregate/group")
        .relation("GROUP BY", "keys not floating", "GROUP BY", ClickHouseOperators::mayGroup)
        .provenBy("aggregate/rollup")
        .relation(
            "GROUPING SETS",
            "keys not floating; ROLLUP and CUBE too",
            "GROUPING SETS",
            ClickHouseOperators::mayGroup)
        .provenBy("order/order")
        .relation(
            "ORDER BY", "an offset only with a limit", "ORDER BY", ClickHouseOperators::mayLimit)
        .provenBy("order/limit")
        .relation("LIMIT", "an offset only with a limit", "LIMIT", ClickHouseOperators::mayLimit)
        .provenBy("join/inner")
        .relation(
            "INNER JOIN",
            "equal keys, not floating; further conditions that cannot fail",
            "INNER JOIN",
            rel -> hasKeys((Join) rel))
        .provenBy("join/outer")
        .relation("LEFT JOIN", "equal keys, not floating", "LEFT JOIN", ClickHouseOperators::isEqui)
        .relation(
            "RIGHT JOIN", "equal keys, not floating", "RIGHT JOIN", ClickHouseOperators::isEqui)
        .relation("FULL JOIN", "equal keys, not floating", "FULL JOIN", ClickHouseOperators::isEqui)
        .provenBy("join/semi")
        .relation(
            "SEMI JOIN", "equal keys, not floating", "LEFT SEMI JOIN", ClickHouseOperators::isEqui)
        .relation(
            "ANTI JOIN", "equal keys, not floating", "LEFT ANTI JOIN", ClickHouseOperators::isEqui)
        .provenBy("set/union-all")
        .relation("UNION ALL", "", "UNION ALL", rel -> true)
        .provenBy("set/distinct")
        .relation("UNION", "columns not floating", "UNION DISTINCT", ClickHouseOperators::isExact)
        .relation(
            "INTERSECT", "columns not floating", "INTERSECT DISTINCT", ClickHouseOperators::isExact)
        .relation(
            "EXCEPT", "columns not floating", "EXCEPT DISTINCT", ClickHouseOperators::isExact);
  }

  private static boolean mayGroup(RelNode rel) {
    Aggregate aggregate = (Aggregate) rel;
    return aggregate.getRowType().getFieldCount() > 0
        && areEqualAlike(aggregate.getInput().getRowType(), aggregate.getGroupSet());
  }

  private static boolean mayLimit(RelNode rel) {
    Sort sort = (Sort) rel;
    return sort.offset == null || sort.fetch != null;
  }

  /** Whether two columns being equal is all that the join asks. */
  private static boolean isEqui(RelNode rel) {
    Join join = (Join) rel;
    return RelOptUtil.conjunctions(join.getCondition()).stream()
            .allMatch(node -> node.isA(SqlKind.EQUALS))
        && join.analyzeCondition().isEqui()
        && hasKeys(join);
  }

  /** Whether the join asks for equal columns; that both are NULL is no key to ClickHouse. */
  private static boolean hasKeys(Join join) {
    List<RexNode> equalities =
        RelOptUtil.conjunctions(join.getCondition()).stream()
            .filter(node -> node.isA(SqlKind.EQUALS))
            .toList();
    RexNode condition = RexUtil.composeConjunction(join.getCluster().getRexBuilder(), equalities);
    JoinInfo info = JoinInfo.of(join.getLeft(), join.getRight(), condition);
    return !info.leftKeys.isEmpty()
        && areEqualAlike(join.getLeft().getRowType(), info.leftSet())
        && areEqualAlike(join.getRight().getRowType(), info.rightSet());
  }

  private static boolean isExact(RelNode rel) {
    return areEqualAlike(rel.getRowType(), ImmutableBitSet.range(rel.getRowType().getFieldCount()));
  }

  private static boolean areEqualAlike(RelDataType rowType, ImmutableBitSet columns) {
    for (int column : columns) {
      RelDataTypeField field = rowType.getFieldList().get(column);
      if (!isEqualAlike(field.getType())) {
        return false;
      }
    }
    return true;
  }

  /** Whether values of a type are equal, and in order, alike to both engines. */
  static boolean isEqualAlike(RelDataType type) {
    return !Operand.isFloating(type)
        && switch (type.getSqlTypeName()) {
          case ARRAY, MAP, ROW, MULTISET -> false;
          default -> true;
        };
  }
}
