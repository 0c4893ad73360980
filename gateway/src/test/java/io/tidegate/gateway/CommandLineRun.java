package io.tidegate.gateway;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * One run of the command line, in this JVM.
 *
 * @param exitCode 0, 1 or 2
 * @param out what went to standard output
 * @param err what went to standard error
 */
record CommandLineRun(int exitCode, String out, String err) {
  static CommandLineRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter outWriter = new PrintWriter(out);
    PrintWriter errWriter = new PrintWriter(err);
    int exitCode = Main.execute(outWriter, errWriter, arguments);
    outWriter.flush();
    errWriter.flush();
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }
}
