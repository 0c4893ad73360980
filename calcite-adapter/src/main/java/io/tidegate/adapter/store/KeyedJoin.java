package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.KeyRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A join of rows of a store that takes keys with few rows of elsewhere: the keys of the few are
 * sent first, so that the store sends back only what can meet them. Whether that is worth it is the
 * cost's question.
 */
final class KeyedJoin {
  private final StoreConvention from;
  private final StoreConvention to;

  /** Which input of the join is given keys: 0 or 1. */
  private final int side;

  private KeyedJoin(StoreConvention from, StoreConvention to, int side) {
    this.from = from;
    this.to = to;
    this.side = side;
  }

  /** The rules, one for each side of a join, that has to run in {@code to}. */
  static List<RelOptRule> rules(StoreConvention from, StoreConvention to) {
    return List.of(new KeyedJoin(from, to, 0).rule(), new KeyedJoin(from, to, 1).rule());
  }

  private RelOptRule rule() {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            LogicalJoin.class,
            join -> mayLeaveOut(join.getJoinType()) && new PushDown(to).may(join),
            Convention.NONE,
            to,
            "KeyedJoin" + side + from)
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    return keyed((LogicalJoin) rel);
                  }
                })
        .toRule();
  }

  /** Whether a row of this side without a partner does not count. */
  private boolean mayLeaveOut(JoinRelType type) {
    return switch (type) {
      case INNER, SEMI -> true;
      case LEFT, ANTI -> side == 1;
      case RIGHT -> side == 0;
      default -> false;
    };
  }

  /** The join with keys for one side; null where that cannot be or cannot help. */
  private RelNode keyed(LogicalJoin join) {
    List<int[]> pairs = pairs(join);
    RelNode rows = join.getInput(side);
    RelNode few = join.getInput(1 - side);
    if (pairs.isEmpty() || !readsFrom(rows) || readsNothingElse(few)) {
      return null;
    }
    List<Integer> fewColumns = pairs.stream().map(pair -> pair[1 - side]).toList();
    RelMetadataQuery mq = join.getCluster().getMetadataQuery();
    Double distinct = mq.getDistinctRowCount(few, ImmutableBitSet.of(fewColumns), null);
    if ((distinct == null ? mq.getRowCount(few) : distinct) > KeyRows.MOST) {
      return null;
    }
    RelBuilder builder = RelFactories.LOGICAL_BUILDER.create(join.getCluster(), null).push(few);
    RelNode keys = builder.project(builder.fields(fewColumns)).distinct().build();
    RelTraitSet joins = join.getTraitSet().replace(to);
    RelNode input =
        new KeyedArrowInput(
            joins,
            RelOptRule.convert(rows, rows.getTraitSet().replace(from)),
            RelOptRule.convert(keys, keys.getTraitSet().replace(to)),
            pairs.stream().map(pair -> pair[side]).toList());
    RelNode other = RelOptRule.convert(few, few.getTraitSet().replace(to));
    return new StoreJoin(
        join.getCluster(),
        joins,
        side == 0 ? input : other,
        side == 0 ? other : input,
        join.getCondition(),
        join.getJoinType());
  }

  /** Pairs of columns that the condition equates and that both engines see equal alike. */
  private static List<int[]> pairs(Join join) {
    int left = join.getLeft().getRowType().getFieldCount();
    List<int[]> pairs = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
      if (conjunct.isA(SqlKind.EQUALS)
          && ((RexCall) conjunct).getOperands().get(0) instanceof RexInputRef one
          && ((RexCall) conjunct).getOperands().get(1) instanceof RexInputRef two
          && one.getIndex() < left != two.getIndex() < left
          && areEqualAlike(one.getType(), two.getType())) {
        int first = Math.min(one.getIndex(), two.getIndex());
        int second = Math.max(one.getIndex(), two.getIndex());
        pairs.add(new int[] {first, second - left});
      }
    }
    return pairs;
  }

  private static boolean areEqualAlike(RelDataType one, RelDataType two) {
    if (SqlTypeUtil.isIntType(one)) {
      return SqlTypeUtil.isIntType(two);
    }
    return one.getSqlTypeName() == two.getSqlTypeName()
        && switch (one.getSqlTypeName()) {
          case VARCHAR, DATE, TIMESTAMP -> true;
          case DECIMAL -> one.getScale() == two.getScale();
          default -> false;
        };
  }

  private boolean readsFrom(RelNode rel) {
    RelNode known = original(rel);
    return known instanceof StoreScan
        ? known.getConvention() == from
        : known.getInputs().stream().anyMatch(this::readsFrom);
  }

  /** Whether the rows come from that store alone, which can then join by itself. */
  private boolean readsNothingElse(RelNode rel) {
    RelNode known = original(rel);
    return known instanceof StoreScan
        ? known.getConvention() == from
        : !known.getInputs().isEmpty()
            && known.getInputs().stream().allMatch(this::readsNothingElse);
  }

  private static RelNode original(RelNode rel) {
    return rel instanceof RelSubset subset ? subset.getOriginal() : rel;
  }
}
