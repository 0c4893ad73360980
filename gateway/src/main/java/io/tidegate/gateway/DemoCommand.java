package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the steps of {@code sql-scripts/demo} in the order of their names. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Run the main job on real trades, statement by statement.")
final class DemoCommand implements Callable<Integer> {
  private static final Path STEPS = Path.of("sql-scripts", "demo");

  @Mixin private DataSourceOptions source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Script> steps = ScriptReader.read(steps(), Map.of());
    Optional<StatementOutcome> failure =
        new ScriptRunner(RowProgress.UNKNOWN)
            .run(steps, source::open, ScriptReport.Format.TEXT.report(out));
    if (failure.isPresent()) {
      RunCommand.explain(failure.get(), spec.commandLine().getErr());
      return 1;
    }
    return 0;
  }

  private static List<Path> steps() throws SQLException {
    Path directory = DataSourceOptions.located(STEPS);
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    } catch (IOException e) {
      throw new SQLException("The demo's scripts are not in " + directory, "58P01", e);
    }
  }
}
