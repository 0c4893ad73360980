package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.ArrowUpdate;
import io.tidegate.adapter.store.StatementContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Makes the rows of a call; refuses its arguments while the statement is prepared. */
  @FunctionalInterface
  interface GivingRows {
    ProcedureRows prepare(ProcedureCall call, OpenCatalog catalog);
  }

  private static final Map<String, GivingRows> ROWS_BY_NAME =
      Map.of(
          "lake.verify", LakeProcedures::verify,
          "lake.diff", LakeProcedures::diff,
          "lake.prune", LakeProcedures::prune,
          "lake.compact", LakeProcedures::compact);

  private Procedures() {}

  /** The rows of a call to a procedure that gives some. */
  static Optional<ProcedureRows> rows(ProcedureCall call, OpenCatalog catalog) {
    return Optional.ofNullable(ROWS_BY_NAME.get(call.name()))
        .map(procedure -> procedure.prepare(call, catalog));
  }

  static Function<StatementContext, ArrowUpdate> update(
      ProcedureCall call, NestedStatements statements) {
    if (ROWS_BY_NAME.containsKey(call.name())) {
      throw PlanErrors.unsupported("CALL " + call.name() + " has no plan that could be explained");
    }
    Procedure procedure = BY_NAME.get(call.name());
    if (procedure == null) {
      throw PlanErrors.invalid(
          "There is no procedure '"
              + call.name()
              + "' (known: "
              + Stream.of(BY_NAME, ROWS_BY_NAME)
                  .flatMap(procedures -> procedures.keySet().stream())
                  .sorted()
                  .collect(Collectors.joining(", "))
              + ")");
    }
    ArrowUpdate update = procedure.prepare(call, statements);
    return statement -> update;
  }
}
