package io.tidegate.adapter.lake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Another process on the same lake: a JVM that writes a run, or reads a table, and pauses on the
 * way.
 *
 * <p>It says one word for each step it has done and goes on when it is told to.
 */
final class LakeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader words;

  private LakeProcess(Process process) {
    this.process = process;
    this.words = process.inputReader(StandardCharsets.UTF_8);
  }

  static LakeProcess writing(Path root, String runId, Path parquet) throws IOException {
    return start("write", root.toString(), runId, parquet.toString());
  }

  static LakeProcess reading(Path root) throws IOException {
    return start("read", root.toString());
  }

  private static LakeProcess start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            LakeProcess.class.getName());
    builder.command().addAll(List.of(arguments));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new LakeProcess(builder.start());
  }

  /** Waits for the process's next word. */
  String says() throws IOException {
    return words.readLine();
  }

  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    TableDirectory table = Lake.open(Path.of(arguments[1])).table("t").orElseThrow();
    if (arguments[0].equals("write")) {
      write(table, arguments[2], Path.of(arguments[3]), orders);
    } else {
      try (LiveRuns live = table.liveRuns()) {
        step("reading", orders);
        for (LakeFile file : live.files()) {
          Files.readAllBytes(file.path());
        }
      }
      step("read", orders);
    }
  }

  private static void write(TableDirectory table, String runId, Path parquet, BufferedReader orders)
      throws Exception {
    try (RunDirectory run = table.stage(runId)) {
      Files.copy(parquet, run.file());
      step("written", orders);
      run.seal(LakeFixture.report(3));
      step("sealed", orders);
      run.publish();
    }
    step("published", orders);
  }

  private static void step(String word, BufferedReader orders) throws IOException {
    System.out.println(word);
    System.out.flush();
    orders.readLine();
  }
}
