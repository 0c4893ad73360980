package io.tidegate.adapter.store;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.SelectBlock.Column;
import io.tidegate.adapter.store.SelectBlock.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/** Grouping and aggregate functions inside a store. */
public final class StoreAggregate extends Aggregate implements StoreRel {
  StoreAggregate(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      ImmutableBitSet groupSet,
      List<ImmutableBitSet> groupSets,
      List<AggregateCall> aggregateCalls) {
    super(cluster, traits, List.of(), input, groupSet, groupSets, aggregateCalls);
  }

  @Override
  public StoreAggregate copy(
      RelTraitSet traitSet,
      RelNode input,
      ImmutableBitSet groupSet,
      List<ImmutableBitSet> groupSets,
      List<AggregateCall> aggregateCalls) {
    return new StoreAggregate(getCluster(), traitSet, input, groupSet, groupSets, aggregateCalls);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return StoreCost.inside(this, planner, mq, 2);
  }

  @Override
  public SelectBlock block(SqlPrinter printer) {
    return known(printer).orElseGet(() -> computed(printer));
  }

  /** What the table below knows without being read. */
  private Optional<SelectBlock> known(SqlPrinter printer) {
    if (!getGroupSet().isEmpty() || getGroupType() != Group.SIMPLE) {
      return Optional.empty();
    }
    List<RexNode> columns = new ArrayList<>();
    for (RelDataTypeField field : getInput().getRowType().getFieldList()) {
      columns.add(RexInputRef.of(field.getIndex(), getInput().getRowType()));
    }
    List<RexNode> conditions = new ArrayList<>();
    RelNode below = getInput();
    while (!(below instanceof StoreScan)) {
      if (below instanceof StoreProject project && !project.containsOver()) {
        columns = RelOptUtil.pushPastProject(columns, project);
        conditions = new ArrayList<>(RelOptUtil.pushPastProject(conditions, project));
      } else if (below instanceof StoreFilter filter) {
        conditions.add(filter.getCondition());
      } else {
        return Optional.empty();
      }
      below = below.getInput(0);
    }
    List<AggregateCall> calls = new ArrayList<>();
    for (AggregateCall call : getAggCallList()) {
      List<Integer> arguments = new ArrayList<>();
      for (int argument : call.getArgList()) {
        if (!(columns.get(argument) instanceof RexInputRef column)) {
          return Optional.empty();
        }
        arguments.add(column.getIndex());
      }
      calls.add(call.withArgList(arguments));
    }
    RexNode condition = RexUtil.composeConjunction(getCluster().getRexBuilder(), conditions, true);
    return ((StoreScan) below)
        .aggregate(printer, condition, calls)
        .map(block -> block.withColumns(block.columns(), getRowType().getFieldNames()));
  }

  private SelectBlock computed(SqlPrinter printer) {
    SelectBlock input = printer.block(getInput());
    SelectBlock block = printer.open(input);
    SelectBlock opened = block;
    // GROUP BY 1 means the first column, so a constant key has to become a column first.
    if (getGroupSet().asList().stream()
        .anyMatch(key -> opened.columns().get(key).kind() == Kind.CONSTANT)) {
      block = printer.wrap(block);
    }
    List<Column> inputs = block.columns();
    List<Column> columns = new ArrayList<>();
    for (int key : getGroupSet()) {
      Column column = inputs.get(key);
      columns.add(new Column(column.sql(), Kind.EXPRESSION, column.exact()));
    }
    // An argument such as a fraction or a separator has to stay the constant that it is.
    List<Column> arguments = new ArrayList<>(inputs);
    for (int i = 0; i < arguments.size(); i++) {
      if (input.columns().get(i).kind() == Kind.CONSTANT) {
        arguments.set(i, input.columns().get(i));
      }
    }
    for (AggregateCall call : getAggCallList()) {
      requireConstant(call, arguments);
      String sql = print(printer.dialect(), call, arguments, getInput().getRowType());
      columns.add(Column.exact(sql, Kind.EXPRESSION));
    }
    return block.withGroupBy(keys(inputs), columns, getRowType().getFieldNames());
  }

  private String keys(List<Column> inputs) {
    if (getGroupType() == Group.SIMPLE) {
      return list(getGroupSet(), inputs);
    }
    return getGroupSets().stream()
        .map(set -> "(" + list(set, inputs) + ")")
        .collect(Collectors.joining(", ", "GROUPING SETS (", ")"));
  }

  private static String list(ImmutableBitSet keys, List<Column> inputs) {
    return keys.asList().stream()
        .map(key -> inputs.get(key).sql())
        .collect(Collectors.joining(", "));
  }

  /** Engines want to know the fraction of a percentile and the separator of a list beforehand. */
  private static void requireConstant(AggregateCall call, List<Column> arguments) {
    int position =
        switch (call.getAggregation().getKind()) {
          case PERCENTILE_CONT, PERCENTILE_DISC -> 0;
          case LISTAGG -> 1;
          default -> Integer.MAX_VALUE;
        };
    if (position < call.getArgList().size()
        && arguments.get(call.getArgList().get(position)).kind() != Kind.CONSTANT) {
      throw SqlFailure.unchecked(
          new SQLException(
              call.getAggregation().getName()
                  + ": argument "
                  + (position + 1)
                  + " must be a constant",
              "0A000"));
    }
  }

  /** One call over the printed columns of its input. */
  static String print(
      StoreDialect dialect, AggregateCall call, List<Column> inputs, RelDataType inputType) {
    if (call.distinctKeys != null) {
      throw new NotSupported(call.getAggregation().getName() + " WITHIN DISTINCT");
    }
    List<String> operands = call.getArgList().stream().map(i -> inputs.get(i).sql()).toList();
    List<RelDataType> types =
        call.getArgList().stream().map(i -> inputType.getFieldList().get(i).getType()).toList();
    List<String> order =
        call.getCollation().getFieldCollations().stream()
            .map(key -> StoreSort.item(dialect, key, inputs, inputType))
            .toList();
    String filter = call.filterArg < 0 ? null : inputs.get(call.filterArg).sql();
    PushDownEntry.Aggregated use = new PushDownEntry.Aggregated(call, types, order, filter);
    return dialect.carry(dialect.pushDown().aggregate(use).spell(use, operands), call.getType());
  }
}
