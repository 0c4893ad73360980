package io.tidegate.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the steps of {@code sql-scripts/demo} in the order of their names. A step's first comment is
 * its title, the rest of its leading comments what is said about it.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Run the main job on real trades, statement by statement.")
final class DemoCommand implements Callable<Integer> {
  private static final Path STEPS = Path.of("sql-scripts", "demo");
  private static final String PARAMETER = "trades";
  private static final String NEXT =
      """
      Ask more of these tables:

        ./tidegate sql%1$s

      Look at them with DBeaver, or with any other JDBC client:

        1. ./tidegate serve%2$s
        2. In DBeaver: Database > Driver Manager > New
             Class name    org.apache.calcite.avatica.remote.Driver
             URL template  jdbc:avatica:remote:url=http://{host}:{port}
             Libraries     Add Artifact: org.apache.calcite.avatica:avatica:RELEASE
        3. Connect to host 127.0.0.1, port %3$d, without user and password.

      docs/connect.md says more.
      """;

  @Mixin private DataSourceOptions source;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/demo",
      description = "Where the CSV file of trades is put (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    String trades = DemoTrades.writtenTo(data).toString();
    String literal = "'" + trades.replace("'", "''") + "'";
    DemoReport report = new DemoReport(out, sql -> sql.replace(":" + PARAMETER, literal));
    List<Path> steps = steps();
    long start = System.nanoTime();
    try (Connection connection = source.open();
        RowProgress progress = new SysProgress(source::open)) {
      ScriptRunner runner = new ScriptRunner(progress);
      for (int i = 0; i < steps.size(); i++) {
        Path step = steps.get(i);
        Script script = ScriptReader.read(List.of(step), parameters(step, trades)).get(0);
        List<String> comments = comments(step);
        report.heading(
            (i + 1) + ". " + comments.get(0),
            comments.stream().skip(1).collect(Collectors.joining("\n")));
        Optional<StatementOutcome> failure = runner.run(script, connection, report);
        if (failure.isPresent()) {
          RunCommand.explain(failure.get(), spec.commandLine().getErr());
          return 1;
        }
      }
    }
    out.println("Done in " + Amounts.seconds(System.nanoTime() - start) + ".");
    out.println();
    out.print(nextSteps());
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

  private static Map<String, String> parameters(Path step, String trades) throws IOException {
    return Files.readString(step).contains("-- param " + PARAMETER + " ")
        ? Map.of(PARAMETER, trades)
        : Map.of();
  }

  private static List<String> comments(Path step) throws IOException {
    try (Stream<String> lines = Files.lines(step)) {
      return lines
          .takeWhile(line -> line.startsWith("--"))
          .filter(line -> !line.startsWith("-- param "))
          .map(line -> line.substring(2).strip())
          .toList();
    }
  }

  private String nextSteps() {
    String with = source.arguments();
    return NEXT.formatted(with, with.contains("--url") ? "" : with, GatewayServer.DEFAULT_PORT);
  }
}
