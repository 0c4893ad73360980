package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.sql.parser.ScriptStatement;
import io.tidegate.adapter.sql.parser.TidegateParser;
import io.tidegate.adapter.store.PushDown;
import io.tidegate.adapter.store.StatementContext;
import java.lang.reflect.Type;
import java.sql.SQLException;
import java.util.Optional;
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
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParser;

/**
 * From SQL text to something that runs. Calcite gives the frame (parameters, result metadata); the
 * planner, the conversion and what a plan becomes are Tidegate's: see {@link PreparingStatement}.
 *
 * <p>Nothing happens while a statement is prepared: CREATE and DROP run when it is executed, like
 * any other update.
 */
final class TidegatePrepare extends CalcitePrepareImpl {

  /**
   * Leaves constant expressions to the engines: Calcite's own reducer cuts times to milliseconds.
   */
  private static final RexExecutor NO_REDUCTION =
      (rexBuilder, constants, reduced) -> reduced.addAll(constants);

  private RelOptPlanner planner;
  private String sql = "";

  /** The connection's own parser settings do not count: there is one way to write SQL here. */
  @Override
  protected SqlParser createParser(String sql, SqlParser.Config parserConfig) {
    return SqlParser.create(sql, TidegateParser.config());
  }

  @Override
  public <T> CalciteSignature<T> prepareSql(
      CalcitePrepare.Context context, Query<T> query, Type elementType, long maxRowCount) {
    sql = query.sql;
    try {
      ScriptStatement parsed = TidegateParser.parseSingle(query.sql);
      SqlNode statement = parsed.node();
      Commands commands = new Commands(context, () -> preparing(context));
      Optional<ProcedureRows> rows = commands.rows(statement);
      if (rows.isPresent()) {
        return Signatures.rows(
            query.sql,
            context,
            rows.get().rowType(context.getTypeFactory()),
            PlanBindable.rows(rows.get().work(), context, query.sql));
      }
      if (commands.handles(statement)) {
        return Signatures.update(
            query.sql,
            context,
            PlanBindable.update(commands.update(statement), context, query.sql));
      }
      if (statement instanceof SqlExplain explain && commands.handles(explain.getExplicandum())) {
        ArrowUpdate update =
            commands
                .update(explain.getExplicandum())
                .apply(StatementContext.explaining(new RexBuilder(context.getTypeFactory())));
        return Signatures.text(query.sql, context, "PLAN", update.explain().stripTrailing());
      }
      CalciteSignature<T> signature =
          super.prepareSql(context, Query.of(parsed.text()), elementType, maxRowCount);
      return RootSchema.of(context).timestampText()
          ? Signatures.withTimestampText(signature, context)
          : signature;
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    } catch (RuntimeException | AssertionError e) {
      throw SqlFailure.unchecked(PlanErrors.translate(e, planner, context.getRootSchema()));
    }
  }

  private PreparingStatement preparing(CalcitePrepare.Context context) {
    CalciteCatalogReader catalogReader =
        new CalciteCatalogReader(
            context.getRootSchema(),
            context.getDefaultSchemaPath(),
            context.getTypeFactory(),
            context.config());
    return getPreparingStmt(
        context, Object[].class, catalogReader, createPlanner(context, null, null));
  }

  @Override
  protected RelOptPlanner createPlanner(
      CalcitePrepare.Context prepareContext,
      org.apache.calcite.plan.Context externalContext,
      RelOptCostFactory costs) {
    VolcanoPlanner volcano =
        new VolcanoPlanner(costs, Contexts.of(prepareContext.config(), new PushDown.Refusals()));
    volcano.addRelTraitDef(ConventionTraitDef.INSTANCE);
    volcano.setExecutor(NO_REDUCTION);
    RootSchema.of(prepareContext).catalog().rules().forEach(volcano::addRule);
    planner = volcano;
    return volcano;
  }

  @Override
  protected PreparingStatement getPreparingStmt(
      CalcitePrepare.Context context,
      Type elementType,
      CalciteCatalogReader catalogReader,
      RelOptPlanner relPlanner) {
    return new PreparingStatement(
        this,
        context,
        catalogReader,
        createCluster(relPlanner, new RexBuilder(context.getTypeFactory())),
        new RowNullTests(createConvertletTable()),
        sql);
  }
}
