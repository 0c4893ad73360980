package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Executes scripts, statement after statement on one connection, up to the first that fails. */
final class ScriptRunner {
  private final RowProgress progress;

  ScriptRunner(RowProgress progress) {
    this.progress = requireNonNull(progress, "progress");
  }

  /** Opens the connection when there is something to run on it. */
  @FunctionalInterface
  interface Connector {
    Connection open() throws SQLException;
  }

  /**
   * Executes scripts.
   *
   * @return the first failure, which was also reported
   */
  Optional<StatementOutcome> run(List<Script> scripts, Connector connector, ScriptReport report)
      throws SQLException, IOException {
    Optional<StatementOutcome> failure = Optional.empty();
    try (Connection connection = connector.open()) {
      for (Script script : scripts) {
        failure = run(script, connection, report);
        if (failure.isPresent()) {
          break;
        }
      }
    }
    report.finished();
    return failure;
  }

  /** Executes one script; the report goes on afterwards. */
  Optional<StatementOutcome> run(Script script, Connection connection, ScriptReport report) {
    for (ScriptStep step : script.steps()) {
      report.started(step);
      StatementOutcome outcome = run(script.file(), step, connection, report);
      report.ended(outcome);
      if (outcome.error().isPresent()) {
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }

  private StatementOutcome run(
      String file, ScriptStep step, Connection connection, ScriptReport report) {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement();
        AutoCloseable line = ProgressLine.watch(step.kind(), step.sql(), progress)) {
      long rows;
      if (statement.execute(step.sql())) {
        try (ResultSet result = statement.getResultSet()) {
          rows = report.rows(result);
        }
      } else {
        rows = Amounts.updateCount(statement);
      }
      return new StatementOutcome(file, step, rows, System.nanoTime() - start, Optional.empty());
    } catch (Exception e) {
      return new StatementOutcome(
          file, step, 0, System.nanoTime() - start, Optional.of(SqlErrors.of(e)));
    }
  }
}
