package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code .iq} file gives its one answer wherever its tables may be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  private TestCatalog clickHouse;
  private TestCatalog duckDb;

  @BeforeAll
  void open(@TempDir Path directory) throws SQLException, IOException {
    clickHouse = TestCatalog.clickHouse(ConformanceTest.class, directory.resolve("clickhouse"));
    duckDb = TestCatalog.duckDb(directory.resolve("duckdb"));
  }

  @AfterAll
  void close() throws SQLException {
    clickHouse.close();
    duckDb.close();
  }

  /** The conformance files, by name. */
  static List<Path> files() throws IOException, URISyntaxException {
    Path directory = Path.of(ConformanceTest.class.getResource("/iq").toURI());
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }

  static Stream<Arguments> filesAndPlacements() throws IOException, URISyntaxException {
    List<Arguments> arguments = new ArrayList<>();
    for (Path file : files()) {
      String text = Files.readString(file);
      for (Placement placement : Placement.values()) {
        if (placement.runs(text)) {
          arguments.add(Arguments.of(file.getFileName().toString(), placement));
        }
      }
    }
    return arguments.stream();
  }

  @ParameterizedTest(name = "{0} in {1}")
  @MethodSource("filesAndPlacements")
  void answersAreThoseOfTheFile(String file, Placement placement) throws Exception {
    String expected =
        Files.readString(Path.of(ConformanceTest.class.getResource("/iq/" + file).toURI()));
    TestCatalog catalog = placement == Placement.DUCKDB ? duckDb : clickHouse;
    assertThat(new Conformance(catalog, placement).run(expected)).isEqualTo(expected);
  }
}
