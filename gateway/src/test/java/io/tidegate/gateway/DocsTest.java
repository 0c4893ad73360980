package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every SQL sample of README and docs on the demo's tables.
 *
 * <p>A block that begins with <code>```sql</code> is run; <code>```sql fragment</code> is not. A
 * block <code>```text</code> right behind one is its exact output; <code>```text embedded</code> is
 * that on the default catalog alone.
 */
class DocsTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?m)^```sql\\R(?<sql>(?:(?!```).*\\R)+)```\\R"
              + "(?:\\R?```text(?<only> embedded)?\\R(?<output>(?:(?!```).*\\R)+)```\\R)?");

  @TempDir private static Path directory;
  private static String home;

  @BeforeAll
  static void standWhereTheLauncherIs() {
    home = System.getProperty(DataSourceOptions.HOME_PROPERTY);
    System.setProperty(DataSourceOptions.HOME_PROPERTY, ShippedCatalog.HOME.toString());
  }

  @AfterAll
  static void leave() {
    if (home == null) {
      System.clearProperty(DataSourceOptions.HOME_PROPERTY);
    } else {
      System.setProperty(DataSourceOptions.HOME_PROPERTY, home);
    }
  }

  @TestFactory
  Stream<DynamicTest> everySampleRuns() {
    return Stream.of(ShippedCatalog.DUCKDB, ShippedCatalog.EMBEDDED)
        .map(shipped -> DynamicTest.dynamicTest(shipped.name(), () -> everySampleRuns(shipped)));
  }

  private static void everySampleRuns(ShippedCatalog shipped) throws Exception {
    Path own = Files.createDirectories(directory.resolve(shipped.name()));
    ShippedCatalog.Opened catalog = shipped.in(own, DocsTest.class);
    String file = catalog.file().toString();
    Path data = own.resolve("demo");
    // Held, so that the engine starts once and not for each sample.
    try (java.sql.Connection held =
        DataSourceOptions.open(DataSourceOptions.catalogUrl(catalog.file()))) {
      runSamples(shipped, file, data);
    }
  }

  private static void runSamples(ShippedCatalog shipped, String file, Path data)
      throws IOException {
    CommandLineRun demo = CommandLineRun.of("demo", "--catalog", file, "--data", data.toString());
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    for (Path page : pages()) {
      String name = ShippedCatalog.HOME.relativize(page).toString();
      Matcher sample = SAMPLE.matcher(Files.readString(page));
      while (sample.find()) {
        String sql = sample.group("sql").replace("'data/demo/", "'" + data + "/");
        CommandLineRun run =
            CommandLineRun.of("sql", "--catalog", file, "--format", "table", "-e", sql);
        assertThat(run.exitCode()).as("%s: %s%n%s", name, sql, run.err()).isZero();
        if (sample.group("output") != null
            && (sample.group("only") == null || shipped == ShippedCatalog.EMBEDDED)) {
          assertThat(withoutMargins(run.out()))
              .as("%s: %s", name, sql)
              .isEqualTo(withoutMargins(sample.group("output")));
        }
      }
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ShippedCatalog.HOME.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ShippedCatalog.HOME.resolve("README.md")),
              docs.filter(page -> page.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static String withoutMargins(String output) {
    return output.replaceAll("(?m)[ \\t]+$", "").strip();
  }
}
