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
import io.tidegate.adapter.store.StatementRel;
import io.tidegate.adapter.store.StoreSchema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The statements that a procedure is made of. Each is a statement like any other, with an id of its
 * own; stopping the procedure stops it.
 */
final class NestedStatements {
  private final CalcitePrepare.Context context;
  private final Supplier<PreparingStatement> preparing;

  NestedStatements(CalcitePrepare.Context context, Supplier<PreparingStatement> preparing) {
    this.context = requireNonNull(context, "context");
    this.preparing = requireNonNull(preparing, "preparing");
  }

  /**
   * Runs a statement that writes.
   *
   * @param operators functions that this statement alone can call
   * @return the rows it wrote
   */
  long update(SqlNode statement, ArrowExecution outer, List<SqlOperator> operators)
      throws SQLException {
    StatementRel.Update plan = (StatementRel.Update) plan(statement, operators);
    return within(
        outer,
        statement,
        execution -> {
          StatementContext running = running();
          ArrowUpdate update = plan.update(running);
          running.held().forEach(execution::hold);
          return update.run(execution);
        });
  }

  /** A schema by its name in any case; refuses one that is not there. */
  StoreSchema schema(String name) {
    return RootSchema.of(context).catalog().storeSchema(name);
  }

  /** Runs a small query. A row is an array of values, times as texts with microseconds. */
  List<Object[]> rows(SqlNode query, ArrowExecution outer) throws SQLException {
    ArrowToEnumerableConverter plan = (ArrowToEnumerableConverter) plan(query, List.of());
    List<ColumnReader> readers =
        plan.getRowType().getFieldList().stream()
            .map(
                field ->
                    field.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
                        ? ColumnReader.timestampText()
                        : ColumnReader.of(field.getType()))
            .toList();
    return within(
        outer,
        query,
        execution -> {
          StatementContext running = running();
          ArrowSource source = plan.source(running);
          running.held().forEach(execution::hold);
          List<Object[]> rows = new ArrayList<>();
          try (ArrowRows result = new ArrowRows(execution, source, readers, false)) {
            while (result.moveNext()) {
              rows.add((Object[]) result.current());
            }
          }
          return rows;
        });
  }

  private StatementRel plan(SqlNode statement, List<SqlOperator> operators) throws SQLException {
    try {
      return preparing.get().plan(statement, operators);
    } catch (RuntimeException | AssertionError e) {
      throw PlanErrors.translate(e, null, context.getRootSchema());
    }
  }

  private StatementContext running() {
    return StatementContext.running(
        new RexBuilder(context.getTypeFactory()),
        index -> {
          throw new IllegalStateException("a procedure's statements have no parameters");
        });
  }

  /** What a statement does while it runs. */
  private interface Work<T> {
    T run(ArrowExecution execution) throws SQLException;
  }

  private <T> T within(ArrowExecution outer, SqlNode statement, Work<T> work) throws SQLException {
    ArrowExecution inner =
        RootSchema.of(context).catalog().execution(TableOperator.text(statement));
    Runnable cancel = inner::cancel;
    try (inner) {
      outer.onCancel(cancel);
      return work.run(inner);
    } catch (RuntimeException e) {
      SQLException failure = SqlFailure.causeOf(e);
      if (failure != null) {
        throw failure;
      }
      throw e;
    } finally {
      outer.removeCancelAction(cancel);
    }
  }
}
