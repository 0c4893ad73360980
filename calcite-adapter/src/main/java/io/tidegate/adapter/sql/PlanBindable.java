package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowRows;
import io.tidegate.adapter.arrow.ArrowSource;
import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.arrow.ColumnReader;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.ArrowToEnumerableConverter;
import io.tidegate.adapter.store.StatementContext;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A statement ready to run: printed for its parameters' values and started each time it is bound.
 */
final class PlanBindable implements Bindable<Object> {

  /** How a statement starts; what it returns closes the execution. */
  private interface Start {
    Enumerator<Object> start(ArrowExecution execution, StatementContext statement)
        throws SQLException;
  }

  private final OpenCatalog catalog;
  private final RexBuilder rexBuilder;
  private final String sql;
  private final Start start;

  private PlanBindable(CalcitePrepare.Context context, String sql, Start start) {
    this.catalog = RootSchema.of(context).catalog();
    this.rexBuilder = new RexBuilder(context.getTypeFactory());
    this.sql = requireNonNull(sql, "sql");
    this.start = requireNonNull(start, "start");
  }

  static PlanBindable query(
      ArrowToEnumerableConverter plan,
      CalcitePrepare.Context context,
      String sql,
      Meta.CursorFactory cursorFactory) {
    boolean timestampText = RootSchema.of(context).timestampText();
    List<ColumnReader> readers =
        plan.getRowType().getFieldList().stream()
            .map(
                field ->
                    timestampText && field.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
                        ? ColumnReader.timestampText()
                        : ColumnReader.of(field.getType()))
            .toList();
    boolean singleValue = cursorFactory.style == Meta.Style.OBJECT;
    return new PlanBindable(
        context,
        sql,
        (execution, statement) -> {
          ArrowSource source = plan.source(statement);
          statement.held().forEach(execution::hold);
          return new ArrowRows(execution, source, readers, singleValue);
        });
  }

  static PlanBindable update(
      Function<StatementContext, ArrowUpdate> update, CalcitePrepare.Context context, String sql) {
    return new PlanBindable(
        context,
        sql,
        (execution, statement) -> {
          try (execution) {
            ArrowUpdate task = update.apply(statement);
            statement.held().forEach(execution::hold);
            return Linq4j.singletonEnumerator(task.run(execution));
          }
        });
  }

  /** A call that gives few rows, all of them made before the first is read. */
  static PlanBindable rows(ProcedureRows.Work work, CalcitePrepare.Context context, String sql) {
    return new PlanBindable(
        context,
        sql,
        (execution, statement) -> {
          try (execution) {
            return Linq4j.enumerator(List.<Object>copyOf(work.run(execution)));
          }
        });
  }

  @Override
  public Enumerable<Object> bind(DataContext dataContext) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<Object> enumerator() {
        return start(dataContext);
      }
    };
  }

  private Enumerator<Object> start(DataContext dataContext) {
    StatementContext statement =
        StatementContext.running(rexBuilder, index -> dataContext.get("?" + index));
    ArrowExecution execution = catalog.execution(sql);
    AtomicBoolean cancel = DataContext.Variable.CANCEL_FLAG.get(dataContext);
    execution.hold(catalog.watch(execution, cancel));
    try {
      return start.start(execution, statement);
    } catch (SQLException e) {
      closeAfter(execution, e);
      throw SqlFailure.unchecked(e);
    } catch (RuntimeException | Error e) {
      closeAfter(execution, e);
      throw e;
    }
  }

  private static void closeAfter(ArrowExecution execution, Throwable failure) {
    try {
      execution.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
