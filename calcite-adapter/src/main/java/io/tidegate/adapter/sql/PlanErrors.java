package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDown;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.jdbc.CalciteSchema;
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

  /** How the message of a function that there is not begins. */
  static final String NO_FUNCTION = "There is no function ";

  private static final String CHARACTER_SET = " CHARACTER SET \"[^\"]*\"( COLLATE \"[^\"]*\")?";

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

  /** A named failure, in one line and without Calcite's character sets. */
  static SQLException translate(Throwable failure, RelOptPlanner planner, CalciteSchema root) {
    SQLException named = named(failure, planner, root);
    String message = named.getMessage();
    String plain = message == null ? null : message.replaceAll(CHARACTER_SET, "");
    return Objects.equals(plain, message)
        ? named
        : new SQLException(plain, named.getSQLState(), named.getErrorCode(), named);
  }

  private static SQLException named(Throwable failure, RelOptPlanner planner, CalciteSchema root) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
      if (cause instanceof CalciteContextException context) {
        return validation(context, root);
      }
      if (cause instanceof IllegalArgumentException
          && String.valueOf(cause.getMessage()).startsWith("Correlated ")) {
        return new SQLException(cause.getMessage(), "0A000", failure);
      }
      if (cause instanceof NotSupported notSupported) {
        return new SQLException("Cannot run " + notSupported.getMessage(), "0A000", failure);
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

  private static SQLException validation(CalciteContextException context, CalciteSchema root) {
    Throwable inner = context.getCause();
    String given = inner == null ? context.getMessage() : inner.getMessage();
    String message = MissingNames.named(given, root);
    String place =
        context.getPosLine() > 0
            ? " (line " + context.getPosLine() + ", column " + context.getPosColumn() + ")"
            : "";
    return new SQLException(oneLine(message) + place, state(given), context);
  }

  private static String state(String message) {
    if (matches(NOT_FOUND, message)) {
      return "42S02";
    }
    if (matches(COLUMN_NOT_FOUND, message)) {
      return "42S22";
    }
    if (message.startsWith(NO_FUNCTION)) {
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
