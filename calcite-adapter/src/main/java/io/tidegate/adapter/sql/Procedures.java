package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.StatementContext;
import java.util.Map;
import java.util.function.Function;

/** What {@code CALL} can call. */
final class Procedures {

  /** Makes the work of a call; refuses its arguments while the statement is prepared. */
  @FunctionalInterface
  interface Procedure {
    ArrowUpdate prepare(ProcedureCall call, NestedStatements statements);
  }

  private static final Map<String, Procedure> BY_NAME =
      Map.of(
          PrecomputeRangeBars.NAME, PrecomputeRangeBars::of, NativeExecute.NAME, NativeExecute::of);

  private Procedures() {}

  static Function<StatementContext, ArrowUpdate> update(
      ProcedureCall call, NestedStatements statements) {
    Procedure procedure = BY_NAME.get(call.name());
    if (procedure == null) {
      throw PlanErrors.invalid(
          "There is no procedure '"
              + call.name()
              + "' (known: "
              + String.join(", ", BY_NAME.keySet().stream().sorted().toList())
              + ")");
    }
    ArrowUpdate update = procedure.prepare(call, statements);
    return statement -> update;
  }
}
