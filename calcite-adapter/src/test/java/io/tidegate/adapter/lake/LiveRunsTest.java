package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.ColumnConstraint.atLeast;
import static io.tidegate.adapter.lake.ColumnConstraint.atMost;
import static io.tidegate.adapter.lake.ColumnConstraint.equalTo;
import static io.tidegate.adapter.lake.ColumnConstraint.lessThan;
import static io.tidegate.adapter.lake.ColumnConstraint.moreThan;
import static io.tidegate.adapter.lake.ColumnConstraint.oneOf;
import static io.tidegate.adapter.lake.LakeFixture.copy;
import static io.tidegate.adapter.lake.LakeFixture.entries;
import static io.tidegate.adapter.lake.LakeFixture.insertCandles;
import static io.tidegate.adapter.lake.LakeFixture.insertTicks;
import static io.tidegate.adapter.lake.LakeFixture.liveIds;
import static io.tidegate.adapter.lake.LakeFixture.report;
import static io.tidegate.adapter.lake.LakeFixture.ticksFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.PartitionExpression.FloorUnit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRunsTest {
  @TempDir Path root;
  private Lake lake;
  private TableDirectory ticks;

  @BeforeEach
  void openLake() throws Exception {
    lake = Lake.open(root);
    ticks = lake.create("ticks", LakeFixture.ticks());
  }

  private static List<String> matching(TableDirectory table, ColumnConstraint... constraints)
      throws LakeException {
    try (LiveRuns live = table.liveRuns()) {
      return live.files(List.of(constraints)).stream()
          .map(file -> table.path().relativize(file.path()).toString())
          .toList();
    }
  }

  private static LocalDateTime at(String text) {
    return LocalDateTime.parse(text);
  }

  @Test
  void tableWithoutRunsIsEmpty() throws Exception {
    assertThat(matching(ticks)).isEmpty();
  }

  @Test
  void mintIsLookedForInItsBucketOnly() throws Exception {
    TableDirectory candles = lake.create("candles", LakeFixture.candles());
    insertCandles(candles, "a", "", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
    insertCandles(candles, "b", "So11111111111111111111111111111111111111112", "");

    String empty = "mint_bucket=da/part-0000.parquet";
    assertThat(matching(candles)).hasSize(4);
    assertThat(matching(candles, equalTo("MINT", "")))
        .containsExactly("run_id=a/" + empty, "run_id=b/" + empty);
    assertThat(matching(candles, equalTo("mint", ""), equalTo("run_id", "b")))
        .containsExactly("run_id=b/" + empty);
    assertThat(
            matching(
                candles, oneOf("mint", List.of("", "So11111111111111111111111111111111111111112"))))
        .hasSize(3);
    assertThat(matching(candles, equalTo("mint_bucket", "9a")))
        .containsExactly("run_id=a/mint_bucket=9a/part-0000.parquet");
    assertThat(matching(candles, equalTo("mint", "unheard of"))).isEmpty();
    assertThat(matching(candles, equalTo("close", 1.0))).hasSize(4);
    assertThat(matching(candles, equalTo("no_such_column", 1))).hasSize(4);
  }

  @Test
  void rangesOfTimeSkipMonthsAndEndsAreExact() throws Exception {
    TableDirectory monthly =
        lake.create(
            "monthly",
            new LakeTableDefinition(
                LakeFixture.ticks().columns(),
                List.of(PartitionExpression.floor("ts", FloorUnit.MONTH).as("month")),
                List.of(),
                LakeCodec.ZSTD));
    try (RunDirectory run = monthly.stage("r")) {
      for (String month : List.of("2023-12-01", "2024-01-01", "2024-02-01")) {
        copy(
            "SELECT unnest([t, t + INTERVAL 1 MONTH - INTERVAL 1 MICROSECOND]) AS ts,"
                + " 0.5::DOUBLE AS price FROM (SELECT TIMESTAMP '%s' AS t)".formatted(month),
            run.file(List.of(Optional.of(month)), 0));
      }
      run.seal(report(6));
      run.publish();
    }
    String december = "run_id=r/month=2023-12-01/part-0000.parquet";
    String january = "run_id=r/month=2024-01-01/part-0000.parquet";
    String february = "run_id=r/month=2024-02-01/part-0000.parquet";

    assertThat(matching(monthly, lessThan("ts", at("2024-02-01T00:00:00"))))
        .containsExactly(december, january);
    assertThat(matching(monthly, atMost("ts", at("2024-02-01T00:00:00"))))
        .containsExactly(december, january, february);
    assertThat(matching(monthly, lessThan("ts", at("2024-02-01T00:00:00.000001")))).hasSize(3);
    assertThat(matching(monthly, moreThan("ts", at("2024-01-31T23:59:59"))))
        .containsExactly(january, february);
    assertThat(
            matching(
                monthly,
                atLeast("ts", at("2024-01-05T00:00:00")),
                lessThan("ts", at("2024-01-06T00:00:00"))))
        .containsExactly(january);
    assertThat(matching(monthly, equalTo("ts", at("2024-01-17T12:00:00"))))
        .containsExactly(january);
    assertThat(matching(monthly, atLeast("month", LocalDate.of(2024, 2, 1))))
        .containsExactly(february);
    assertThat(matching(monthly, atLeast("ts", "no time at all"))).hasSize(3);
  }

  @Test
  void literalThatAnExpressionCannotComputeWithSkipsNothing() throws Exception {
    TableDirectory hourly =
        lake.create(
            "hourly",
            new LakeTableDefinition(
                LakeFixture.ticks().columns(),
                List.of(PartitionExpression.floorToInterval("ts", 3600)),
                List.of(),
                LakeCodec.ZSTD));
    try (RunDirectory run = hourly.stage("r")) {
      copy(
          ticksFrom("1969-12-31 23:00:00", 3600),
          run.file(List.of(Optional.of("1969-12-31 23:00:00")), 0));
      run.seal(report(3600));
      run.publish();
    }
    assertThat(matching(hourly, lessThan("ts", LocalDateTime.MAX))).hasSize(1);
    assertThat(matching(hourly, equalTo("ts", at("1969-12-31T23:30:00")))).hasSize(1);
    assertThat(matching(hourly, equalTo("ts", at("1970-01-01T00:00:00")))).isEmpty();
  }

  @Test
  void boundsOfTheSortKeySkipFiles() throws Exception {
    insertTicks(ticks, "jan", "2024-01-01 00:00:00", 60);
    insertTicks(ticks, "feb", "2024-02-01 00:00:00", 60);
    assertThat(matching(ticks, equalTo("ts", at("2024-01-01T00:00:59"))))
        .containsExactly("run_id=jan/part-0000.parquet");
    assertThat(matching(ticks, moreThan("ts", at("2024-01-01T00:00:59"))))
        .containsExactly("run_id=feb/part-0000.parquet");
    assertThat(matching(ticks, lessThan("ts", at("2024-01-01T00:00:00")))).isEmpty();
  }

  @Test
  void filesWithoutRowsOrWithOnlyNullsMeetNoConstraint() throws Exception {
    TableDirectory prices =
        lake.create(
            "prices",
            new LakeTableDefinition(
                List.of(LakeFixture.column("price", "DOUBLE")),
                List.of(),
                List.of("price"),
                LakeCodec.ZSTD));
    try (RunDirectory run = prices.stage("r")) {
      copy("SELECT NULL::DOUBLE AS price", run.file());
      copy("SELECT 1.0::DOUBLE AS price WHERE false", run.file(List.of(), 1));
      copy("SELECT unnest([1.0::DOUBLE, NULL]) AS price", run.file(List.of(), 2));
      run.seal(report(3));
      run.publish();
    }
    assertThat(matching(prices)).hasSize(3);
    assertThat(matching(prices, equalTo("price", 1.0)))
        .containsExactly("run_id=r/part-0002.parquet");
  }

  @Test
  void runOfATableMadeAnewIsNotTakenForTheOldOne() throws Exception {
    insertTicks(ticks, "r", "2024-01-01 00:00:00", 10);
    assertThat(liveIds(ticks)).containsExactly("r");
    Lake other = Lake.open(root);
    other.drop("ticks");
    insertTicks(other.create("ticks", LakeFixture.ticks()), "r", "2024-01-01 00:00:00", 1000);
    try (LiveRuns live = ticks.liveRuns()) {
      assertThat(live.rows()).isEqualTo(1000);
    }
  }

  @Test
  void supersededRunThatAKilledProcessLeftIsRemovedByTheFirstReader() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    Path left = ticks.path().resolve("run_id=a");
    byte[] manifest = Files.readAllBytes(left.resolve("_manifest.json"));
    insertTicks(ticks, "b", "2024-01-01 00:00:00", 10, "a");
    Files.createDirectory(left);
    Files.write(left.resolve("_manifest.json"), manifest);

    assertThat(liveIds(Lake.open(root).table("ticks").orElseThrow())).containsExactly("b");
    assertThat(left).doesNotExist();
  }

  @Test
  void nullsAreInTheDirectoryOfNullAndMeetNoConstraint() throws Exception {
    TableDirectory bySymbol =
        lake.create(
            "by_symbol",
            new LakeTableDefinition(
                List.of(LakeFixture.column("symbol", "VARCHAR")),
                List.of(PartitionExpression.identity("symbol")),
                List.of("symbol"),
                LakeCodec.ZSTD));
    try (RunDirectory run = bySymbol.stage("r")) {
      copy("SELECT NULL::VARCHAR AS symbol", run.file(List.of(Optional.empty()), 0));
      copy("SELECT 'BTC' AS symbol", run.file(List.of(Optional.of("BTC")), 0));
      run.seal(report(2));
      run.publish();
    }
    assertThat(matching(bySymbol)).hasSize(2);
    assertThat(matching(bySymbol, atLeast("symbol", "")))
        .containsExactly("run_id=r/symbol=BTC/part-0000.parquet");
  }

  @Test
  void missingAndShortenedFilesAreErrorsThatNameThem() throws Exception {
    insertTicks(ticks, "r", "2024-01-01 00:00:00", 1000);
    Path file = ticks.path().resolve("run_id=r/part-0000.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> matching(ticks))
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("lake table ticks, run r, file part-0000.parquet: has ")
        .hasMessageContaining("was sealed with " + whole.length);
    Files.delete(file);
    assertThatThrownBy(() -> matching(ticks))
        .hasMessageContaining("file part-0000.parquet: is missing although the manifest names it");
  }

  @Test
  void damagedManifestIsAnErrorThatNamesIt() throws Exception {
    insertTicks(ticks, "r", "2024-01-01 00:00:00", 1000);
    Path manifest = ticks.path().resolve("run_id=r/_manifest.json");
    String good = Files.readString(manifest);
    String where = "lake table ticks, run r, file _manifest.json";

    Files.writeString(manifest, good.replace("\"rows\" : 1000", "\"rows\" : 999"));
    assertThatThrownBy(() -> matching(ticks)).hasMessageStartingWith(where + " was changed");
    Files.writeString(manifest, good.substring(0, good.length() / 2));
    assertThatThrownBy(() -> matching(ticks))
        .hasMessageStartingWith(where + " is not a manifest")
        .message()
        .doesNotContain("\n");
    Files.writeString(manifest, good.replace("\"statement\"", "\"sql\""));
    assertThatThrownBy(() -> matching(ticks)).hasMessageStartingWith(where + " is not a manifest");
    Files.writeString(manifest, good.replace("\"format_version\" : 2", "\"format_version\" : 3"));
    assertThatThrownBy(() -> matching(ticks)).hasMessageContaining("format_version is 3");
    Files.writeString(manifest, good);
    assertThat(matching(ticks)).hasSize(1);
  }

  @Test
  void manifestOfTheFirstVersionKnowsTheSortKeyOnly() throws Exception {
    insertTicks(ticks, "r", "2024-01-01 00:00:00", 1000);
    assertThat(matching(ticks, moreThan("price", 500.0))).isEmpty();
    Path manifest = ticks.path().resolve("run_id=r/_manifest.json");
    String first =
        Files.readString(manifest)
            .replace("\"format_version\" : 2", "\"format_version\" : 1")
            .replace("\"columns\" : [", "\"sort_key\" : [")
            .replaceAll(",\\s*\"distinct\" : -?\\d+", "")
            .replaceAll(",\\s*\"manifest_sha256\" : \"[0-9a-f]+\"", "")
            .replaceAll("(?s), \\{\\s*\"column\" : \"price\".*?}", "");
    assertThat(first).doesNotContain("distinct").contains("\"column\" : \"ts\"");
    Files.writeString(manifest, first);

    assertThat(matching(ticks, moreThan("price", 500.0))).hasSize(1);
    assertThat(matching(ticks, moreThan("ts", at("2024-01-02T00:00:00")))).isEmpty();
    try (LiveRuns live = ticks.liveRuns()) {
      assertThat(live.wholeFiles(List.of())).hasValueSatisfying(f -> assertThat(f).hasSize(1));
      assertThat(live.wholeFiles(List.of(atLeast("ts", at("2024-01-01T00:00:00"))))).isPresent();
      assertThat(live.wholeFiles(List.of(atLeast("price", 0.0)))).isEmpty();
    }
  }

  @Test
  void directoryWithoutManifestIsNoRun() throws Exception {
    Path half = Files.createDirectory(ticks.path().resolve("run_id=half"));
    copy(ticksFrom("2024-01-01 00:00:00", 3), half.resolve("part-0000.parquet"));
    assertThat(liveIds(ticks)).isEmpty();
  }

  @Test
  void supersedingRunTakesThePlaceOfOthersInOneStep() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    insertTicks(ticks, "b", "2024-01-02 00:00:00", 10);
    insertTicks(ticks, "ab", "2024-01-01 00:00:00", 20, "a", "b");
    assertThat(liveIds(ticks)).containsExactly("ab");
    assertThat(entries(ticks.path())).containsExactly("_table.json", "run_id=ab");
  }

  @Test
  void supersededRunIsNotRemovedUnderItsReader() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    LiveRuns reader = ticks.liveRuns();
    insertTicks(ticks, "b", "2024-01-01 00:00:00", 10, "a");

    assertThat(reader.files()).hasSize(1);
    assertThat(liveIds(ticks)).containsExactly("b");
    assertThat(entries(ticks.path())).contains("run_id=a", "run_id=b");
    reader.close();
    assertThat(entries(ticks.path())).containsExactly("_table.json", "run_id=b");
    reader.close();
  }

  @Test
  void removedRunsNeverRiseAgain() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    LiveRuns readsA = ticks.liveRuns();
    insertTicks(ticks, "b", "2024-01-01 00:00:00", 10, "a");
    insertTicks(ticks, "c", "2024-01-01 00:00:00", 10, "b");
    // b is read by nobody, but without it a would be live.
    assertThat(entries(ticks.path())).contains("run_id=a", "run_id=b", "run_id=c");
    assertThat(liveIds(ticks)).containsExactly("c");
    readsA.close();
    assertThat(entries(ticks.path())).containsExactly("_table.json", "run_id=c");

    assertThat(insertTicks(ticks, "a", "2024-01-01 00:00:00", 10))
        .isEqualTo(RunDirectory.Outcome.ALREADY_THERE);
    assertThatThrownBy(() -> insertTicks(ticks, "b", "2024-01-01 00:00:00", 11))
        .hasMessageContaining("run c superseded one of this id with other content");
    assertThat(liveIds(ticks)).containsExactly("c");
  }

  @Test
  void secondOfTwoCompactionsOfTheSameRunsFails() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    try (RunDirectory late = ticks.stage("late")) {
      copy(ticksFrom("2024-01-01 00:00:00", 10), late.file());
      late.seal(report(10, "a"));
      LiveRuns reader = ticks.liveRuns();
      insertTicks(ticks, "first", "2024-01-01 00:00:00", 10, "a");
      assertThatThrownBy(late::publish)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("run a was superseded by another statement meanwhile");
      reader.close();
      assertThatThrownBy(late::publish).hasMessageContaining("run a was superseded");
    }
    assertThat(liveIds(ticks)).containsExactly("first");
    assertThatThrownBy(() -> insertTicks(ticks, "x", "2024-01-01 00:00:00", 10, "a"))
        .hasMessageContaining("cannot supersede run a: it is not there");
  }

  @Test
  void removalThatAnInterruptedReaderCouldNotDoIsDoneByTheNext() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    LiveRuns reader = ticks.liveRuns();
    insertTicks(ticks, "b", "2024-01-01 00:00:00", 10, "a");
    Thread.currentThread().interrupt();
    reader.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(entries(ticks.path())).contains("run_id=a");
    assertThat(liveIds(ticks)).containsExactly("b");
    assertThat(entries(ticks.path())).containsExactly("_table.json", "run_id=b");
  }

  /** What the DuckDB side and foreign readers see: a plain Hive layout. */
  @Test
  void filesReadAsAPlainHiveLayout() throws Exception {
    TableDirectory byTime =
        lake.create(
            "by_time",
            new LakeTableDefinition(
                LakeFixture.ticks().columns(),
                List.of(
                    PartitionExpression.floor("ts", FloorUnit.MONTH).as("month"),
                    PartitionExpression.floor("ts", FloorUnit.HOUR).as("hour")),
                List.of("ts"),
                LakeCodec.ZSTD));
    try (RunDirectory run = byTime.stage("007")) {
      copy(
          ticksFrom("2024-01-01 05:00:00", 2),
          run.file(List.of(Optional.of("2024-01-01"), Optional.of("2024-01-01 05:00:00")), 0));
      run.seal(report(2));
      run.publish();
    }
    try (LiveRuns live = byTime.liveRuns();
        Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      String types =
          "hive_partitioning = true,"
              + " hive_types = {'run_id': VARCHAR, 'month': DATE, 'hour': TIMESTAMP}";
      for (String files :
          List.of(
              "['" + live.files().get(0).path() + "']",
              "'" + byTime.path() + "/*/*/*/*.parquet'")) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT run_id, month::VARCHAR, hour::VARCHAR, count(*) FROM read_parquet("
                    + files
                    + ", "
                    + types
                    + ") GROUP BY ALL")) {
          assertThat(rows.next()).isTrue();
          assertThat(
                  List.of(
                      rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)))
              .containsExactly("007", "2024-01-01", "2024-01-01 05:00:00", "2");
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @Test
  void droppedTableIsGoneForNewStatementsAndWholeForOldOnes() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    LiveRuns reader = ticks.liveRuns();
    List<LakeFile> files = reader.files();
    lake.drop("ticks");

    assertThat(lake.tableNames()).isEmpty();
    assertThat(lake.table("ticks")).isEmpty();
    assertThatThrownBy(ticks::liveRuns).hasMessage("lake table ticks was dropped");
    assertThat(files).allMatch(file -> Files.exists(file.path()));
    assertThatThrownBy(() -> lake.create("ticks", LakeFixture.ticks()))
        .hasMessageContaining("still being read");
    // Another opening does not take it away either.
    Lake.open(root);
    assertThat(files).allMatch(file -> Files.exists(file.path()));

    reader.close();
    assertThat(root.resolve("ticks")).doesNotExist();
    assertThat(liveIds(lake.create("ticks", LakeFixture.ticks()))).isEmpty();
  }

  @Test
  void manifestOfAnotherRunOrAnotherSchemaIsRefused() throws Exception {
    insertTicks(ticks, "a", "2024-01-01 00:00:00", 10);
    Path copy = Files.createDirectory(ticks.path().resolve("run_id=b"));
    Files.copy(ticks.path().resolve("run_id=a/_manifest.json"), copy.resolve("_manifest.json"));
    assertThatThrownBy(() -> liveIds(ticks))
        .hasMessage("lake table ticks, run b: its manifest is that of run a");
    DurableFiles.deleteTree(copy);

    Path definition = ticks.path().resolve("_table.json");
    String json = Files.readString(definition);
    Files.writeString(
        definition,
        json.replace("DOUBLE", "REAL"),
        StandardCharsets.UTF_8,
        StandardOpenOption.TRUNCATE_EXISTING);
    assertThatThrownBy(() -> liveIds(lake.table("ticks").orElseThrow()))
        .hasMessageContaining("lake table ticks, run a: was written with the columns");
  }
}
