package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LiveRuns;
import io.tidegate.adapter.lake.PartitionValue;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunManifest;
import io.tidegate.adapter.lake.RunReport;
import io.tidegate.adapter.lake.TableDirectory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the rows of many runs of a table into one that supersedes them, a file for each partition.
 *
 * <p>The rows stay in the partition that they are in and come into the table's order anew; DuckDB
 * carries them from file to file in their own types. Runs that are published meanwhile are left
 * alone, and statements that read the old runs go on reading them.
 */
final class RunCompaction {
  private final DuckDbEngine engine;
  private final TableDirectory table;
  private final OptionalLong smallerThanBytes;

  /**
   * Prepares a compaction.
   *
   * @param smallerThanBytes only runs with fewer bytes are taken; without it all live runs are
   */
  RunCompaction(DuckDbEngine engine, TableDirectory table, OptionalLong smallerThanBytes) {
    this.engine = requireNonNull(engine, "engine");
    this.table = requireNonNull(table, "table");
    this.smallerThanBytes = requireNonNull(smallerThanBytes, "smallerThanBytes");
  }

  /** The new run and those that it replaced; no run and none where there were fewer than two. */
  LakeRuns.Compacted run(ArrowExecution execution) throws SQLException {
    try (LiveRuns live = table.liveRuns()) {
      List<RunManifest> runs =
          live.manifests().stream()
              .filter(
                  run -> smallerThanBytes.isEmpty() || run.bytes() < smallerThanBytes.getAsLong())
              .toList();
      if (runs.size() < 2) {
        return new LakeRuns.Compacted(Optional.empty(), List.of());
      }
      Set<String> replaced = runs.stream().map(RunManifest::runId).collect(Collectors.toSet());
      List<LakeFile> files =
          live.files().stream().filter(file -> replaced.contains(file.runId())).toList();
      return new LakeRuns.Compacted(Optional.of(write(runs, files, replaced, execution)), runs);
    }
  }

  private RunManifest write(
      List<RunManifest> runs, List<LakeFile> files, Set<String> replaced, ArrowExecution execution)
      throws SQLException {
    try (RunDirectory run = table.stage()) {
      long rows = 0;
      for (Map.Entry<List<Optional<String>>, List<LakeFile>> partition :
          byPartition(files).entrySet()) {
        execution.checkCancelled();
        // A damaged file must not come out of here under a hash that is right.
        for (LakeFile file : partition.getValue()) {
          file.checkContent(table.name());
        }
        rows += copy(partition.getValue(), run.file(partition.getKey(), 0), execution);
        execution.rows().set(rows);
      }
      long before = runs.stream().mapToLong(RunManifest::rows).sum();
      if (rows != before) {
        throw new SQLException(
            "Compacting lake table "
                + table.name()
                + " read "
                + rows
                + " rows but its runs hold "
                + before
                + "; verify them",
            "XX001");
      }
      execution.checkCancelled();
      RunManifest sealed =
          run.seal(
              new RunReport(
                  rows, execution.sql(), Map.of("duckdb", engine.version()), Map.of(), replaced));
      run.publish();
      return sealed;
    }
  }

  /** Files of one partition stand in the order of their runs, which is that of their writing. */
  private static Map<List<Optional<String>>, List<LakeFile>> byPartition(List<LakeFile> files) {
    Map<List<Optional<String>>, List<LakeFile>> partitions = new LinkedHashMap<>();
    files.stream()
        .sorted(Comparator.comparing(LakeFile::name).thenComparing(LakeFile::runId))
        .forEach(
            file ->
                partitions
                    .computeIfAbsent(
                        file.partition().stream().map(PartitionValue::text).toList(),
                        partition -> new ArrayList<>())
                    .add(file));
    partitions.values().forEach(list -> list.sort(Comparator.comparing(LakeFile::runId)));
    return partitions;
  }

  private long copy(List<LakeFile> files, Path file, ArrowExecution execution) throws SQLException {
    LakeTableDefinition definition = table.definition();
    List<String> columns =
        definition.columns().stream().map(column -> DuckDbDialect.quote(column.name())).toList();
    String query = "SELECT " + String.join(", ", columns) + " FROM " + LakeSql.readParquet(files);
    if (!definition.sortedBy().isEmpty()) {
      query += LakeSql.orderBy(definition);
    }
    try (DuckDbSession session = engine.session(Map.of(), execution)) {
      return session.update(LakeSql.copy(query, file, definition));
    }
  }
}
