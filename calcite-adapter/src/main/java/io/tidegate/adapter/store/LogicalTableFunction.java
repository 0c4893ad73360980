package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowTableFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilderFactory;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A table function before it is known which store gives its input. Calcite's own scan of a table
 * function is not used: it keeps the input's order only as a wish, and the wish gets lost.
 *
 * <p>The input is a sort that the function relies on; no rule may take it away. The first columns
 * of input and output are the partition keys.
 */
public final class LogicalTableFunction extends SingleRel {
  private final String call;
  private final ArrowTableFunction function;
  private final int partitionKeys;

  /**
   * Creates a call.
   *
   * @param input ordered as the function needs it
   * @param call the call with all its arguments; tells two calls over one input apart
   * @param partitionKeys how many of the first columns pass from the input to the output unchanged
   */
  public LogicalTableFunction(
      RelNode input,
      RelDataType rowType,
      String call,
      ArrowTableFunction function,
      int partitionKeys) {
    super(input.getCluster(), input.getCluster().traitSetOf(Convention.NONE), input);
    this.rowType = requireNonNull(rowType, "rowType");
    this.call = requireNonNull(call, "call");
    this.function = requireNonNull(function, "function");
    this.partitionKeys = partitionKeys;
  }

  @Override
  public LogicalTableFunction copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new LogicalTableFunction(sole(inputs), getRowType(), call, function, partitionKeys);
  }

  /**
   * The call with only some columns of its result, of which the first need not be the keys any
   * more; empty if the function always gives all.
   */
  public Optional<RelNode> only(List<Integer> columns) {
    List<RelDataTypeField> fields = getRowType().getFieldList();
    return function
        .only(columns)
        .map(
            narrow ->
                new LogicalTableFunction(
                    getInput(),
                    getCluster()
                        .getTypeFactory()
                        .builder()
                        .addAll(columns.stream().map(fields::get).toList())
                        .build(),
                    call,
                    narrow,
                    0));
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("call", call);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return StoreTableFunction.rowCount(mq.getRowCount(getInput()));
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeInfiniteCost();
  }

  /** Whether rows come from a table function, which may refuse its input after the first ones. */
  public static boolean isBelow(RelNode rows) {
    RelNode rel = rows instanceof RelSubset subset ? subset.getBestOrOriginal() : rows;
    return rel instanceof LogicalTableFunction
        || rel instanceof StoreTableFunction
        || rel.getInputs().stream().anyMatch(LogicalTableFunction::isBelow);
  }

  /** Runs a call over what one store answers and lets another read the result. */
  public static RelOptRule rule(StoreConvention from, StoreConvention to) {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            LogicalTableFunction.class,
            Convention.NONE,
            to,
            "LogicalTableFunctionRule from " + from.getName())
        .withRuleFactory(
            config ->
                new ConverterRule(config) {
                  @Override
                  public RelNode convert(RelNode rel) {
                    LogicalTableFunction logical = (LogicalTableFunction) rel;
                    RelNode input = logical.getInput();
                    RelOptCluster cluster = rel.getCluster();
                    return new StoreTableFunction(
                        cluster,
                        rel.getTraitSet().replace(to),
                        convert(input, input.getTraitSet().replace(from)),
                        rel.getRowType(),
                        logical.call,
                        logical.function);
                  }
                })
        .toRule();
  }

  /** Filters the input instead of the output where the condition is about whole partitions. */
  public static RelOptRule filterPartitions() {
    return new FilterPartitions(
        new FilterConfig(
            filter ->
                filter
                    .operand(LogicalFilter.class)
                    .oneInput(
                        function ->
                            function
                                .operand(LogicalTableFunction.class)
                                .oneInput(sort -> sort.operand(LogicalSort.class).anyInputs())),
            "FilterPartitions",
            RelFactories.LOGICAL_BUILDER));
  }

  private record FilterConfig(
      RelRule.OperandTransform operandSupplier,
      String description,
      RelBuilderFactory relBuilderFactory)
      implements RelRule.Config {
    @Override
    public RelOptRule toRule() {
      return new FilterPartitions(this);
    }

    @Override
    public RelRule.Config withRelBuilderFactory(RelBuilderFactory factory) {
      return new FilterConfig(operandSupplier, description, factory);
    }

    @Override
    public RelRule.Config withDescription(String newDescription) {
      return new FilterConfig(operandSupplier, newDescription, relBuilderFactory);
    }

    @Override
    public RelRule.Config withOperandSupplier(RelRule.OperandTransform transform) {
      return new FilterConfig(transform, description, relBuilderFactory);
    }
  }

  private static final class FilterPartitions extends RelRule<FilterConfig> {
    FilterPartitions(FilterConfig config) {
      super(config);
    }

    @Override
    public void onMatch(RelOptRuleCall ruleCall) {
      LogicalFilter filter = ruleCall.rel(0);
      LogicalTableFunction function = ruleCall.rel(1);
      LogicalSort sort = ruleCall.rel(2);
      ImmutableBitSet keys = ImmutableBitSet.range(function.partitionKeys);
      List<RexNode> below = new ArrayList<>();
      List<RexNode> above = new ArrayList<>();
      for (RexNode condition : RelOptUtil.conjunctions(filter.getCondition())) {
        ImmutableBitSet columns = RelOptUtil.InputFinder.bits(condition);
        // Without keys nothing below stands for a row above: a function may give rows of no input.
        boolean aboutKeys =
            !columns.isEmpty()
                && keys.contains(columns)
                && RexUtil.isDeterministic(condition)
                && !RexUtil.containsCorrelation(condition);
        (aboutKeys ? below : above).add(condition);
      }
      if (below.isEmpty()) {
        return;
      }
      RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
      RelNode filtered =
          LogicalFilter.create(
              sort.getInput(), RexUtil.composeConjunction(rexBuilder, below, false));
      RelNode rows =
          function.copy(
              function.getTraitSet(), List.of(sort.copy(sort.getTraitSet(), List.of(filtered))));
      ruleCall.transformTo(
          above.isEmpty()
              ? rows
              : LogicalFilter.create(rows, RexUtil.composeConjunction(rexBuilder, above, false)));
    }
  }
}
