package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.sql.SqlKind;

/**
 * An INSERT before it is known which store computes the rows. Calcite's own table modification is
 * not used: it knows neither a table that is made with its first rows nor columns left to their
 * defaults.
 */
public final class LogicalInsert extends SingleRel {
  private final InsertTarget target;
  private final List<String> columns;

  /** Creates an insert of rows whose columns are the named ones, with their types. */
  public LogicalInsert(
      RelOptCluster cluster, RelNode input, InsertTarget target, List<String> columns) {
    super(cluster, cluster.traitSetOf(Convention.NONE), input);
    this.target = requireNonNull(target, "target");
    this.columns = List.copyOf(columns);
    this.rowType = RelOptUtil.createDmlRowType(SqlKind.INSERT, cluster.getTypeFactory());
  }

  @Override
  public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
    return new LogicalInsert(getCluster(), sole(inputs), target, columns);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer).item("table", target.catalogName()).item("columns", columns);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeInfiniteCost();
  }

  /** Plans an insert along every path that its target has. */
  public static RelOptRule rule() {
    return ConverterRule.Config.INSTANCE
        .withConversion(
            LogicalInsert.class, Convention.NONE, StatementRel.CONVENTION, "LogicalInsertRule")
        .withRuleFactory(InsertRule::new)
        .toRule();
  }

  /** A converter rule that offers several conversions. */
  private static final class InsertRule extends ConverterRule {
    InsertRule(Config config) {
      super(config);
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
      LogicalInsert insert = call.rel(0);
      for (InsertTarget.Path path : insert.target.paths()) {
        if (!path.accepts(insert.getInput(), insert.columns)) {
          continue;
        }
        RelNode shaped = path.shape(insert.getInput(), insert.columns);
        RelNode rows = convert(shaped, shaped.getTraitSet().replace(path.source()));
        call.transformTo(path.end(rows, insert.columns));
      }
    }

    @Override
    public RelNode convert(RelNode rel) {
      throw new IllegalStateException("An insert is converted by onMatch");
    }
  }
}
