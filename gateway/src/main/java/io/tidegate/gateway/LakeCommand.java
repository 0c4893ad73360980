package io.tidegate.gateway;

import io.tidegate.adapter.sql.parser.TidegateSqlDialect;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be asked of, and done to, the runs of the lake. Each is one SQL statement. */
@Command(
    name = "lake",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "List, verify, compare, prune and compact the runs of the lake.",
    subcommands = {
      LakeCommand.Runs.class,
      LakeCommand.Verify.class,
      LakeCommand.Diff.class,
      LakeCommand.Prune.class,
      LakeCommand.Compact.class
    })
final class LakeCommand implements Runnable {
  /** Exit code where what was looked at is not as it should be, or two runs differ. */
  static final int DIFFERENT = 3;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  /** A command that is one statement, and its report. */
  abstract static class Step implements Callable<Integer> {
    @Mixin private DataSourceOptions source;

    @Option(
        names = "--report",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LakeReport report;

    @Spec private CommandSpec spec;

    abstract String sql();

    /** Whether the current row says that all is well. */
    boolean isGood(ResultSet row) throws SQLException {
      return true;
    }

    ParameterException misused(String message) {
      return new ParameterException(spec.commandLine(), message);
    }

    @Override
    public final Integer call() throws Exception {
      String sql = sql();
      PrintWriter out = spec.commandLine().getOut();
      AtomicBoolean good = new AtomicBoolean(true);
      try (Connection connection = source.open();
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(sql)) {
        WatchedResult.Watch watch = row -> good.compareAndSet(true, isGood(row));
        report.print(WatchedResult.of(result, watch), good::get, out);
        return good.get() ? 0 : DIFFERENT;
      } catch (SQLException | RuntimeException e) {
        report.failed(SqlErrors.of(e), out);
        throw e;
      }
    }
  }

  /** The arguments of a call, values quoted. */
  private static final class Call {
    private final String procedure;
    private final List<String> arguments = new ArrayList<>();

    Call(String procedure) {
      this.procedure = procedure;
    }

    Call text(String name, String value) {
      if (value != null) {
        arguments.add(name + " => " + quoted(value));
      }
      return this;
    }

    Call literal(String name, Object value) {
      if (value != null) {
        arguments.add(name + " => " + value);
      }
      return this;
    }

    String sql() {
      return "CALL " + procedure + "(" + String.join(", ", arguments) + ")";
    }
  }

  private static String quoted(String text) {
    return TidegateSqlDialect.INSTANCE.quoteStringLiteral(text);
  }

  /** Lists runs. */
  @Command(
      name = "runs",
      mixinStandardHelpOptions = true,
      description = "List the runs of a table, or of all tables.")
  static final class Runs extends Step {
    @Parameters(arity = "0..1", paramLabel = "TABLE", description = "Such as lake.trades.")
    private String table;

    @Override
    String sql() {
      return "SELECT table_name, run_id, state, created_at, \"rows\", bytes, files, content_sha256,"
          + " damage FROM sys.runs"
          + (table == null ? "" : " WHERE table_name = " + quoted(withoutSchema(table)))
          + " ORDER BY table_name, created_at, run_id";
    }

    private static String withoutSchema(String table) {
      return table.toLowerCase(Locale.ROOT).startsWith("lake.") ? table.substring(5) : table;
    }
  }

  /** Verifies runs. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Look whether runs still are what was sealed; without RUN and --table, all.")
  static final class Verify extends Step {
    @Parameters(arity = "0..1", paramLabel = "RUN", description = "A run's id; see lake runs.")
    private String run;

    @Option(names = "--table", paramLabel = "TABLE", description = "Only runs of this table.")
    private String table;

    @Override
    String sql() {
      return new Call("lake.verify").text("table_name", table).text("run_id", run).sql();
    }

    @Override
    boolean isGood(ResultSet row) throws SQLException {
      // NULL is a check that had nothing to look at.
      return row.getBoolean("passed") || row.wasNull();
    }
  }

  /** Compares two runs. */
  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Compare two runs, row by row.")
  static final class Diff extends Step {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run's id; see lake runs.")
    private String run;

    @Parameters(index = "1", paramLabel = "RUN", description = "The other one.")
    private String other;

    @Option(names = "--table", paramLabel = "TABLE", description = "The table of the runs.")
    private String table;

    @Option(
        names = "--other-table",
        paramLabel = "TABLE",
        description = "The table of the second run (default: that of --table).")
    private String otherTable;

    @Override
    String sql() {
      return new Call("lake.diff")
          .text("table_name", table)
          .text("run_id", run)
          .text("other_table_name", otherTable)
          .text("other_run_id", other)
          .sql();
    }

    @Override
    boolean isGood(ResultSet row) throws SQLException {
      return switch (row.getString("item")) {
        case "left", "right", "equal" -> true;
        case "schema" -> false;
        default -> row.getLong("rows") == 0;
      };
    }
  }

  /** Removes runs. */
  @Command(
      name = "prune",
      mixinStandardHelpOptions = true,
      description = "Remove old runs of a table, and their rows with them.")
  static final class Prune extends Step {
    @Parameters(paramLabel = "TABLE", description = "Such as lake.trades.")
    private String table;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private Which which;

    private static final class Which {
      @Option(names = "--keep", paramLabel = "N", description = "Keep the newest N runs.")
      private Integer keep;

      @Option(
          names = "--older-than",
          paramLabel = "AGE",
          description = "Remove only what was sealed that long ago, such as 30d or 12h.")
      private String olderThan;
    }

    @Option(names = "--dry-run", description = "Say what would be removed; remove nothing.")
    private boolean dryRun;

    @Override
    String sql() {
      return new Call("lake.prune")
          .text("table_name", table)
          .literal("keep", which.keep)
          .text("older_than", which.olderThan)
          .literal("dry_run", dryRun ? "TRUE" : null)
          .sql();
    }
  }

  /** Brings runs together. */
  @Command(
      name = "compact",
      mixinStandardHelpOptions = true,
      description = "Bring the runs of a table together in one that takes their place.")
  static final class Compact extends Step {
    private static final Pattern SIZE = Pattern.compile("(?i)(\\d{1,9})\\s*(k|m|g)?i?b?");

    @Parameters(paramLabel = "TABLE", description = "Such as lake.trades.")
    private String table;

    @Option(
        names = "--smaller-than",
        paramLabel = "SIZE",
        description = "Take only runs with fewer bytes, such as 64MB (1 MB is 1,048,576 bytes).")
    private String smallerThan;

    @Override
    String sql() {
      return new Call("lake.compact")
          .text("table_name", table)
          .literal("smaller_than_bytes", smallerThan == null ? null : bytes())
          .sql();
    }

    private long bytes() {
      Matcher size = SIZE.matcher(smallerThan.strip());
      if (!size.matches()) {
        throw misused("--smaller-than takes a size such as 64MB but was '" + smallerThan + "'");
      }
      String unit = size.group(2) == null ? "" : size.group(2).toLowerCase(Locale.ROOT);
      int shift =
          switch (unit) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
          };
      return Long.parseLong(size.group(1)) << shift;
    }
  }
}
