package io.tidegate.adapter.store;

import io.tidegate.adapter.store.SelectBlock.Column;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;

/**
 * Asks a store's dialect whether it can spell an operator's expressions, and remembers for each
 * statement what was refused, so that an error or an EXPLAIN can say it.
 */
public final class PushDown {
  private final StoreConvention store;

  public PushDown(StoreConvention store) {
    this.store = store;
  }

  /** What stores refused while one statement was planned; an object in its planner's context. */
  public static final class Refusals {
    private final Set<String> reasons = new LinkedHashSet<>();

    void add(StoreConvention store, String construct) {
      reasons.add(store.client().name() + " does not run " + construct);
    }

    /** In the order they were met, each once. */
    public List<String> reasons() {
      return List.copyOf(reasons);
    }
  }

  /** Whether the store's list lets it run an operator with all of its expressions. */
  public boolean may(RelNode rel) {
    try {
      PushDownEntry<RelNode> entry = list().relation(rel);
      if (rel instanceof Filter filter) {
        print(filter, List.of(filter.getCondition()));
        checkRaises(entry, filter.getCondition());
      } else if (rel instanceof Project project) {
        print(project, project.getProjects());
      } else if (rel instanceof Join join) {
        List<RexNode> conditions =
            join instanceof AsofJoin asof
                ? List.of(asof.getCondition(), asof.getMatchCondition())
                : List.of(join.getCondition());
        print(join, conditions);
        conditions.forEach(condition -> checkRaises(entry, condition));
      } else if (rel instanceof Aggregate aggregate) {
        mayAggregate(aggregate);
      } else if (rel instanceof Sort sort) {
        maySort(sort);
      } else if (rel instanceof Values values) {
        values.getTuples().stream().flatMap(List::stream).forEach(store.dialect()::literal);
      }
      // What cannot leave the store in its declared type cannot be computed there either.
      for (RelDataTypeField field : rel.getRowType().getFieldList()) {
        store.dialect().type(field.getType());
      }
      return true;
    } catch (NotSupported e) {
      refuse(rel, store, e.getMessage());
      return false;
    }
  }

  /** Remembers that a store was asked for something and does not do it. */
  public static void refuse(RelNode rel, StoreConvention store, String construct) {
    Refusals refusals = rel.getCluster().getPlanner().getContext().unwrap(Refusals.class);
    if (refusals != null) {
      refusals.add(store, construct);
    }
  }

  private PushDownList list() {
    return store.dialect().pushDown();
  }

  /** A store may compute a condition for rows that another part of it excludes, and fail. */
  private void checkRaises(PushDownEntry<RelNode> entry, RexNode condition) {
    if (!entry.raises() && list().mayRaise(condition)) {
      throw new NotSupported("a condition whose computation can fail");
    }
  }

  private void mayAggregate(Aggregate aggregate) {
    RelDataType inputType = aggregate.getInput().getRowType();
    List<Column> columns = placeholders(inputType.getFieldCount());
    for (AggregateCall call : aggregate.getAggCallList()) {
      StoreAggregate.print(store.dialect(), call, columns, inputType);
    }
  }

  private void maySort(Sort sort) {
    for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
      RelDataType type = sort.getRowType().getFieldList().get(key.getFieldIndex()).getType();
      store.dialect().orderItem("x", type, key.getDirection().isDescending(), false);
    }
  }

  private void print(RelNode rel, List<RexNode> expressions) {
    int fields =
        rel.getInputs().stream().mapToInt(input -> input.getRowType().getFieldCount()).sum();
    List<Column> columns = placeholders(fields);
    SqlPrinter printer = printer(rel);
    for (RexNode expression : expressions) {
      printer.expression(expression, columns);
    }
  }

  private SqlPrinter printer(RelNode rel) {
    return SqlPrinter.trial(
        store.dialect(), StatementContext.explaining(rel.getCluster().getRexBuilder()));
  }

  private static List<Column> placeholders(int count) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(Column.reference("x"));
    }
    return columns;
  }
}
