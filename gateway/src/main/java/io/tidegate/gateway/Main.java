package io.tidegate.gateway;

import io.tidegate.gateway.bench.BenchCommand;
import io.tidegate.gateway.fetch.FetchTicksCommand;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.TimeZone;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 not understood; 3 from {@code lake verify} and {@code lake
 * diff} when what they looked at is not as it should be. Standard output carries results and
 * nothing else; everything said about them goes to standard error.
 */
@Command(
    name = "tidegate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "One SQL door to ClickHouse and a Parquet lake.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      RunCommand.class,
      SqlCommand.class,
      DdlCommand.class,
      BackfillCommand.class,
      CandlesCommand.class,
      ExportSlicesCommand.class,
      FetchTicksCommand.class,
      LakeCommand.class,
      BenchCommand.class
    })
public final class Main {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error too.")
  private boolean debug;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Every time is UTC, also what java.sql shows in the zone of the JVM.
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    PrintWriter out = writer(FileDescriptor.out, false);
    PrintWriter err = writer(FileDescriptor.err, true);
    int exitCode = execute(out, err, arguments);
    out.flush();
    System.exit(out.checkError() && exitCode == 0 ? 1 : exitCode);
  }

  boolean debug() {
    return debug;
  }

  /** Runs one command, for tests and embedding. */
  static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    return new CommandLine(main)
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              out.flush();
              err.println(SqlErrors.of(failure).line());
              if (main.debug) {
                failure.printStackTrace(err);
              }
              err.flush();
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(arguments);
  }

  private static PrintWriter writer(FileDescriptor descriptor, boolean flushLines) {
    return new PrintWriter(
        new BufferedWriter(
            new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8),
            1 << 16),
        flushLines);
  }
}
