package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.PushDown;
import java.lang.reflect.Type;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCostFactory;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.prepare.CalcitePrepareImpl;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.sql.parser.SqlParser;

/**
 * From SQL text to something that runs. Calcite gives the frame (parameters, result metadata); the
 * planner, the conversion and what a plan becomes are Tidegate's: see {@link PreparingStatement}.
 */
final class TidegatePrepare extends CalcitePrepareImpl {

  /**
   * Leaves constant expressions to the engines: Calcite's own reducer cuts times to milliseconds.
   */
  private static final RexExecutor NO_REDUCTION =
      (rexBuilder, constants, reduced) -> reduced.addAll(constants);

  static boolean isTimestampText(CalcitePrepare.Context context) {
    return false;
  }

  @Override
  protected SqlParser.Config parserConfig() {
    return super.parserConfig();
  }

  @Override
  public <T> CalciteSignature<T> prepareSql(
      CalcitePrepare.Context context, Query<T> query, Type elementType, long maxRowCount) {
    try {
      CalciteSignature<T> signature = super.prepareSql(context, query, elementType, maxRowCount);
      return signature;
    } catch (RelOptPlanner.CannotPlanException e) {
      throw e;
    }
  }

  @Override
  protected RelOptPlanner createPlanner(
      CalcitePrepare.Context prepareContext,
      org.apache.calcite.plan.Context externalContext,
      RelOptCostFactory costs) {
    CalciteConnectionConfig config = prepareContext.config();
    VolcanoPlanner planner =
        new VolcanoPlanner(costs, Contexts.of(config, new PushDown.Refusals()));
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.setExecutor(NO_REDUCTION);
    RootSchema.catalogOf(prepareContext.getRootSchema()).rules().forEach(planner::addRule);
    return planner;
  }

  @Override
  protected CalcitePreparingStmt getPreparingStmt(
      CalcitePrepare.Context context,
      Type elementType,
      CalciteCatalogReader catalogReader,
      RelOptPlanner planner) {
    return new PreparingStatement(
        this,
        context,
        catalogReader,
        createCluster(planner, new RexBuilder(context.getTypeFactory())),
        createConvertletTable());
  }
}
