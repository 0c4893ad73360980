package io.tidegate.adapter.lake;

import static io.tidegate.adapter.lake.PartitionExpression.mintBucket;

import io.tidegate.functions.MintBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tables and Parquet files for tests; the files are DuckDB's, as in the product. */
final class LakeFixture {
  static final Map<String, String> ENGINES = Map.of("duckdb", "2.0.0");

  private LakeFixture() {}

  static LakeColumn column(String name, String type) throws LakeException {
    return new LakeColumn(name, LakeType.parse(type), true);
  }

  static LakeColumn notNull(String name, String type) throws LakeException {
    return new LakeColumn(name, LakeType.parse(type), false);
  }

  /** Ticks without partitions, sorted by time. */
  static LakeTableDefinition ticks() throws LakeException {
    return new LakeTableDefinition(
        List.of(notNull("ts", "TIMESTAMP(6)"), column("price", "DOUBLE")),
        List.of(),
        List.of("ts"),
        LakeCodec.ZSTD);
  }

  /** Candles in mint buckets, sorted by mint and time. */
  static LakeTableDefinition candles() throws LakeException {
    return new LakeTableDefinition(
        List.of(
            notNull("mint", "VARCHAR"), notNull("ts", "TIMESTAMP(6)"), column("close", "DOUBLE")),
        List.of(mintBucket("mint")),
        List.of("mint", "ts"),
        LakeCodec.ZSTD);
  }

  static void duckDb(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static void copy(String select, Path file) throws SQLException {
    copy(select, file, "zstd");
  }

  static void copy(String select, Path file, String codec) throws SQLException {
    duckDb("COPY (" + select + ") TO '" + file + "' (FORMAT parquet, COMPRESSION " + codec + ")");
  }

  /** Ticks one second apart from a moment on. */
  static String ticksFrom(String start, int rows) {
    return "SELECT TIMESTAMP '"
        + start
        + "' + INTERVAL 1 SECOND * i AS ts, i * 0.5::DOUBLE AS price FROM range("
        + rows
        + ") AS t(i)";
  }

  static RunReport report(long rows, String... supersedes) {
    return new RunReport(rows, "INSERT INTO test", ENGINES, Map.of(), Set.of(supersedes));
  }

  /** Publishes a run of ticks. */
  static RunDirectory.Outcome insertTicks(
      TableDirectory table, String runId, String start, int rows, String... supersedes)
      throws SQLException {
    try (RunDirectory run = table.stage(runId)) {
      copy(ticksFrom(start, rows), run.file());
      run.seal(report(rows, supersedes));
      return run.publish();
    }
  }

  /** Publishes a run with one candle for each mint. */
  static void insertCandles(TableDirectory table, String runId, String... mints)
      throws SQLException {
    try (RunDirectory run = table.stage(runId)) {
      for (String mint : mints) {
        String bucket = MintBucket.of(mint);
        copy(
            "SELECT '" + mint + "' AS mint, TIMESTAMP '2024-01-01' AS ts, 1.0::DOUBLE AS close",
            run.file(List.of(Optional.of(bucket)), 0));
      }
      run.seal(report(mints.length));
      run.publish();
    }
  }

  /** The ids of the live runs. */
  static List<String> liveIds(TableDirectory table) throws LakeException {
    try (LiveRuns live = table.liveRuns()) {
      return live.manifests().stream().map(RunManifest::runId).toList();
    }
  }

  static List<String> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
