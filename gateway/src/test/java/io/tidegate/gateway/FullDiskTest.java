package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * There is no room in the middle of a write into the lake.
 *
 * <p>A disk cannot be filled by a test that is nobody special, so the process that writes gets a
 * limit for the size of its files (RLIMIT_FSIZE, by {@code prlimit} of util-linux, when its engine
 * is loaded). The kernel then cuts a write short and fails the next one, as on a full disk, with
 * EFBIG in place of ENOSPC: what that one is called, {@code DuckDbErrorsTest} asks {@code
 * /dev/full}. What a limit cannot show is a disk that fills up between two files: it is each file's
 * own, so rows that are put aside meet it before the files of their partitions do.
 */
@Timeout(180)
class FullDiskTest {
  @TempDir private Path directory;
  private Path catalog;
  private Path lake;

  @BeforeEach
  void makeCatalog() throws IOException {
    System.setProperty(DataSourceOptions.HOME_PROPERTY, ShippedCatalog.HOME.toString());
    lake = directory.resolve("lake");
    catalog =
        Files.writeString(
            directory.resolve("catalog.yaml"),
            """
            lake:
              root: "%s"
            duckdb:
              temp-directory: "%s"
            schemas:
              numbers:
                type: duckdb
                file: "%s"
            """
                .formatted(lake, directory.resolve("spill"), directory.resolve("n.duckdb")));
  }

  private CommandLineRun sql(String sql) {
    return CommandLineRun.of("sql", "--catalog", catalog.toString(), "--format", "csv", "-e", sql);
  }

  private String value(String query) {
    CommandLineRun run = sql(query);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().skip(1).findFirst().orElse("");
  }

  private static final String NOISE =
      " SELECT k, v FROM TABLE(native_query('numbers', 'SELECT CAST(range % 3 AS INTEGER) AS k,"
          + " CAST(hash(range) AS DOUBLE) AS v FROM range(400000)'))";

  @Test
  void insertIntoOneFileIsAnErrorThatNamesIt() throws Exception {
    value("CREATE TABLE lake.t (k INTEGER, v DOUBLE) SORTED BY (k)");
    assertNoRoom(
        run(1 << 20, "sql", "--catalog", catalog.toString(), "-e", "INSERT INTO lake.t" + NOISE),
        lake.resolve(".staging").toString());
    assertThat(value("SELECT COUNT(*) AS n FROM lake.t")).isEqualTo("0");
    assertNothingIsLeft();
  }

  @Test
  void insertIntoPartitionsIsAnErrorThatNamesWhereRowsArePutAside() throws Exception {
    value("CREATE TABLE lake.p (k INTEGER, v DOUBLE) PARTITIONED BY (k)");
    assertNoRoom(
        run(1 << 20, "sql", "--catalog", catalog.toString(), "-e", "INSERT INTO lake.p" + NOISE),
        directory.resolve("spill").toString());
    assertThat(value("SELECT COUNT(*) AS n FROM lake.p")).isEqualTo("0");
    assertNothingIsLeft();
  }

  /** Of a row or two the manifest is the larger file, and it comes last. */
  @Test
  void manifestWithoutRoomLeavesNoRun() throws Exception {
    value("CREATE TABLE lake.t (k INTEGER)");
    assertNoRoom(
        run(800, "sql", "--catalog", catalog.toString(), "-e", "INSERT INTO lake.t VALUES (1)"),
        "_manifest.json");
    assertThat(value("SELECT COUNT(*) AS n FROM lake.t")).isEqualTo("0");
    assertNothingIsLeft();
  }

  @Test
  void tableMadeOfAQueryIsNotThere() throws Exception {
    assertNoRoom(
        run(
            1 << 20,
            "sql",
            "--catalog",
            catalog.toString(),
            "-e",
            "CREATE TABLE lake.c AS" + NOISE),
        lake.resolve(".staging").toString());
    assertThat(sql("SELECT COUNT(*) FROM lake.c").err()).startsWith("error [42S02]");
    assertNothingIsLeft();
  }

  /** The work tables fit and the slices do not: coverage and alerts are there, whole. */
  @Test
  void exportOfSlicesPublishesNoSlicesAndGoesOnWhenThereIsRoom() throws Exception {
    value(
        "CREATE TABLE lake.candles AS SELECT 'm' AS mint, TIMESTAMPADD(MINUTE, CAST(n AS INTEGER),"
            + " TIMESTAMP '2024-01-01 00:00:00') AS ts, 60 AS interval_s, 1.0E0 AS o, 1.0E0 AS h,"
            + " 1.0E0 AS l, 1.0E0 AS c, 1.0E0 AS v FROM TABLE(native_query('numbers',"
            + " 'SELECT range AS n FROM range(60000)'))");
    Path alerts =
        Files.writeString(directory.resolve("alerts.csv"), "id,mint,ts\na,m,1704067200\n");
    List<String> export =
        List.of(
            "export-slices",
            "--catalog=" + catalog,
            "--alerts=" + alerts,
            "--source=lake.candles",
            "--interval=1m",
            "--window=pre0_post59999",
            "--chain=",
            "--run-id=r");
    assertNoRoom(
        run(2 << 20, export.toArray(String[]::new)), directory.resolve("spill").toString());
    assertThat(Files.exists(lake.resolve("run_slices/run_id=r"))).isFalse();
    assertThat(Files.exists(lake.resolve("run_coverage/run_id=r"))).isTrue();
    assertNothingIsLeft();
    CommandLineRun verified =
        CommandLineRun.of("lake", "verify", "r", "--catalog", catalog.toString());
    assertThat(verified.exitCode()).isEqualTo(LakeCommand.DIFFERENT);
    assertThat(verified.out()).contains("There is no run r in lake table run_slices");
    // And with less room not even the first work table is written.
    assertNoRoom(run(64 << 10, more(export, "r2")), lake.resolve(".staging").toString());
    assertThat(Files.exists(lake.resolve("run_coverage/run_id=r2"))).isFalse();
    assertNothingIsLeft();
    CommandLineRun again = CommandLineRun.of(export.toArray(String[]::new));
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(value("SELECT COUNT(*) AS n FROM lake.run_slices WHERE run = 'r'"))
        .isEqualTo("60000");
    assertThat(CommandLineRun.of("lake", "verify", "r", "--catalog", catalog.toString()).exitCode())
        .isZero();
  }

  private static String[] more(List<String> export, String runId) {
    return export.stream()
        .map(argument -> argument.equals("--run-id=r") ? "--run-id=" + runId : argument)
        .toArray(String[]::new);
  }

  private static void assertNoRoom(CommandLineRun run, String path) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("error [53100]: ")
        .contains(path)
        .contains("File too large")
        .hasLineCount(1);
  }

  /** The next start sweeps what the process before could not. */
  private void assertNothingIsLeft() throws IOException {
    value("SELECT COUNT(*) AS n FROM sys.runs");
    for (Path place :
        List.of(lake.resolve(".staging"), lake.resolve(".trash"), directory.resolve("spill"))) {
      if (Files.exists(place)) {
        try (Stream<Path> entries = Files.list(place)) {
          assertThat(entries).as(place.toString()).isEmpty();
        }
      }
    }
  }

  /** Runs a command in a process of its own, in which no file can grow beyond so many bytes. */
  private static CommandLineRun run(long fileBytes, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Dcalcite.default.charset=UTF-8",
                "-D" + DataSourceOptions.HOME_PROPERTY + "=" + ShippedCatalog.HOME,
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskTest.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    try (BufferedReader words = process.inputReader(StandardCharsets.UTF_8);
        InputStream errors = process.getErrorStream()) {
      assertThat(words.readLine()).isEqualTo("ready");
      Process limit =
          new ProcessBuilder("prlimit", "--pid=" + process.pid(), "--fsize=" + fileBytes)
              .redirectErrorStream(true)
              .start();
      String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(limit.waitFor()).as(said).isZero();
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      String err = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
      return new CommandLineRun(process.waitFor(), "", err);
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  /** The process: loads its engine, whose library is a large file, and waits for its limit. */
  public static void main(String[] arguments) throws Exception {
    DriverManager.getConnection("jdbc:duckdb:").close();
    System.out.println("ready");
    System.out.flush();
    System.in.read();
    PrintWriter err = new PrintWriter(System.err, true);
    PrintWriter out = new PrintWriter(Path.of("/dev/null").toFile(), StandardCharsets.UTF_8);
    System.exit(Main.execute(out, err, arguments));
  }
}
