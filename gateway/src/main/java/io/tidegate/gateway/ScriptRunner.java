package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs scripts: reads them all first, then executes statement after statement on one connection and
 * stops at the first that fails.
 */
final class ScriptRunner {
  private final ScriptReader reader;
  private final RowProgress progress;

  ScriptRunner(ScriptReader reader, RowProgress progress) {
    this.reader = requireNonNull(reader, "reader");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * A script that has been read.
   *
   * @param file its name, as it was given
   * @param statements what it holds
   */
  record Script(String file, List<ScriptStatement> statements) {}

  /** Opens the connection when there is something to run on it. */
  @FunctionalInterface
  interface Connector {
    Connection open() throws SQLException;
  }

  /** Reads every script before anything runs, so that a mistake in the last stops the first. */
  List<Script> read(List<Path> files, Map<String, String> parameters) throws SQLException {
    List<Script> scripts = new ArrayList<>();
    for (Path file : files) {
      try {
        scripts.add(new Script(file.toString(), reader.read(text(file), parameters)));
      } catch (SQLException e) {
        SqlError error = SqlErrors.of(e);
        throw new SQLException(file + ": " + error.message(), error.sqlState(), e);
      }
    }
    return scripts;
  }

  private static String text(Path file) throws SQLException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new SQLException("no such script", "58P01", e);
    } catch (IOException e) {
      throw new SQLException("cannot read the script: " + e.getMessage(), "58030", e);
    }
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
        for (ScriptStatement statement : script.statements()) {
          StatementOutcome outcome = run(script.file(), statement, connection, report);
          report.ended(outcome);
          if (outcome.error().isPresent()) {
            failure = Optional.of(outcome);
            break;
          }
        }
        if (failure.isPresent()) {
          break;
        }
      }
    }
    report.finished();
    return failure;
  }

  private StatementOutcome run(
      String file, ScriptStatement scripted, Connection connection, ScriptReport report) {
    long start = System.nanoTime();
    try (Statement statement = connection.createStatement();
        AutoCloseable line = ProgressLine.watch(scripted.kind(), statement, progress)) {
      long rows;
      if (statement.execute(scripted.sql())) {
        try (ResultSet result = statement.getResultSet()) {
          rows = report.rows(result);
        }
      } else {
        rows = Amounts.updateCount(statement);
      }
      return new StatementOutcome(
          file, scripted, rows, System.nanoTime() - start, Optional.empty());
    } catch (Exception e) {
      return new StatementOutcome(
          file, scripted, 0, System.nanoTime() - start, Optional.of(SqlErrors.of(e)));
    }
  }
}
