package io.tidegate.adapter.sql;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.ArrowFailure;
import io.tidegate.adapter.arrow.ArrowRows;
import io.tidegate.adapter.arrow.ColumnReader;
import io.tidegate.adapter.store.ArrowToEnumerableConverter;
import io.tidegate.adapter.store.StatementContext;
import io.tidegate.adapter.store.StatementRel;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;

/** A plan ready to run: printed for the parameters' values and started each time it is bound. */
final class PlanBindable implements Bindable<Object> {
  private final StatementRel plan;
  private final OpenCatalog catalog;
  private final boolean singleValue;
  private final boolean timestampText;

  PlanBindable(
      StatementRel plan,
      OpenCatalog catalog,
      CalcitePrepare.Context context,
      Meta.CursorFactory cursorFactory) {
    this.plan = requireNonNull(plan, "plan");
    this.catalog = requireNonNull(catalog, "catalog");
    this.singleValue = cursorFactory.style == Meta.Style.OBJECT;
    this.timestampText = TidegatePrepare.isTimestampText(context);
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
        StatementContext.running(
            plan.getCluster().getRexBuilder(), index -> dataContext.get("?" + index));
    ArrowExecution execution = catalog.execution();
    AtomicBoolean cancel = DataContext.Variable.CANCEL_FLAG.get(dataContext);
    execution.hold(catalog.watch(execution, cancel));
    try {
      if (plan instanceof StatementRel.Update update) {
        return update(execution, statement, update);
      }
      return query(execution, statement, (ArrowToEnumerableConverter) plan);
    } catch (SQLException e) {
      closeAfter(execution, e);
      throw ArrowFailure.unchecked(e);
    } catch (RuntimeException | Error e) {
      closeAfter(execution, e);
      throw e;
    }
  }

  private Enumerator<Object> query(
      ArrowExecution execution, StatementContext statement, ArrowToEnumerableConverter query)
      throws SQLException {
    List<ColumnReader> readers =
        plan.getRowType().getFieldList().stream().map(this::reader).toList();
    var source = query.source(statement);
    statement.held().forEach(execution::hold);
    return new ArrowRows(execution, source, readers, singleValue);
  }

  private ColumnReader reader(RelDataTypeField field) {
    return timestampText && field.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
        ? ColumnReader.timestampText()
        : ColumnReader.of(field.getType());
  }

  private static Enumerator<Object> update(
      ArrowExecution execution, StatementContext statement, StatementRel.Update update)
      throws SQLException {
    try (execution) {
      var task = update.update(statement);
      statement.held().forEach(execution::hold);
      return Linq4j.singletonEnumerator(task.run(execution));
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
