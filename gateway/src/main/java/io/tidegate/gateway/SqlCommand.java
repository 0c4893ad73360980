package io.tidegate.gateway;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs SQL given on the command line, or a shell. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Run SQL, or without -e an interactive shell.")
final class SqlCommand implements Callable<Integer> {
  @Mixin private DataSourceOptions source;

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "SQL",
      description = "Statements to run, separated by semicolons.")
  private String sql;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "How results are printed: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputFormat format;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (sql == null) {
      return InteractiveShell.run(source.url());
    }
    List<SqlText.Piece> statements = SqlText.split(sql);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    ResultPrinter printer = format.printer(out);
    try (Connection connection = source.open()) {
      for (SqlText.Piece piece : statements) {
        run(connection, piece.text(), printer, out, err);
      }
    }
    return 0;
  }

  private void run(
      Connection connection, String text, ResultPrinter printer, PrintWriter out, PrintWriter err)
      throws Exception {
    try (Statement statement = connection.createStatement()) {
      long start = System.nanoTime();
      if (statement.execute(text)) {
        try (ResultSet result = statement.getResultSet()) {
          long rows = printer.print(result);
          out.flush();
          if (format == OutputFormat.TABLE) {
            err.println(Amounts.rows(rows) + " in " + Amounts.seconds(System.nanoTime() - start));
          }
        }
      } else {
        long rows = Amounts.updateCount(statement);
        err.println(
            Amounts.rows(rows) + " affected in " + Amounts.seconds(System.nanoTime() - start));
      }
      err.flush();
    }
  }
}
