package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.LakeFixture.copy;
import static io.tidegate.adapter.lake.LakeFixture.entries;
import static io.tidegate.adapter.lake.LakeFixture.insertTicks;
import static io.tidegate.adapter.lake.LakeFixture.liveIds;
import static io.tidegate.adapter.lake.LakeFixture.report;
import static io.tidegate.adapter.lake.LakeFixture.ticksFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
  private static final String START = "2024-01-01 00:00:00";

  @TempDir Path root;
  private Lake lake;
  private TableDirectory ticks;
  private TableDirectory candles;

  @BeforeEach
  void createTables() throws Exception {
    lake = Lake.open(root);
    ticks = lake.create("ticks", LakeFixture.ticks());
    candles = lake.create("candles", LakeFixture.candles());
  }

  @AfterEach
  void nothingIsLeftInStagingOrTrash() throws Exception {
    assertThat(entries(root.resolve(".staging"))).isEmpty();
    assertThat(entries(root.resolve(".trash"))).isEmpty();
  }

  @Test
  void runIsInvisibleUntilItIsPublished() throws Exception {
    try (RunDirectory run = ticks.stage("first")) {
      copy(ticksFrom(START, 3), run.file());
      run.seal(report(3));
      assertThat(liveIds(ticks)).isEmpty();
      assertThat(run.publish()).isEqualTo(RunDirectory.Outcome.PUBLISHED);
      assertThat(liveIds(ticks)).containsExactly("first");
    }
    assertThat(liveIds(ticks)).containsExactly("first");
    assertThat(entries(ticks.path().resolve("run_id=first")))
        .containsExactly("_manifest.json", "part-0000.parquet");
  }

  @Test
  void manifestSaysWhatTheFilesHold() throws Exception {
    try (RunDirectory run = candles.stage("r1")) {
      copy(
          "SELECT mint, TIMESTAMP '2024-01-01' + INTERVAL 1 MINUTE * i AS ts, 1.5::DOUBLE AS close"
              + " FROM (VALUES ('')) AS m(mint), range(10) AS t(i)",
          run.file(List.of(Optional.of("da")), 0));
      run.seal(
          new RunReport(
              10, "INSERT INTO x", LakeFixture.ENGINES, Map.of("a.b", "17 rows"), Set.of()));
      run.publish();
    }
    RunManifest manifest = candles.sealedRun("r1").orElseThrow();
    Path file = candles.path().resolve("run_id=r1/mint_bucket=da/part-0000.parquet");
    assertThat(manifest.table()).isEqualTo("candles");
    assertThat(manifest.rows()).isEqualTo(10);
    assertThat(manifest.bytes()).isEqualTo(Files.size(file));
    assertThat(manifest.statement()).isEqualTo("INSERT INTO x");
    assertThat(manifest.engines()).containsEntry("duckdb", "2.0.0");
    assertThat(manifest.inputs()).containsEntry("a.b", "17 rows");
    RunManifest.DataFile entry = manifest.files().get(0);
    assertThat(entry.path()).isEqualTo("mint_bucket=da/part-0000.parquet");
    assertThat(entry.sha256()).isEqualTo(DurableFiles.sha256(file));
    assertThat(entry.columns())
        .startsWith(
            new RunManifest.Bounds("mint", "", "", 0, 1),
            new RunManifest.Bounds("ts", "2024-01-01 00:00:00", "2024-01-01 00:09:00", 0, -1));
    assertThat(RunManifest.read(manifest.toJson(), "again")).isEqualTo(manifest);
  }

  @Test
  void equalContentHasOneHashWhateverTheRunOrTheHour() throws Exception {
    insertTicks(ticks, "one", START, 1000);
    insertTicks(ticks, "two", START, 1000);
    insertTicks(ticks, "other", START, 999);
    String one = ticks.sealedRun("one").orElseThrow().contentSha256();
    assertThat(ticks.sealedRun("two").orElseThrow().contentSha256()).isEqualTo(one);
    assertThat(ticks.sealedRun("other").orElseThrow().contentSha256()).isNotEqualTo(one);
  }

  @Test
  void sameIdWithSameContentIsNothingToDo() throws Exception {
    insertTicks(ticks, "job-7", START, 5);
    assertThat(insertTicks(ticks, "job-7", START, 5)).isEqualTo(RunDirectory.Outcome.ALREADY_THERE);
    assertThat(liveIds(ticks)).containsExactly("job-7");
  }

  @Test
  void sameIdWithOtherContentIsAnError() throws Exception {
    insertTicks(ticks, "job-7", START, 5);
    assertThatThrownBy(() -> insertTicks(ticks, "job-7", START, 6))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("Cannot publish run job-7 of lake table ticks")
        .hasMessageContaining("other content");
    try (LiveRuns live = ticks.liveRuns()) {
      assertThat(live.rows()).isEqualTo(5);
    }
  }

  @Test
  void interruptedWriterPublishesWholeOrNotAtAll() throws Exception {
    try (RunDirectory run = ticks.stage("r")) {
      copy(ticksFrom(START, 3), run.file());
      run.seal(report(3));
      Thread.currentThread().interrupt();
      assertThatThrownBy(run::publish)
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(liveIds(ticks)).isEmpty();
      run.publish();
    }
    assertThat(liveIds(ticks)).containsExactly("r");

    Thread.currentThread().interrupt();
    DurableFiles.forceVisible(root);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void directoryWithoutManifestInTheWayIsAnError() throws Exception {
    Path inTheWay = Files.createDirectory(ticks.path().resolve("run_id=job-7"));
    Files.writeString(inTheWay.resolve("something"), "x");
    assertThatThrownBy(() -> insertTicks(ticks, "job-7", START, 5))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("there without a manifest; move it away");
    assertThat(liveIds(ticks)).isEmpty();
  }

  @Test
  void closingWithoutPublishingDeletesEverything() throws Exception {
    try (RunDirectory run = ticks.stage()) {
      copy(ticksFrom(START, 3), run.file());
      run.seal(report(3));
    }
    assertThat(liveIds(ticks)).isEmpty();
  }

  @Test
  void runWithoutRowsCanBePublished() throws Exception {
    try (RunDirectory run = candles.stage("empty")) {
      run.seal(report(0));
      run.publish();
    }
    try (LiveRuns live = candles.liveRuns()) {
      assertThat(live.rows()).isZero();
      assertThat(live.files()).isEmpty();
    }
  }

  @Test
  void generatedIdsSortInTheirOrder() throws Exception {
    String before = LakeNames.newRunId();
    for (int i = 0; i < 1000; i++) {
      String next = LakeNames.newRunId();
      assertThat(next).isGreaterThan(before);
      assertThat(LakeNames.checkRunId(next)).isEqualTo(next);
      before = next;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "a..b", ".a", "_a", "a b", "é", "a=b", "a\nb"})
  void runIdThatCannotNameADirectoryIsRefused(String runId) {
    assertThatThrownBy(() -> ticks.stage(runId))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("cannot be a run id");
  }

  private void refused(TableDirectory table, Writing writing, long rows, String... message) {
    assertThatThrownBy(
            () -> {
              try (RunDirectory run = table.stage("bad")) {
                writing.write(run);
                run.seal(report(rows));
              }
            })
        .isInstanceOf(LakeException.class)
        .hasMessageStartingWith("lake table " + table.name() + ", run bad")
        .hasMessageContainingAll(message)
        .message()
        .doesNotContain("\n");
  }

  private interface Writing {
    void write(RunDirectory run) throws Exception;
  }

  @Test
  void rowsThatTheWriterDidNotCountAreFoundOut() {
    refused(
        ticks,
        run -> copy(ticksFrom(START, 3), run.file()),
        4,
        "the writer counted 4 rows but its files hold 3");
  }

  @Test
  void otherColumnsTypesAndCodecsAreFoundOut() {
    refused(
        ticks,
        run -> copy("SELECT TIMESTAMP '2024-01-01' AS ts, 1.0::REAL AS price", run.file()),
        1,
        "file part-0000.parquet",
        "column price is",
        "does not keep DOUBLE");
    refused(
        ticks,
        run -> copy("SELECT 1.0::DOUBLE AS price, TIMESTAMP '2024-01-01' AS ts", run.file()),
        1,
        "its columns are [price, ts] but the table has [ts, price]");
    refused(
        ticks,
        run -> copy(ticksFrom(START, 3), run.file(), "snappy"),
        3,
        "compressed with SNAPPY but the table's codec is zstd");
    refused(
        ticks,
        run ->
            copy(
                "SELECT unnest([NULL, TIMESTAMP '2024-01-01']) AS ts, 1.0::DOUBLE AS price",
                run.file()),
        2,
        "column ts is NOT NULL but the file holds 1 NULLs");
  }

  @Test
  void nullableColumnOfOnlyNullsAndColumnWithoutNullsAreBothKept() throws Exception {
    try (RunDirectory run = ticks.stage("nulls")) {
      copy("SELECT TIMESTAMP '2024-01-01' AS ts, NULL::DOUBLE AS price", run.file());
      run.seal(report(1));
      run.publish();
    }
    try (LiveRuns live = ticks.liveRuns()) {
      assertThat(live.rows()).isEqualTo(1);
    }
  }

  @Test
  void brokenFilesAreFoundOut() {
    refused(
        ticks,
        run -> Files.writeString(run.file(), "this is no Parquet"),
        0,
        "does not begin with PAR1");
    refused(
        ticks,
        run -> {
          copy(ticksFrom(START, 1000), run.file());
          byte[] whole = Files.readAllBytes(run.file());
          Files.write(run.file(), Arrays.copyOf(whole, whole.length / 2));
        },
        1000,
        "its footer cannot be read");
    refused(ticks, run -> Files.createFile(run.file()), 0, "does not begin with PAR1");
  }

  @Test
  void filesInTheWrongPlaceAreFoundOut() {
    String one = "SELECT 'x' AS mint, TIMESTAMP '2024-01-01' AS ts, 1.0::DOUBLE AS close";
    refused(
        candles,
        run -> copy(one, run.content().resolve("part-0000.parquet")),
        1,
        "its place does not follow from the table's definition",
        "mint_bucket=<value>/part-0000.parquet");
    refused(
        candles,
        run -> copy(one, run.file(List.of(Optional.of("ff")), 0)),
        1,
        "lies in mint_bucket = 'ff' but its column mint holds the value x");
    refused(
        candles,
        run -> copy(one, run.file(List.of(Optional.empty()), 0)),
        1,
        "lies in mint_bucket = NULL but its column mint holds values that are not NULL");
    refused(
        candles,
        run ->
            copy(
                "SELECT unnest(['', 'x']) AS mint, TIMESTAMP '2024-01-01' AS ts, 1.0::DOUBLE AS close",
                run.file(List.of(Optional.of("da")), 0)),
        2,
        "lies in mint_bucket = 'da' but its column mint holds the value x");
    refused(
        candles,
        run -> Files.writeString(run.content().resolve("notes.txt"), "x"),
        0,
        "file notes.txt: its place does not follow");
  }

  @Test
  void fileOfTwoMonthsInOneMonthsDirectoryIsFoundOut() throws Exception {
    TableDirectory monthly =
        lake.create(
            "monthly",
            new LakeTableDefinition(
                LakeFixture.ticks().columns(),
                List.of(
                    PartitionExpression.floor("ts", PartitionExpression.FloorUnit.MONTH)
                        .as("month")),
                List.of("ts"),
                LakeCodec.ZSTD));
    refused(
        monthly,
        run ->
            copy(
                ticksFrom("2024-01-31 23:59:59", 2),
                run.file(List.of(Optional.of("2024-01-01")), 0)),
        2,
        "lies in month = '2024-01-01' but its column ts holds the value 2024-02-01 00:00:00");
  }

  @Test
  void partitionsThatDuckDbWritesItselfAreTaken() throws Exception {
    TableDirectory bySymbol =
        lake.create(
            "by_symbol",
            new LakeTableDefinition(
                List.of(LakeFixture.column("symbol", "VARCHAR"), LakeFixture.column("v", "BIGINT")),
                List.of(PartitionExpression.identity("symbol")),
                List.of(),
                LakeCodec.ZSTD));
    try (RunDirectory run = bySymbol.stage("r")) {
      LakeFixture.duckDb(
          "COPY (SELECT * FROM (VALUES ('BTC/USD', 1::BIGINT), ('é', 2), ('', 3), (NULL, 4))"
              + " AS t(symbol, v)) TO '"
              + run.content()
              + "' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (symbol),"
              + " WRITE_PARTITION_COLUMNS true, FILENAME_PATTERN 'part-000{i}')");
      run.seal(report(4));
      run.publish();
    }
    try (LiveRuns live = bySymbol.liveRuns()) {
      assertThat(live.files().stream().map(file -> file.partition().get(0).text()))
          .containsExactlyInAnyOrder(
              Optional.of("BTC/USD"), Optional.of("é"), Optional.of(""), Optional.empty());
      assertThat(live.files(List.of(ColumnConstraint.equalTo("symbol", "é")))).hasSize(1);
      assertThat(live.files(List.of(ColumnConstraint.equalTo("symbol", "")))).hasSize(1);
    }
  }

  @Test
  void tableAndItsFirstRunAppearTogether() throws Exception {
    try (RunDirectory run = lake.stageNewTable("fresh", LakeFixture.ticks())) {
      copy(ticksFrom(START, 3), run.file());
      run.seal(report(3));
      assertThat(lake.table("fresh")).isEmpty();
      run.publish();
    }
    assertThat(liveIds(lake.table("fresh").orElseThrow())).hasSize(1);
    assertThatThrownBy(() -> lake.stageNewTable("FRESH", LakeFixture.ticks()))
        .hasMessageContaining("Cannot create lake table FRESH: fresh is there");
  }

  @Test
  void tableWhoseFirstRunFailsNeverWas() throws Exception {
    try (RunDirectory run = lake.stageNewTable("fresh", LakeFixture.ticks())) {
      Files.writeString(run.file(), "broken");
      assertThatThrownBy(() -> run.seal(report(3))).isInstanceOf(LakeException.class);
    }
    assertThat(lake.tableNames()).containsExactly("candles", "ticks");
  }

  @Test
  void tableDroppedWhileARunIsWrittenIsAnErrorForTheWriter() throws Exception {
    try (RunDirectory run = ticks.stage("late")) {
      copy(ticksFrom(START, 3), run.file());
      run.seal(report(3));
      lake.drop("ticks");
      assertThatThrownBy(run::publish).hasMessage("lake table ticks was dropped");
    }
    assertThat(lake.tableNames()).containsExactly("candles");
  }

  @Test
  void manifestThatCannotBeWrittenIsNamedAndPublishesNothing() throws Exception {
    try (RunDirectory run = ticks.stage("r")) {
      copy(ticksFrom(START, 3), run.file());
      Files.createDirectories(run.content().resolve("_manifest.json"));
      assertThatThrownBy(() -> run.seal(report(3)))
          .isInstanceOf(LakeException.class)
          .hasMessageStartingWith("Cannot seal lake table ticks, run r: ");
      assertThatThrownBy(run::publish).isInstanceOf(IllegalStateException.class);
    }
    assertThat(liveIds(ticks)).isEmpty();
  }
}
