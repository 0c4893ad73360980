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

  public boolean mayFilter(Filter filter) {
    return may(filter, () -> print(filter, filter.getInput(), List.of(filter.getCondition())));
  }

  public boolean mayProject(Project project) {
    return may(project, () -> print(project, project.getInput(), project.getProjects()));
  }

  public boolean mayJoin(Join join) {
    return may(
        join,
        () -> {
          store.dialect().join(join.getJoinType());
          int fields =
              join.getLeft().getRowType().getFieldCount()
                  + join.getRight().getRowType().getFieldCount();
          printer(join).expression(join.getCondition(), placeholders(fields));
        });
  }

  public boolean mayJoinAsof(AsofJoin join) {
    return mayJoin(join)
        && may(
            join,
            () ->
                printer(join)
                    .expression(
                        join.getMatchCondition(),
                        placeholders(
                            join.getLeft().getRowType().getFieldCount()
                                + join.getRight().getRowType().getFieldCount())));
  }

  /** Literals, whatever else there is, in types that the store has. */
  public boolean mayValues(Values values) {
    return may(
        values,
        () ->
            values.getTuples().stream()
                .flatMap(List::stream)
                .forEach(literal -> store.dialect().literal(literal)));
  }

  /** An operator without expressions of its own. */
  public boolean mayCarry(RelNode rel) {
    return may(rel, () -> {});
  }

  public boolean mayAggregate(Aggregate aggregate) {
    return may(
        aggregate,
        () -> {
          RelDataType inputType = aggregate.getInput().getRowType();
          List<Column> columns = placeholders(inputType.getFieldCount());
          for (AggregateCall call : aggregate.getAggCallList()) {
            StoreAggregate.print(store.dialect(), call, columns, inputType);
          }
        });
  }

  public boolean maySort(Sort sort) {
    return may(
        sort,
        () -> {
          for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
            RelDataType type = sort.getRowType().getFieldList().get(key.getFieldIndex()).getType();
            store.dialect().orderItem("x", type, key.getDirection().isDescending(), false);
          }
        });
  }

  private boolean may(RelNode rel, Runnable print) {
    try {
      print.run();
      // What cannot leave the store in its declared type cannot be computed there either.
      for (RelDataTypeField field : rel.getRowType().getFieldList()) {
        store.dialect().type(field.getType());
      }
      return true;
    } catch (NotSupported e) {
      Refusals refusals = rel.getCluster().getPlanner().getContext().unwrap(Refusals.class);
      if (refusals != null) {
        refusals.add(store, e.getMessage());
      }
      return false;
    }
  }

  private void print(RelNode rel, RelNode input, List<RexNode> expressions) {
    List<Column> columns = placeholders(input.getRowType().getFieldCount());
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
