package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.adapter.ticks.Checksum;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tick files on their way into the lake, and what is wrong with them. */
class TickFilesTest {
  private static final String HEADER =
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
  private static final String THREE =
      """
      1,100.5,0.25000000,1,2,1704067200000,True
      2,100.6,1,3,3,1704067200000,false
      5,99,92233720368.54775807,4,9,1706745600000,true
      """;
  private static final String LOADED =
      """
      symbol,ts,agg_trade_id,price,quantity,first_trade_id,last_trade_id,is_buyer_maker
      X,2024-01-01 00:00:00,1,100.50000000,0.25000000,1,2,true
      X,2024-01-01 00:00:00,2,100.60000000,1.00000000,3,3,false
      X,2024-02-01 00:00:00,5,99.00000000,92233720368.54775807,4,9,true
      """;

  @TempDir Path directory;
  private ShippedCatalog.Opened catalog;

  @BeforeEach
  void open() throws Exception {
    catalog = ShippedCatalog.DUCKDB.in(directory, TickFilesTest.class);
  }

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    byte[] bytes = text.getBytes();
    try (OutputStream out = Files.newOutputStream(file)) {
      if (name.endsWith(".gz")) {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(bytes);
        }
      } else if (name.endsWith(".zip")) {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
          zip.putNextEntry(new ZipEntry(name.replace(".zip", ".csv")));
          zip.write(bytes);
        }
      } else {
        out.write(bytes);
      }
    }
    return file;
  }

  private CommandLineRun load(ShippedCatalog.Opened into, String files) {
    return run(into, "load_agg_trades.sql", "files=" + files, "symbol=X");
  }

  private static CommandLineRun run(
      ShippedCatalog.Opened into, String script, String... parameters) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                ShippedCatalog.HOME.resolve("sql-scripts").resolve(script).toString(),
                "--catalog",
                into.file().toString(),
                "--report",
                "json"));
    for (String parameter : parameters) {
      arguments.addAll(List.of("--param", parameter));
    }
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private static String ticks(ShippedCatalog.Opened of) {
    return of.sql("SELECT * FROM lake.ticks ORDER BY ts, agg_trade_id").out();
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfFileGivesTheSameTicksOnce(ShippedCatalog shipped) throws Exception {
    Path own = Files.createDirectories(directory.resolve(shipped.name()));
    try (ShippedCatalog.Opened into = shipped.in(own, TickFilesTest.class)) {
      String micros = THREE.replaceAll("(\\d{13}),", "$1000,");
      String spot = THREE.replaceAll("(?m)$\\R", ",True\n");
      List<Path> files =
          List.of(
              write("plain.csv", THREE),
              write("header.csv", HEADER + THREE),
              write("short.csv", "a,p,q,f,l,T,m\n" + THREE),
              write("packed.csv.gz", HEADER + THREE),
              write("X-aggTrades-2024-01.zip", spot),
              write("micros.csv", micros),
              write("windows.csv", THREE.replace("\n", "\r\n")),
              write("noend.csv", THREE.strip()),
              write("part.csv", THREE.lines().findFirst().orElseThrow()));
      for (Path file : files) {
        CommandLineRun run = load(into, file.toString());
        assertThat(run.exitCode()).as("%s: %s", file, run.err()).isZero();
        assertThat(ticks(into)).as("%s", file).isEqualToNormalizingNewlines(LOADED);
      }
    }
  }

  @Test
  void filesOfAPatternMayOverlap() throws Exception {
    write("a.csv", THREE.lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
    write("b.csv", THREE);
    CommandLineRun run = load(catalog, directory + "/?.csv");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ticks(catalog)).isEqualToNormalizingNewlines(LOADED);
  }

  @Test
  void tablesDirectoriesAreSymbolsAndMonths() throws Exception {
    load(catalog, write("plain.csv", THREE).toString());
    try (Stream<Path> files = Files.walk(directory.resolve("lake"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
          .extracting(
              file ->
                  file.getParent().getParent().getFileName() + "/" + file.getParent().getFileName())
          .containsExactlyInAnyOrder("symbol=X/month=2024-01-01", "symbol=X/month=2024-02-01");
    }
  }

  @Test
  void idThatStandsForAnotherTickAlreadyStoresNothing() throws Exception {
    load(catalog, write("plain.csv", THREE).toString());
    Path other = write("other.csv", THREE.replace("100.6", "100.7").replace("\n5,", "\n6,"));
    CommandLineRun run = load(catalog, other.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("tick 2 is there already, but is another one").hasLineCount(1);
    assertThat(ticks(catalog)).isEqualToNormalizingNewlines(LOADED);
  }

  static Stream<Arguments> brokenTexts() {
    return Stream.of(
        Arguments.of(
            "a line with a field less",
            THREE + "6,1,1,5,5,1706745600000\n",
            "line 4: it must have 7 fields, but has 6"),
        Arguments.of(
            "a line with a field more",
            THREE + "6,1,1,5,5,1706745600000,true,true\n",
            "line 4: it must have 7 fields, but has 8"),
        Arguments.of("an empty line", "\n" + THREE, "line 1: it must have 7 fields, but has 1"),
        Arguments.of(
            "a wrong boolean",
            THREE.replace("false", "FALSE"),
            "line 2: is_buyer_maker must be true, True, false or False, but is 'FALSE'"),
        Arguments.of(
            "a number as a boolean",
            HEADER + THREE.replace("false", "0"),
            "line 3: is_buyer_maker must be"),
        Arguments.of("NaN", THREE.replace("100.6", "NaN"), "line 2: price is no decimal"),
        Arguments.of("an exponent", THREE.replace("100.6", "1e2"), "line 2: price is no decimal"),
        Arguments.of(
            "a zero price",
            THREE.replace("100.6", "0.00000000"),
            "line 2: price must be positive, but is 0.00000000"),
        Arguments.of(
            "a negative price",
            THREE.replace("100.6", "-1"),
            "line 2: price must be positive, but is -1.00000000"),
        Arguments.of(
            "too many decimals",
            THREE.replace("100.6", "1.123456789"),
            "line 2: price is no decimal"),
        Arguments.of(
            "a price beyond the column",
            THREE.replace("100.6", "10000000000"),
            "line 2: price must be below 10000000000"),
        Arguments.of(
            "a negative quantity",
            THREE.replace(",1,3,3", ",-1,3,3"),
            "line 2: quantity must not be negative"),
        Arguments.of(
            "a ghost trade",
            THREE.replace("5,99", "-1,99"),
            "line 3: agg_trade_id must be an integer of zero or more"),
        Arguments.of(
            "ids that go back",
            THREE.replace("5,99", "1,99"),
            "line 3: ids must ascend, but agg_trade_id 1 comes after 2"),
        Arguments.of(
            "an id twice",
            THREE.replace("5,99", "2,99"),
            "line 3: the line before it has the agg_trade_id 2 too"),
        Arguments.of(
            "times that go back",
            THREE.replace("1706745600000", "1704067199999"),
            "line 3: times must not go back"),
        Arguments.of(
            "seconds",
            THREE.replace("1706745600000", "1706745600"),
            "line 3: timestamp must be milliseconds or microseconds of 2000 to 2034"),
        Arguments.of(
            "last before first",
            THREE.replace("4,9,", "9,4,"),
            "line 3: last_trade_id must not be below first_trade_id"),
        Arguments.of(
            "columns in another order",
            "agg_trade_id,quantity,price,first_trade_id,last_trade_id,transact_time,m\n" + THREE,
            "line 1: its header must be agg_trade_id, price,"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenTexts")
  void lineThatIsNoTickIsNamedAndNothingIsStored(String name, String text, String message)
      throws Exception {
    assertRefused(write("X-aggTrades-broken.csv", text), message);
  }

  private void assertRefused(Path file, String message) {
    CommandLineRun run = load(catalog, file.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(file.toString()).contains(message).hasLineCount(1);
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM lake.ticks").out())
        .isEqualToNormalizingNewlines("n\n0\n");
  }

  @Test
  void faultBehindManyGoodLinesStoresNothingEither() throws Exception {
    List<String> lines = WalkOfTicks.lines(100_000, 1000);
    lines.set(99_998, lines.get(99_998).replaceFirst(",[^,]*,", ",x,"));
    Path file = WalkOfTicks.write(directory.resolve("long.csv"), lines);
    assertRefused(file, "line 99999: price is no decimal");
  }

  @Test
  void cutOffAndDamagedFilesAreRefused() throws Exception {
    String text = String.join("\n", WalkOfTicks.lines(20_000, 1000));
    for (String name : List.of("cut.zip", "cut.csv.gz")) {
      Path file = write(name, text);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertRefused(file, ": cannot be read");
    }
    Path flipped = write("flipped.zip", text);
    byte[] bytes = Files.readAllBytes(flipped);
    // The CRC-32 in the directory at the end.
    bytes[
        new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2")
            + 16]++;
    Files.write(flipped, bytes);
    assertRefused(flipped, "its length or CRC-32 is wrong");
    assertRefused(write("text.zip.csv", "PK"), "line 1: it must have 7 fields");
    Path none = directory.resolve("none.zip");
    Files.writeString(none, "this is no zip");
    assertRefused(none, ": cannot be read");
  }

  @Test
  void checksumBesideAFileMustHold() throws Exception {
    Path file = write("X-aggTrades-2024-01-01.zip", THREE);
    Files.writeString(Checksum.beside(file), "0".repeat(64) + "  " + file.getFileName() + "\n");
    assertRefused(file, "its SHA-256 is ");
    Files.writeString(Checksum.beside(file), "nonsense");
    assertRefused(file, "must hold a SHA-256 and the name X-aggTrades-2024-01-01.zip");
    Files.writeString(Checksum.beside(file), Checksum.of(file) + "  " + file.getFileName() + "\n");
    CommandLineRun run = load(catalog, directory + "/*.zip*");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ticks(catalog)).isEqualToNormalizingNewlines(LOADED);
  }

  @Test
  void filesThatAreNotThereOrOfAnotherSymbolAreNamed() throws Exception {
    assertRefused(directory.resolve("nothing.csv"), "No files are called ");
    assertRefused(directory.resolve("no-*.csv"), "No files are called ");
    assertRefused(
        write("Y-aggTrades-2024-01-01.csv", THREE), "is of Y, but ticks of X were asked for");
  }

  private CommandLineRun quotes(Path file, String check) {
    return run(
        catalog, "load_exness_quotes.sql", "files=" + file, "symbol=EURUSD", "check=" + check);
  }

  @Test
  void quotesBecomeTicksOfTheirMiddlePrice() throws Exception {
    Path file =
        write(
            "Exness_EURUSD_Raw_Spread_2024_01.zip",
            """
            "Exness","Symbol","Timestamp","Bid","Ask"
            "exness","EURUSD_Raw_Spread","2024-01-15 00:00:00.032Z",1.0945,1.09456
            "exness","EURUSD_Raw_Spread","2024-01-15 00:00:00.032Z",1.0945,1.0945
            "exness","EURUSD_Raw_Spread","2024-01-15T00:00:01",1.00000001,1.00000002
            """);
    for (int time = 0; time < 2; time++) {
      CommandLineRun run = quotes(file, "strict");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(ticks(catalog))
          .isEqualToNormalizingNewlines(
              """
              symbol,ts,agg_trade_id,price,quantity,first_trade_id,last_trade_id,is_buyer_maker
              EURUSD,2024-01-15 00:00:00.032,1705276800032000,1.09453000,0.00000000,1705276800032000,1705276800032000,false
              EURUSD,2024-01-15 00:00:00.032,1705276800032001,1.09450000,0.00000000,1705276800032001,1705276800032001,false
              EURUSD,2024-01-15 00:00:01,1705276801000000,1.00000001,0.00000000,1705276801000000,1705276801000000,false
              """);
    }
  }

  @Test
  void quotesThatTheCheckRefusesStoreNothing() throws Exception {
    String head = "Exness,Symbol,Timestamp,Bid,Ask\n";
    String[][] wrong = {
      {"permissive", "0,1", "bid and ask must be positive"},
      {"permissive", "1,-1", "bid and ask must be positive"},
      {"permissive", "1.1,1", "bid must not be above ask"},
      {"strict", "1,1.11", "the spread must be at most 10.0 % of the bid"},
      {"paranoid", "1,1.02", "the spread must be at most 1.0 % of the bid"},
      {"strict", "x,1", "bid is no decimal"},
      {"strict", "1", "it must have 5 fields, but has 4"},
    };
    for (String[] fault : wrong) {
      Path file =
          write("quotes.csv", head + "exness,EURUSD,2024-01-15 00:00:00.032Z," + fault[1] + "\n");
      CommandLineRun run = quotes(file, fault[0]);
      assertThat(run.exitCode()).as(fault[1]).isEqualTo(1);
      assertThat(run.err()).contains(file + ", line 2: " + fault[2]).hasLineCount(1);
    }
    for (String line :
        List.of(
            "exness,GBPUSD,2024-01-15 00:00:00Z,1,1", "exness,EURUSD,2024-01-35 00:00:00Z,1,1")) {
      CommandLineRun run = quotes(write("quotes.csv", head + line + "\n"), "strict");
      assertThat(run.err()).contains("quotes.csv, line 2: ").hasLineCount(1);
    }
    assertThat(catalog.sql("SELECT COUNT(*) AS n FROM lake.ticks").out())
        .isEqualToNormalizingNewlines("n\n0\n");
    Path wide = write("quotes.csv", head + "exness,EURUSD,2024-01-15 00:00:00.032Z,1,1.0999\n");
    assertThat(quotes(wide, "strict").exitCode()).isZero();
    assertThat(quotes(wide, "lax").err())
        .contains("the check of quotes is permissive, strict or paranoid, but was 'lax'");
  }
}
