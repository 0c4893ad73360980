package io.tidegate.adapter.sql;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * The order of inner joins of three relations or more. Written with commas, neighbours need not
 * have a condition in common, and ClickHouse joins as it is told: a cross product first, or the
 * largest table as the one it builds a hash table of.
 *
 * <p>The largest relation comes first. Then, each time, one that a condition connects with those
 * before it: of the same store as the first, if there is one, so that a store joins its own tables
 * before rows leave it, and of these the smallest.
 */
final class JoinOrder {
  private final RelMetadataQuery mq;
  private final RexBuilder rexBuilder;
  private final List<Factor> factors = new ArrayList<>();
  private final List<RexNode> conditions = new ArrayList<>();

  private JoinOrder(RelNode plan) {
    mq = plan.getCluster().getMetadataQuery();
    rexBuilder = plan.getCluster().getRexBuilder();
  }

  /**
   * A relation that is joined.
   *
   * @param first the number of its first column among all columns, in the written order
   */
  private record Factor(int index, RelNode rel, int first, double rows, Set<Convention> stores) {
    ImmutableBitSet fields() {
      return ImmutableBitSet.range(first, first + rel.getRowType().getFieldCount());
    }
  }

  /** The plan with its inner joins in the better order. */
  static RelNode arrange(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode rel) {
            if (isInner(rel)) {
              JoinOrder order = new JoinOrder(rel);
              order.flatten(rel, 0);
              if (order.factors.size() > 2) {
                return order.joined(this, rel);
              }
            }
            return super.visit(rel);
          }
        });
  }

  private static boolean isInner(RelNode rel) {
    return rel instanceof LogicalJoin join && join.getJoinType() == JoinRelType.INNER;
  }

  private void flatten(RelNode rel, int first) {
    if (isInner(rel)) {
      LogicalJoin join = (LogicalJoin) rel;
      flatten(join.getLeft(), first);
      flatten(join.getRight(), first + join.getLeft().getRowType().getFieldCount());
      for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
        conditions.add(RexUtil.shift(condition, first));
      }
    } else {
      factors.add(new Factor(factors.size(), rel, first, mq.getRowCount(rel), stores(rel)));
    }
  }

  private static Set<Convention> stores(RelNode rel) {
    Set<Convention> stores = new HashSet<>();
    if (rel instanceof TableScan) {
      stores.add(rel.getConvention());
    }
    rel.getInputs().forEach(input -> stores.addAll(stores(input)));
    return stores;
  }

  private RelNode joined(RelHomogeneousShuttle below, RelNode written) {
    List<Factor> order = order();
    int fields = written.getRowType().getFieldCount();
    int[] place = new int[fields];
    ImmutableBitSet known = ImmutableBitSet.of();
    List<RexNode> left = new ArrayList<>(conditions);
    RelNode join = null;
    for (Factor factor : order) {
      int width = join == null ? 0 : join.getRowType().getFieldCount();
      for (int i = 0; i < factor.rel().getRowType().getFieldCount(); i++) {
        place[factor.first() + i] = width + i;
      }
      known = known.union(factor.fields());
      RelNode rel = factor.rel().accept(below);
      if (join == null) {
        join = rel;
        continue;
      }
      List<RexNode> here = new ArrayList<>();
      for (RexNode condition : List.copyOf(left)) {
        if (known.contains(RelOptUtil.InputFinder.bits(condition))) {
          here.add(placed(condition, place));
          left.remove(condition);
        }
      }
      join =
          LogicalJoin.create(
              join,
              rel,
              List.of(),
              RexUtil.composeConjunction(rexBuilder, here),
              Set.of(),
              JoinRelType.INNER);
    }
    List<RexNode> columns = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      columns.add(rexBuilder.makeInputRef(join, place[i]));
    }
    return LogicalProject.create(
        join, List.of(), columns, written.getRowType().getFieldNames(), Set.of());
  }

  private static RexNode placed(RexNode condition, int[] place) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(place[ref.getIndex()], ref.getType());
          }
        });
  }

  private List<Factor> order() {
    Factor largest = factors.stream().max(Comparator.comparingDouble(Factor::rows)).orElseThrow();
    List<Factor> order = new ArrayList<>(List.of(largest));
    List<Factor> rest = new ArrayList<>(factors);
    rest.remove(largest);
    List<BitSet> edges = conditions.stream().map(this::factorsOf).toList();
    BitSet joined = new BitSet();
    joined.set(largest.index());
    while (!rest.isEmpty()) {
      Factor next =
          rest.stream()
              .min(
                  Comparator.comparing((Factor factor) -> !isConnected(factor, joined, edges))
                      .thenComparing(factor -> !factor.stores().equals(largest.stores()))
                      .thenComparingDouble(Factor::rows)
                      .thenComparingInt(Factor::index))
              .orElseThrow();
      order.add(next);
      rest.remove(next);
      joined.set(next.index());
    }
    return order;
  }

  private BitSet factorsOf(RexNode condition) {
    ImmutableBitSet fields = RelOptUtil.InputFinder.bits(condition);
    BitSet used = new BitSet();
    for (Factor factor : factors) {
      if (factor.fields().intersects(fields)) {
        used.set(factor.index());
      }
    }
    return used;
  }

  /** Whether a condition needs the relation and some that are joined, and nothing else. */
  private static boolean isConnected(Factor factor, BitSet joined, List<BitSet> edges) {
    for (BitSet edge : edges) {
      if (edge.get(factor.index()) && edge.cardinality() > 1) {
        BitSet others = (BitSet) edge.clone();
        others.clear(factor.index());
        others.andNot(joined);
        if (others.isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }
}
