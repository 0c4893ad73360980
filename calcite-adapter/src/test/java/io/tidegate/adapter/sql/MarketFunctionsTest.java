package io.tidegate.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.functions.CandleInterval;
import io.tidegate.functions.MintBucket;
import io.tidegate.functions.WindowSlice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The three spellings of the scalar functions - the Java kernels, DuckDB's and ClickHouse's SQL -
 * over the same 100,000 random inputs, each engine asked in one statement.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MarketFunctionsTest {
  private static final int ROWS = 100_000;
  private static final long SEED = 20131125;

  /** What every engine's timestamps hold, less the widest window. */
  private static final long FIRST_MICROS = micros(LocalDateTime.of(1998, 1, 1, 0, 0));

  private static final long LAST_MICROS = micros(LocalDateTime.of(2201, 1, 1, 0, 0));

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
          .toFormatter();

  private static final List<String> MINTS =
      List.of(
          "",
          "So11111111111111111111111111111111111111112",
          "it's",
          "back\\slash\\",
          "x' OR 1=1 --",
          "🚀",
          "👩‍👩‍👧‍👦",
          "東京",
          "ä",
          "a\u0308",
          "\uFFFD",
          "tab\tand\u0001control");

  private TestCatalog catalog;
  private final List<Input> inputs = new ArrayList<>();

  private record Input(int row, String mint, Long micros, int intervalSeconds, int pre, int post) {}

  @BeforeAll
  void load(@TempDir Path directory) throws SQLException, IOException {
    catalog = TestCatalog.clickHouse(MarketFunctionsTest.class, directory);
    Random random = new Random(SEED);
    StringBuilder csv = new StringBuilder("k,mint,micros,seconds,pre,post\n");
    for (int row = 0; row < ROWS; row++) {
      Input input = random(row, random);
      inputs.add(input);
      csv.append(row)
          .append(',')
          .append(input.mint == null ? "" : '"' + input.mint.replace("\"", "\"\"") + '"')
          .append(',')
          .append(input.micros == null ? "" : TEXT.format(time(input.micros)))
          .append(',')
          .append(input.intervalSeconds)
          .append(',')
          .append(input.pre)
          .append(',')
          .append(input.post)
          .append('\n');
    }
    Path file = directory.resolve("inputs.csv");
    Files.writeString(file, csv, StandardCharsets.UTF_8);
    String columns =
        "(k INTEGER NOT NULL, mint VARCHAR, ts TIMESTAMP(6), seconds INTEGER NOT NULL,"
            + " pre INTEGER NOT NULL, post INTEGER NOT NULL)";
    try (Statement statement = catalog.connection().createStatement()) {
      statement.execute("CREATE TABLE lake.inputs " + columns);
      assertThat(
              statement.executeUpdate(
                  "INSERT INTO lake.inputs SELECT CAST(k AS INTEGER), mint,"
                      + " CAST(micros AS TIMESTAMP(6)), CAST(seconds AS INTEGER),"
                      + " CAST(pre AS INTEGER), CAST(post AS INTEGER)"
                      + " FROM TABLE(read_csv('"
                      + file
                      + "'))"))
          .isEqualTo(ROWS);
      statement.execute("CREATE TABLE " + catalog.store() + ".inputs " + columns);
      statement.execute("INSERT INTO " + catalog.store() + ".inputs SELECT * FROM lake.inputs");
    }
  }

  @AfterAll
  void close() throws SQLException {
    catalog.close();
  }

  private static Input random(int row, Random random) {
    Long micros =
        random.nextInt(50) == 0
            ? null
            : switch (random.nextInt(8)) {
              case 0 -> -random.nextLong(2_000_000);
              case 1 -> Math.floorDiv(random(random), 86_400_000_000L) * 86_400_000_000L;
              case 2 -> Math.floorDiv(random(random), 60_000_000L) * 60_000_000L - 1;
              default -> random(random);
            };
    int interval =
        random.nextBoolean()
            ? List.of(1, 15, 60, 300, 3_600, 86_400, 604_800).get(random.nextInt(7))
            : 1 + random.nextInt(7 * 86_400);
    return new Input(
        row, mint(random), micros, interval, random.nextInt(5_001), random.nextInt(5_001));
  }

  private static long random(Random random) {
    return random.nextLong(FIRST_MICROS, LAST_MICROS);
  }

  private static String mint(Random random) {
    if (random.nextInt(50) == 0) {
      return null;
    }
    if (random.nextInt(4) == 0) {
      return MINTS.get(random.nextInt(MINTS.size()));
    }
    StringBuilder mint = new StringBuilder();
    int length = random.nextInt(1_000) == 0 ? 10_000 : random.nextInt(60);
    for (int i = 0; i < length; i++) {
      int point = random.nextInt(3) == 0 ? 0x20 + random.nextInt(0x2F000) : 0x21 + i % 0x5D;
      boolean text = Character.isDefined(point) && (point < 0xD800 || point > 0xDFFF);
      mint.appendCodePoint(text ? point : '?');
    }
    return mint.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lake", "test_MarketFunctionsTest"})
  void enginesGiveWhatTheKernelsGive(String schema) throws SQLException {
    String sql =
        "SELECT k, mint_bucket(mint) AS bucket, floor_to_interval(ts, seconds) AS anchor,"
            + " window_start(ts, seconds, pre, post) AS opens,"
            + " window_end(ts, seconds, pre, post) AS closes, mint, ts FROM "
            + schema
            + ".inputs ORDER BY k";
    assertRunsIn(schema, sql);
    try (Statement statement = catalog.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      for (Input input : inputs) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(input.row);
        assertThat(rows.getString(6)).as("mint of %s", input).isEqualTo(input.mint);
        assertThat(rows.getString(2))
            .as("mint_bucket of %s", input)
            .isEqualTo(input.mint == null ? null : MintBucket.of(input.mint));
        Long anchor = null;
        Long start = null;
        Long end = null;
        if (input.micros != null) {
          anchor = CandleInterval.floorMicros(input.micros, input.intervalSeconds);
          start = WindowSlice.startMicros(input.micros, input.intervalSeconds, input.pre);
          end = WindowSlice.endMicros(input.micros, input.intervalSeconds, input.post);
        }
        assertThat(micros(rows, 7)).as("ts of %s", input).isEqualTo(input.micros);
        assertThat(micros(rows, 3)).as("floor_to_interval of %s", input).isEqualTo(anchor);
        assertThat(micros(rows, 4)).as("window_start of %s", input).isEqualTo(start);
        assertThat(micros(rows, 5)).as("window_end of %s", input).isEqualTo(end);
      }
      assertThat(rows.next()).isFalse();
    }
  }

  /** With constant arguments the engines' spellings are shorter ones. */
  @ParameterizedTest
  @ValueSource(strings = {"lake", "test_MarketFunctionsTest"})
  void constantArgumentsGiveTheSame(String schema) throws SQLException {
    for (int interval : new int[] {1, 60, 86_400, 604_800, 7_001}) {
      String sql =
          "SELECT floor_to_interval(ts, %1$d) AS a, window_start(ts, %1$d, 52, 4948) AS s,"
                  .formatted(interval)
              + " window_end(ts, %1$d, 52, 4948) AS e FROM %2$s.inputs WHERE k < 5000 ORDER BY k"
                  .formatted(interval, schema);
      assertRunsIn(schema, sql);
      try (Statement statement = catalog.connection().createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        for (Input input : inputs.subList(0, 5_000)) {
          assertThat(rows.next()).isTrue();
          WindowSlice slice =
              input.micros == null ? null : WindowSlice.of(input.micros, interval, 52, 4948);
          assertThat(micros(rows, 1)).isEqualTo(slice == null ? null : slice.anchorMicros());
          assertThat(micros(rows, 2)).isEqualTo(slice == null ? null : slice.startMicros());
          assertThat(micros(rows, 3)).isEqualTo(slice == null ? null : slice.endMicros());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      value = {
        "So11111111111111111111111111111111111111112,35",
        "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v,9a",
        "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB,54",
        "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263,d5",
        "0xdAC17F958D2ee523a2206206994597C13D831ec7,8f",
        "'',da"
      })
  void bucketsAreThoseOfExistingLakes(String mint, String bucket) throws SQLException {
    assertThat(MintBucket.of(mint)).isEqualTo(bucket);
    for (String schema : schemas()) {
      assertThat(one("SELECT mint_bucket('" + mint + "') FROM " + schema + ".inputs WHERE k = 0"))
          .isEqualTo(bucket);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1609459200000,60,52,4948,1609459200000,1609456080000,1609756140000",
    "1609459230000,60,10,10,1609459200000,1609458600000,1609459860000",
    "1704110400000,60,10,20,1704110400000,1704109800000,1704111660000",
    "1609459200123,1,3,2,1609459200000,1609459197000,1609459203000",
    "-1,60,1,1,-60000,-120000,60000"
  })
  void windowsAreThoseOfExistingLakes(
      long alertMillis, int interval, int pre, int post, long anchor, long start, long end)
      throws SQLException {
    for (String schema : schemas()) {
      String arguments =
          "(TIMESTAMP '" + TEXT.format(time(alertMillis * 1000)) + "', " + interval + "%s)";
      String window = arguments.formatted(", " + pre + ", " + post);
      String sql =
          "SELECT floor_to_interval"
              + arguments.formatted("")
              + " AS a, window_start"
              + window
              + " AS s, window_end"
              + window
              + " AS e FROM "
              + schema
              + ".inputs WHERE k = 0";
      try (Statement statement = catalog.connection().createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        assertThat(rows.next()).isTrue();
        assertThat(micros(rows, 1)).isEqualTo(anchor * 1000);
        assertThat(micros(rows, 2)).isEqualTo(start * 1000);
        assertThat(micros(rows, 3)).isEqualTo(end * 1000);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "floor_to_interval(ts, 0)           | floor_to_interval: seconds must be 1 or more",
        "floor_to_interval(ts, -60)         | floor_to_interval: seconds must be 1 or more",
        "floor_to_interval(ts, k - k)       | floor_to_interval: seconds must be 1 or more",
        "window_start(ts, 60, -1, 0)        | window_start: pre must be 0 or more",
        "window_start(ts, 60, 0, -1)        | window_start: post must be 0 or more",
        "window_end(ts, 60, 0 - pre - 1, 0) | window_end: pre must be 0 or more",
        "window_end(ts, 0, 1, 1)            | window_end: seconds must be 1 or more"
      })
  void badArgumentsAreErrorsOnBothEngines(String call, String message) {
    for (String schema : schemas()) {
      assertThatThrownBy(() -> one("SELECT " + call + " FROM " + schema + ".inputs"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void badArgumentsAreErrorsOfTheKernels() {
    assertThatThrownBy(() -> CandleInterval.floorMicros(0, 0))
        .hasMessageStartingWith("floor_to_interval: interval must be");
    assertThatThrownBy(() -> WindowSlice.of(0, 60, -1, 0))
        .hasMessageStartingWith("window_slice: pre must be 0 or more");
  }

  private List<String> schemas() {
    return List.of(TestCatalog.LAKE, catalog.store());
  }

  /** The whole statement runs in one engine: what is compared is that engine's spelling. */
  private void assertRunsIn(String schema, String sql) throws SQLException {
    String plan = one("EXPLAIN PLAN FOR " + sql);
    if (schema.equals(TestCatalog.LAKE)) {
      assertThat(plan).startsWith("DuckDB").doesNotContain("ClickHouse:");
    } else {
      assertThat(plan).startsWith("ClickHouse").doesNotContain("DuckDB:", "arrow_0");
    }
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static Long micros(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? null : micros(LocalDateTime.parse(text.replace(' ', 'T')));
  }

  private static long micros(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + time.getNano() / 1_000;
  }

  private static LocalDateTime time(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1_000,
        ZoneOffset.UTC);
  }
}
