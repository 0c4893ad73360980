package io.tidegate.gateway;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs SQL scripts. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Run SQL scripts; stops at the first statement that fails.")
final class RunCommand implements Callable<Integer> {
  @Mixin private DataSourceOptions source;

  @Parameters(arity = "1..*", paramLabel = "FILE.sql", description = "Scripts, in this order.")
  private List<Path> files;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "Value of a parameter that a script declares. Repeatable.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--report",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ScriptReport.Format report;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Print results whole, as sql -e does, instead of a report: table, csv, json.")
  private OutputFormat format;

  @Option(
      names = "--dry-run",
      description = "Print the statements with their parameters in place; run nothing.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Script> scripts =
        ScriptReader.read(files.stream().map(DataSourceOptions::located).toList(), parameters);
    if (dryRun) {
      for (Script script : scripts) {
        for (ScriptStep step : script.steps()) {
          out.println("-- " + script.file() + ":" + step.line());
          out.println(step.sql() + ";");
        }
      }
      return 0;
    }
    try (RowProgress progress = new SysProgress(source::open)) {
      Optional<StatementOutcome> failure =
          new ScriptRunner(progress)
              .run(
                  scripts,
                  source::open,
                  format == null
                      ? report.report(out)
                      : new ResultsReport(format, out, spec.commandLine().getErr()));
      failure.ifPresent(outcome -> explain(outcome, spec.commandLine().getErr()));
      return failure.isPresent() ? 1 : 0;
    }
  }

  static void explain(StatementOutcome failed, PrintWriter err) {
    err.println(
        failed.error().orElseThrow().line()
            + " ("
            + failed.file()
            + ":"
            + failed.step().line()
            + ")");
    err.flush();
  }
}
