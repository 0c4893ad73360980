package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDown;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;

/** Makes of whatever fails while a statement is prepared one line with a SQLSTATE. */
final class PlanErrors {
  private static final Pattern NOT_FOUND =
      Pattern.compile("(Object|Table) '.*' not found.*", Pattern.DOTALL);
  private static final Pattern COLUMN_NOT_FOUND =
      Pattern.compile(
          "(Column '.*' not found|Unknown target column|Unknown identifier).*", Pattern.DOTALL);
  private static final Pattern NO_FUNCTION =
      Pattern.compile("No match found for function signature.*", Pattern.DOTALL);

  private PlanErrors() {}

  /** A feature that Tidegate does not have. */
  static RuntimeException unsupported(String message) {
    return SqlFailure.unchecked(new SQLException(message, "0A000"));
  }

  /** Something that the statement names is not there. */
  static RuntimeException notFound(String message) {
    return SqlFailure.unchecked(new SQLException(message, "42S02"));
  }

  /** A mistake in the statement. */
  static RuntimeException invalid(String message) {
    return SqlFailure.unchecked(new SQLException(message, "42000"));
  }

  static SQLException translate(Throwable failure, RelOptPlanner planner) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
      if (cause instanceof CalciteContextException context) {
        return validation(context);
      }
      if (cause instanceof NotSupported notSupported) {
        return new SQLException("Cannot run " + notSupported.getMessage(), "0A000", failure);
      }
      if (cause instanceof RelOptPlanner.CannotPlanException
          && String.valueOf(cause.getMessage()).contains("RepeatUnion")) {
        return new SQLException("WITH RECURSIVE is not supported", "0A000", failure);
      }
      if (cause instanceof RelOptPlanner.CannotPlanException) {
        return new SQLException(
            "Cannot plan this statement: " + reasons(planner), "0A000", failure);
      }
      if (cause instanceof IllegalArgumentException
          && cause.getMessage() != null
          && cause.getMessage().endsWith("due to overflow")) {
        // What Calcite says of a literal that its column's type cannot hold.
        return new SQLException(cause.getMessage(), "22003", failure);
      }
      if (cause instanceof CalciteException) {
        return new SQLException(cause.getMessage(), "42000", failure);
      }
    }
    return new SQLException(
        "Tidegate failed to plan this statement (a bug, please report it): " + failure,
        "XX000",
        failure);
  }

  private static String reasons(RelOptPlanner planner) {
    PushDown.Refusals refusals =
        planner == null ? null : planner.getContext().unwrap(PushDown.Refusals.class);
    List<String> reasons = refusals == null ? List.of() : refusals.reasons();
    return reasons.isEmpty() ? "no store runs it" : String.join("; ", reasons);
  }

  private static SQLException validation(CalciteContextException context) {
    Throwable inner = context.getCause();
    String message = inner == null ? context.getMessage() : inner.getMessage();
    String place =
        context.getPosLine() > 0
            ? " (line " + context.getPosLine() + ", column " + context.getPosColumn() + ")"
            : "";
    return new SQLException(oneLine(message) + place, state(message), context);
  }

  private static String state(String message) {
    if (matches(NOT_FOUND, message)) {
      return "42S02";
    }
    if (matches(COLUMN_NOT_FOUND, message)) {
      return "42S22";
    }
    if (matches(NO_FUNCTION, message)) {
      return "42883";
    }
    return "42000";
  }

  private static boolean matches(Pattern pattern, String message) {
    Matcher matcher = pattern.matcher(message);
    return matcher.lookingAt();
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").trim();
  }
}
