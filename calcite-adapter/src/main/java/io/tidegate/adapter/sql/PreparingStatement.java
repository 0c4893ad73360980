package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.ArrowInput;
import io.tidegate.adapter.store.ArrowToEnumerableConverter;
import io.tidegate.adapter.store.KeyedArrowInput;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.PushDown;
import io.tidegate.adapter.store.StatementContext;
import io.tidegate.adapter.store.StatementRel;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.prepare.CalcitePrepareImpl;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Hook;
import org.apache.calcite.sql.SqlExplainFormat;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/** One statement on its way from SQL to a plan that ends in a {@link StatementRel}. */
final class PreparingStatement extends CalcitePrepareImpl.CalcitePreparingStmt {
  private final RelOptCluster cluster;
  private final OpenCatalog catalog;
  private final String sql;
  private Function<RelDataType, NewTable> newTable;
  private StatementRel plan;
  private List<SqlOperator> ownOperators = List.of();

  PreparingStatement(
      CalcitePrepareImpl prepare,
      CalcitePrepare.Context context,
      CalciteCatalogReader catalogReader,
      RelOptCluster cluster,
      SqlRexConvertletTable convertletTable,
      String sql) {
    super(
        prepare,
        context,
        catalogReader,
        context.getTypeFactory(),
        context.getRootSchema(),
        null,
        cluster,
        StatementRel.CONVENTION,
        convertletTable);
    this.cluster = cluster;
    this.catalog = RootSchema.of(context).catalog();
    this.sql = sql;
  }

  @Override
  protected SqlValidator createSqlValidator(
      CatalogReader catalogReader, UnaryOperator<SqlValidator.Config> configTransform) {
    SqlOperatorTable operators =
        SqlOperatorTables.chain(
            SqlOperatorTables.of(ownOperators), MarketOperators.table(catalog), catalogReader);
    SqlValidator.Config config =
        configTransform.apply(
            SqlValidator.Config.DEFAULT
                .withConformance(context.config().conformance())
                .withIdentifierExpansion(true));
    return new TidegateValidator(
        operators, (CalciteCatalogReader) catalogReader, context.getTypeFactory(), config);
  }

  @Override
  protected SqlToRelConverter getSqlToRelConverter(
      SqlValidator validator, CatalogReader catalogReader, SqlToRelConverter.Config config) {
    return new TidegateSqlToRel(
        this,
        validator,
        catalogReader,
        cluster,
        convertletTable,
        config.withInSubQueryThreshold(Integer.MAX_VALUE));
  }

  /**
   * Plans a statement that a procedure runs.
   *
   * @param operators functions that this statement alone can call
   */
  StatementRel plan(SqlNode statement, List<SqlOperator> operators) {
    ownOperators = List.copyOf(operators);
    prepareSql(statement, Object.class, validator(), true);
    return plan;
  }

  /** Prepares a query whose rows go into a table that is defined by their type. */
  Function<StatementContext, ArrowUpdate> insertInto(
      SqlNode query, Function<RelDataType, NewTable> table) {
    newTable = table;
    prepareSql(query, Object.class, validator(), true);
    return ((StatementRel.Update) plan)::update;
  }

  SqlValidator validator() {
    return getSqlValidator();
  }

  /** {@link StatementProgram} does it, where it is safe. */
  @Override
  protected RelNode decorrelate(
      SqlToRelConverter sqlToRelConverter, SqlNode query, RelNode rootRel) {
    return rootRel;
  }

  /** {@link StatementProgram} does it, when sub-queries are joins. */
  @Override
  protected RelRoot trimUnusedFields(RelRoot root) {
    return root;
  }

  @Override
  protected RelRoot optimize(
      RelRoot root,
      List<Materialization> materializations,
      List<CalciteSchema.LatticeEntry> lattices) {
    RelNode rel = root.isRefTrivial() ? root.rel : root.project();
    if (newTable != null) {
      NewTable target = newTable.apply(root.validatedRowType);
      rel =
          TidegateSqlToRel.insert(
              cluster, target, rel, target.getRowType(typeFactory).getFieldNames());
    }
    RelRoot planned = root.withRel(StatementProgram.run(planner, rel));
    Hook.PLAN_BEFORE_IMPLEMENTATION.run(planned);
    return planned;
  }

  @Override
  protected PreparedResult implement(RelRoot root) {
    plan = (StatementRel) root.rel;
    boolean isDml = root.kind.belongsTo(SqlKind.DML);
    List<RelCollation> collations =
        root.collation.getFieldCollations().isEmpty() ? List.of() : List.of(root.collation);
    return new PreparedResultImpl(
        plan.getRowType(),
        parameterRowType,
        fieldOrigins,
        collations,
        plan,
        mapTableModOp(isDml, root.kind),
        isDml) {
      @Override
      public String getCode() {
        return explain(plan);
      }

      @Override
      @SuppressWarnings("rawtypes")
      public Bindable getBindable(Meta.CursorFactory cursorFactory) {
        return plan instanceof ArrowToEnumerableConverter query
            ? PlanBindable.query(query, context, sql, cursorFactory)
            : PlanBindable.update(((StatementRel.Update) plan)::update, context, sql);
      }

      @Override
      public Type getElementType() {
        return Object[].class;
      }
    };
  }

  @Override
  protected PreparedResult createPreparedExplanation(
      RelDataType resultType,
      RelDataType parameterRowType,
      RelRoot root,
      SqlExplainFormat format,
      SqlExplainLevel detailLevel) {
    return new PreparedExplain(resultType, parameterRowType, root, format, detailLevel) {
      @Override
      public String getCode() {
        return root != null && root.rel instanceof StatementRel plan
            ? explain(plan)
            : super.getCode();
      }

      @Override
      @SuppressWarnings("rawtypes")
      public Bindable getBindable(Meta.CursorFactory cursorFactory) {
        Object text = getCode();
        Object row = cursorFactory.style == Meta.Style.ARRAY ? new Object[] {text} : text;
        return dataContext -> Linq4j.singletonEnumerable(row);
      }
    };
  }

  /** Where all runs in one store, what another would not run is nobody's question. */
  private static boolean crossesStores(RelNode plan) {
    return plan instanceof ArrowInput
        || plan instanceof KeyedArrowInput
        || plan.getInputs().stream().anyMatch(PreparingStatement::crossesStores);
  }

  private String explain(RelNode plan) {
    StatementContext explaining = StatementContext.explaining(cluster.getRexBuilder());
    StringBuilder text = new StringBuilder();
    if (plan instanceof ArrowToEnumerableConverter query) {
      ArrowSource source = query.source(explaining);
      text.append(source.explain());
    } else {
      text.append(((StatementRel.Update) plan).update(explaining).explain());
    }
    explaining.notes().forEach(note -> text.append("# ").append(note).append('\n'));
    PushDown.Refusals refusals = planner.getContext().unwrap(PushDown.Refusals.class);
    if (refusals != null && crossesStores(plan)) {
      for (String reason : refusals.reasons()) {
        text.append("# ").append(reason).append('\n');
      }
    }
    return text.toString().stripTrailing();
  }
}
