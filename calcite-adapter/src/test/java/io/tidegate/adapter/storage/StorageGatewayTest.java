package io.tidegate.adapter.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeCodec;
import io.tidegate.adapter.lake.LakeColumn;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunReport;
import io.tidegate.adapter.ports.Artifact;
import io.tidegate.adapter.ports.ArtifactColumn;
import io.tidegate.adapter.ports.ArtifactContent;
import io.tidegate.adapter.ports.ArtifactPort.Published;
import io.tidegate.adapter.ports.ArtifactQuery;
import io.tidegate.adapter.ports.ArtifactType;
import io.tidegate.adapter.ports.NewArtifact;
import io.tidegate.adapter.ports.PortException;
import io.tidegate.adapter.ports.PortException.Code;
import io.tidegate.adapter.ports.RowSet;
import io.tidegate.adapter.ports.Slice;
import io.tidegate.adapter.ports.StateEntry;
import io.tidegate.adapter.ports.StateKey;
import io.tidegate.adapter.ports.StateOperation;
import io.tidegate.adapter.ports.StateValue;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageGatewayTest {
  private static final ArtifactType METRICS =
      new ArtifactType(
          "metrics",
          1,
          List.of(
              ArtifactColumn.notNull("symbol", "VARCHAR"),
              ArtifactColumn.of("ts", "TIMESTAMP(6)"),
              ArtifactColumn.of("day", "DATE"),
              ArtifactColumn.of("pnl", "DECIMAL(18, 8)"),
              ArtifactColumn.of("sharpe", "DOUBLE"),
              ArtifactColumn.of("trades", "INTEGER")),
          List.of("symbol", "ts"));
  private static final Instant MOMENT = Instant.parse("2024-01-01T00:00:00.123456Z");

  @TempDir Path directory;
  private StorageGateway gateway;

  @BeforeEach
  void open() {
    gateway = StorageGateway.open(settings());
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private StorageGateway.Settings settings() {
    return StorageGateway.Settings.of(
        directory.resolve("lake"), directory.resolve("state/state.duckdb"));
  }

  private static void fails(Code code, String part, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            PortException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              assertThat(failure.getMessage()).contains(part);
            });
  }

  @Test
  void stateComesBackAsTheTypeItWentInAs() {
    List<StateValue> values =
        List.of(
            new StateValue.Text("123"),
            new StateValue.Text(""),
            new StateValue.Text("null 'quoted' \\ \uD83D\uDE80"),
            new StateValue.Whole(Long.MIN_VALUE),
            new StateValue.Exact(new BigDecimal("-0.100000000000000000000000000000000000000001")),
            new StateValue.Real(Double.NaN),
            new StateValue.Real(-0.0),
            new StateValue.Flag(false),
            new StateValue.Json("{\"a\": [1, null]}"));
    for (int i = 0; i < values.size(); i++) {
      gateway.state().set(new StateKey("types", "k" + i), values.get(i));
    }
    gateway.close();
    gateway = StorageGateway.open(settings());
    for (int i = 0; i < values.size(); i++) {
      assertThat(gateway.state().get(new StateKey("types", "k" + i)).orElseThrow().value())
          .isEqualTo(values.get(i));
    }
    assertThat(gateway.state().get(new StateKey("other", "k0"))).isEmpty();
  }

  @Test
  void valueIsGoneWhenItsTimeIsOver() {
    gateway.close();
    MovableClock clock = new MovableClock(MOMENT);
    gateway = StorageGateway.open(settings().with(clock));
    StateKey key = StateKey.of("cursor");
    gateway.state().set(key, new StateValue.Whole(1), Duration.ofSeconds(10));
    clock.now = MOMENT.plusSeconds(9);
    assertThat(gateway.state().get(key).orElseThrow().expiresAt()).contains(MOMENT.plusSeconds(10));
    clock.now = MOMENT.plusSeconds(10);
    assertThat(gateway.state().get(key)).isEmpty();
    assertThat(gateway.state().list("default", "", 10)).isEmpty();
    assertThat(gateway.state().delete(key)).isFalse();
    gateway.state().set(key, new StateValue.Whole(2), Duration.ofSeconds(1));
    clock.now = MOMENT.plusSeconds(11);
    assertThat(gateway.state().removeExpired()).isEqualTo(1);
  }

  @Test
  void transactionDoesAllOrNothing() {
    StateKey a = StateKey.of("a");
    StateKey b = StateKey.of("b");
    assertThat(gateway.state().set(a, new StateValue.Whole(1))).isEqualTo(1);
    assertThat(gateway.state().set(a, new StateValue.Whole(2))).isEqualTo(2);
    List<Optional<StateEntry>> after =
        gateway
            .state()
            .transaction(
                List.of(
                    new StateOperation.Expect(a, OptionalLong.of(2)),
                    new StateOperation.Set(b, new StateValue.Whole(3)),
                    new StateOperation.Get(b),
                    new StateOperation.Delete(a)));
    assertThat(after.get(2).orElseThrow().value()).isEqualTo(new StateValue.Whole(3));
    assertThat(after.get(3)).isEmpty();
    fails(
        Code.CONFLICT,
        "'a' of namespace 'default' was expected in version 2 but is there not at all",
        () ->
            gateway
                .state()
                .transaction(
                    List.of(
                        new StateOperation.Set(b, new StateValue.Whole(4)),
                        new StateOperation.Expect(a, OptionalLong.of(2)))));
    fails(
        Code.INVALID,
        "is not JSON",
        () ->
            gateway
                .state()
                .transaction(
                    List.of(
                        new StateOperation.Delete(b),
                        new StateOperation.Set(a, new StateValue.Json("{\"a\": 1} x")))));
    assertThat(gateway.state().get(b).orElseThrow().value()).isEqualTo(new StateValue.Whole(3));
    assertThat(gateway.state().get(a)).isEmpty();
  }

  @Test
  void writersFromManyThreadsLoseNoUpdate() throws Exception {
    StateKey counter = StateKey.of("counter");
    gateway.state().set(counter, new StateValue.Whole(0));
    inParallel(
        4,
        100,
        step -> {
          while (true) {
            StateEntry now = gateway.state().get(counter).orElseThrow();
            long next = ((StateValue.Whole) now.value()).number() + 1;
            try {
              return gateway
                  .state()
                  .transaction(
                      List.of(
                          new StateOperation.Expect(counter, OptionalLong.of(now.version())),
                          new StateOperation.Set(counter, new StateValue.Whole(next))));
            } catch (PortException e) {
              assertThat(e.code()).isEqualTo(Code.CONFLICT);
            }
          }
        });
    assertThat(gateway.state().get(counter).orElseThrow().value())
        .isEqualTo(new StateValue.Whole(100));
  }

  private static List<Object> metrics(String symbol, String pnl) {
    return Arrays.asList(
        symbol, MOMENT, LocalDate.of(1960, 2, 29), new BigDecimal(pnl), Double.NaN, null);
  }

  private static NewArtifact artifact(String key, List<List<Object>> rows) {
    return NewArtifact.of(METRICS, key, new ArtifactContent.Rows(rows), "test 1");
  }

  @Test
  void artifactComesBackWithItsRowsAndWhatIsKnownOfIt() {
    Published first =
        gateway
            .artifacts()
            .publish(
                artifact("run 1", List.of(metrics("B", "1.5"), metrics("A", "-0.00000001")))
                    .tagged(Map.of("desk", "x"))
                    .with(Map.of("threshold", "250")));
    assertThat(first.wasThere()).isFalse();
    UUID id = first.artifact().id();
    RowSet rows = gateway.artifacts().rows(id, 10);
    assertThat(rows.columns()).containsExactly("symbol", "ts", "day", "pnl", "sharpe", "trades");
    assertThat(rows.rows())
        .containsExactly(metrics("A", "-0.00000001"), metrics("B", "1.50000000"));
    gateway.artifacts().tag(id, Map.of("stage", "final"));
    Artifact known = gateway.artifacts().get(id).orElseThrow();
    assertThat(known.tags()).isEqualTo(Map.of("desk", "x", "stage", "final"));
    assertThat(known.parameters()).isEqualTo(Map.of("threshold", "250"));
    assertThat(known.rows()).isEqualTo(2);
    assertThat(known.engines()).containsKey("duckdb");
    fails(Code.TOO_LARGE, "more than the 1 allowed", () -> gateway.artifacts().rows(id, 1));
    fails(
        Code.NOT_FOUND,
        "there is no artifact",
        () -> gateway.artifacts().rows(UUID.randomUUID(), 1));
  }

  @Test
  void equalContentIsNotPublishedTwice() {
    List<List<Object>> rows = List.of(metrics("A", "1"), metrics("B", "2"));
    Published first = gateway.artifacts().publish(artifact("k", rows));
    Published again = gateway.artifacts().publish(artifact("k", List.of(rows.get(1), rows.get(0))));
    assertThat(again.wasThere()).isTrue();
    assertThat(again.artifact()).isEqualTo(first.artifact());
    assertThat(gateway.artifacts().publish(artifact("other key", rows)).wasThere()).isFalse();
    Published changed = gateway.artifacts().publish(artifact("k", List.of(metrics("A", "9"))));
    assertThat(changed.wasThere()).isFalse();
    assertThat(gateway.artifacts().latest("metrics", "k")).contains(changed.artifact());
    gateway.artifacts().supersede(first.artifact().id(), changed.artifact().id());
    assertThat(gateway.artifacts().latest("metrics", "k")).contains(first.artifact());
    fails(
        Code.CONFLICT,
        "is not active but SUPERSEDED",
        () -> gateway.artifacts().supersede(changed.artifact().id(), first.artifact().id()));
    gateway.artifacts().withdraw(first.artifact().id());
    assertThat(gateway.artifacts().latest("metrics", "k")).isEmpty();
    assertThat(gateway.artifacts().publish(artifact("k", rows)).wasThere()).isFalse();
  }

  @Test
  void lineageIsKnownBothWays() {
    UUID input = gateway.artifacts().publish(artifact("in", List.of())).artifact().id();
    UUID output =
        gateway
            .artifacts()
            .publish(artifact("out", List.of(metrics("A", "1"))).from(input))
            .artifact()
            .id();
    assertThat(gateway.artifacts().inputs(output)).containsExactly(input);
    assertThat(gateway.artifacts().outputs(input)).containsExactly(output);
    assertThat(gateway.artifacts().rows(input, 1).rows()).isEmpty();
    fails(
        Code.NOT_FOUND,
        "there is no artifact",
        () ->
            gateway
                .artifacts()
                .publish(artifact("bad", List.of(metrics("A", "2"))).from(UUID.randomUUID())));
    assertThat(gateway.artifacts().find(ArtifactQuery.activeOf("metrics", 10)))
        .extracting(Artifact::logicalKey)
        .containsExactly("out", "in");
  }

  @Test
  void whatDoesNotFitItsColumnIsRefusedAndLeavesNothing() throws Exception {
    fails(
        Code.INVALID,
        "row 0: column 'symbol' is VARCHAR NOT NULL and cannot take NULL",
        () -> gateway.artifacts().publish(artifact("k", List.of(metrics(null, "1")))));
    fails(
        Code.INVALID,
        "column 'pnl' is DECIMAL(18, 8) and cannot take BigDecimal 0.000000001",
        () -> gateway.artifacts().publish(artifact("k", List.of(metrics("A", "0.000000001")))));
    fails(
        Code.INVALID,
        "row 0 has 1 values for 6 columns",
        () -> gateway.artifacts().publish(artifact("k", List.of(List.of("A")))));
    Path file = directory.resolve("other.parquet");
    duckDb("COPY (SELECT 'A' AS symbol, 1.5::DOUBLE AS pnl) TO '" + file + "' (FORMAT parquet)");
    fails(
        Code.INVALID,
        "column 'ts' is TIMESTAMP(6) but " + file + " has no such column",
        () ->
            gateway
                .artifacts()
                .publish(
                    NewArtifact.of(METRICS, "k", new ArtifactContent.ParquetFile(file), "test")));
    assertThat(gateway.artifacts().find(ArtifactQuery.activeOf("metrics", 10))).isEmpty();
    try (var staging = Files.list(directory.resolve("lake/.staging"))) {
      assertThat(staging).isEmpty();
    }
    fails(
        Code.CONFLICT,
        "is there with other columns",
        () ->
            gateway
                .artifacts()
                .publish(
                    NewArtifact.of(
                        new ArtifactType(
                            "metrics", 1, List.of(ArtifactColumn.of("x", "DOUBLE")), List.of()),
                        "k",
                        new ArtifactContent.Rows(List.of()),
                        "test")));
  }

  @Test
  void parquetFileGivesTheSameArtifactAsItsRows() throws Exception {
    Path file = directory.resolve("rows.parquet");
    duckDb(
        "COPY (SELECT 'A' AS symbol, TIMESTAMP '2024-01-01 00:00:00.123456' AS ts,"
            + " DATE '1960-02-29' AS day, 1.5::DECIMAL(18,8) AS pnl, 'NaN'::DOUBLE AS sharpe,"
            + " NULL::INTEGER AS trades) TO '"
            + file
            + "' (FORMAT parquet)");
    Published ofRows = gateway.artifacts().publish(artifact("k", List.of(metrics("A", "1.5"))));
    Published ofFile =
        gateway
            .artifacts()
            .publish(NewArtifact.of(METRICS, "k", new ArtifactContent.ParquetFile(file), "test"));
    assertThat(ofFile).isEqualTo(new Published(ofRows.artifact(), true));
  }

  @Test
  void killedPublicationIsFinishedOrUndoneAtTheNextStart() throws Exception {
    UUID done =
        gateway.artifacts().publish(artifact("done", List.of(metrics("A", "1")))).artifact().id();
    UUID gone =
        gateway.artifacts().publish(artifact("gone", List.of(metrics("A", "2")))).artifact().id();
    gateway.close();
    // As if the process had been killed behind the rename, and before it.
    duckDb(
        "ATTACH '" + directory.resolve("state/state.duckdb") + "' AS s",
        "UPDATE s.artifacts SET status = 'PENDING'");
    deleteTree(directory.resolve("lake/artifact_metrics_v1/run_id=" + gone));
    gateway = StorageGateway.open(settings());
    assertThat(gateway.artifacts().get(done).orElseThrow().status())
        .isEqualTo(Artifact.Status.ACTIVE);
    assertThat(gateway.artifacts().get(gone)).isEmpty();
  }

  @Test
  void missingFileIsAnErrorAndNoShorterResult() throws Exception {
    UUID id =
        gateway.artifacts().publish(artifact("k", List.of(metrics("A", "1")))).artifact().id();
    Files.delete(directory.resolve("lake/artifact_metrics_v1/run_id=" + id + "/part-0000.parquet"));
    fails(Code.CORRUPT, "part-0000.parquet", () -> gateway.artifacts().rows(id, 10));
  }

  @Test
  void stateFileIsSharedInAProcessAndRefusedToAnother() throws Exception {
    try (StorageGateway again = StorageGateway.open(settings())) {
      again.state().set(StateKey.of("a"), new StateValue.Flag(true));
    }
    assertThat(gateway.state().get(StateKey.of("a"))).isPresent();
    fails(
        Code.UNAVAILABLE,
        "is open with the lake at",
        () -> {
          try {
            Files.createDirectories(directory.resolve("lake2"));
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          StorageGateway.open(
              StorageGateway.Settings.of(
                  directory.resolve("lake2"), directory.resolve("state/state.duckdb")));
        });
  }

  @Test
  void sweepOfAThousandRunsStartsNoProcessAndOpensNoFurtherConnection() throws Exception {
    candles();
    Path events = directory.resolve("events.jfr");
    long before = gateway.connectionsOpened();
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      inParallel(
          4,
          1000,
          run -> {
            RowSet slice =
                gateway
                    .slices()
                    .read(
                        Slice.of("candles")
                            .where("mint", "m" + run % 5)
                            .between("ts", candle(run % 50), candle(run % 50 + 20))
                            .select("ts", "close"),
                        1000);
            double sum = slice.rows().stream().mapToDouble(row -> (Double) row.get(1)).sum();
            return gateway
                .artifacts()
                .publish(
                    artifact(
                        "run " + run,
                        List.of(
                            Arrays.asList(
                                "m" + run % 5,
                                candle(run % 50),
                                null,
                                new BigDecimal(slice.rows().size()),
                                sum,
                                run))));
          });
      recording.stop();
      recording.dump(events);
    }
    assertThat(RecordingFile.readAllEvents(events)).isEmpty();
    // Four readers, one writer, and those of the start, all there before the sweep began.
    assertThat(gateway.connectionsOpened()).isEqualTo(before).isLessThanOrEqualTo(10);
    List<Artifact> artifacts = gateway.artifacts().find(ArtifactQuery.activeOf("metrics", 2000));
    assertThat(artifacts).hasSize(1000);
    Artifact one = gateway.artifacts().latest("metrics", "run 7").orElseThrow();
    assertThat(gateway.artifacts().rows(one.id(), 2).rows())
        .containsExactly(
            Arrays.asList(
                "m2",
                candle(7),
                null,
                new BigDecimal("20.00000000"),
                // Candles 7 to 26 of the mint close at their number plus 2 * 1000.
                20 * 2000.0 + (7 + 26) * 10,
                7L));
    assertThat(gateway.slices().scan(Slice.of("candles"), batch -> {})).isEqualTo(500);
  }

  @Test
  void slicesNameWhatCannotBeAsked() throws Exception {
    candles();
    fails(
        Code.NOT_FOUND,
        "there is no lake table nowhere",
        () -> gateway.slices().read(Slice.of("nowhere"), 1));
    fails(
        Code.INVALID,
        "candles has no column 'x' (known: mint, ts, close)",
        () -> gateway.slices().read(Slice.of("candles").where("x", 1), 1));
    fails(
        Code.INVALID,
        "column 'close' is DOUBLE and cannot take String 1",
        () -> gateway.slices().read(Slice.of("candles").where("close", "1"), 1));
    fails(
        Code.INVALID,
        "a span needs a TIMESTAMP",
        () -> gateway.slices().read(Slice.of("candles").between("mint", candle(0), candle(1)), 1));
    assertThat(gateway.slices().read(Slice.of("candles").where("mint", "' OR 1=1 --"), 1).rows())
        .isEmpty();
  }

  private static Instant candle(int number) {
    return Instant.parse("2024-01-01T00:00:00Z").plusSeconds(60L * number);
  }

  private void candles() throws Exception {
    var table =
        Lake.open(directory.resolve("lake"))
            .create(
                "candles",
                new LakeTableDefinition(
                    List.of(
                        new LakeColumn("mint", LakeType.parse("VARCHAR"), false),
                        new LakeColumn("ts", LakeType.parse("TIMESTAMP(6)"), false),
                        new LakeColumn("close", LakeType.parse("DOUBLE"), true)),
                    List.of(),
                    List.of("mint", "ts"),
                    LakeCodec.ZSTD));
    try (RunDirectory run = table.stage()) {
      duckDb(
          "COPY (SELECT 'm' || m AS mint, TIMESTAMP '2024-01-01' + INTERVAL 1 MINUTE * i AS ts,"
              + " (m * 1000 + i)::DOUBLE AS close FROM range(5) AS a(m), range(100) AS b(i)"
              + " ORDER BY 1, 2) TO '"
              + run.file()
              + "' (FORMAT parquet, COMPRESSION zstd)");
      run.seal(RunReport.of(500, "test", Map.of(), Map.of()));
      run.publish();
    }
  }

  private static void duckDb(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void deleteTree(Path root) throws java.io.IOException {
    try (var tree = Files.walk(root)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** What one run of a sweep does. */
  private interface Run {
    Object of(int number) throws Exception;
  }

  private static void inParallel(int threads, int runs, Run run) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Object>> all = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        int number = i;
        all.add(() -> run.of(number));
      }
      for (Future<Object> done : executor.invokeAll(all)) {
        done.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /** A clock that stands still until it is set. */
  private static final class MovableClock extends Clock {
    volatile Instant now;

    MovableClock(Instant now) {
      this.now = now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
