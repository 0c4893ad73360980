package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LiveRuns;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SqlPrinter;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexNode;

/**
 * A table of the lake; only a definition until it is created. A statement that reads it gets the
 * list of its live files, fixed when the statement starts, without those that a filter rules out.
 */
final class LakeTable extends StoreRelation implements NewTable {
  private final Lake lake;
  private final DuckDbEngine engine;
  private final String name;
  private final String catalogName;
  private final LakeTableDefinition definition;
  private final Optional<TableDirectory> directory;
  private final List<String> keyOrder;

  /**
   * A table.
   *
   * @param keyOrder the columns by which all of its rows are stored, empty if they are not
   */
  LakeTable(
      StoreConvention duckDb,
      DuckDbEngine engine,
      Lake lake,
      String name,
      String catalogName,
      LakeTableDefinition definition,
      List<StoreColumn> columns,
      Optional<TableDirectory> directory,
      double rowCount,
      List<String> keyOrder) {
    super(duckDb, null, columns, rowCount, null);
    this.engine = engine;
    this.lake = lake;
    this.name = name;
    this.catalogName = catalogName;
    this.definition = definition;
    this.directory = directory;
    this.keyOrder = List.copyOf(keyOrder);
  }

  @Override
  public String catalogName() {
    return catalogName;
  }

  @Override
  public List<String> keyOrder() {
    return keyOrder;
  }

  @Override
  public void create() throws SQLException {
    lake.create(name, definition);
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    try {
      LiveRuns live = directory.orElseThrow().liveRuns();
      if (printer.statement().isRunning()) {
        printer.statement().hold(live);
      }
      List<LakeFile> files =
          live.files(LakeConstraints.of(condition, definition, printer.statement()).constraints());
      if (!printer.statement().isRunning()) {
        printer.statement().note(filesRead(files.size(), live));
        live.close();
      }
      // A table without files is an empty relation; read_parquet would fail.
      return files.isEmpty() ? empty(printer) : block(printer, readParquet(printer, files));
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  @Override
  public Optional<SelectBlock> aggregate(
      SqlPrinter printer, RexNode condition, List<AggregateCall> calls) {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    LakeConstraints constraints = LakeConstraints.of(condition, definition, printer.statement());
    if (!constraints.complete()) {
      return Optional.empty();
    }
    // No file is read, so nothing has to be held in place.
    try (LiveRuns live = directory.get().liveRuns()) {
      Optional<SelectBlock> known =
          live.wholeFiles(constraints.constraints())
              .flatMap(files -> new KnownAggregates(definition, files).block(printer, calls));
      if (known.isPresent() && !printer.statement().isRunning()) {
        printer.statement().note(filesRead(0, live) + ", answered from manifests");
      }
      return known;
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private String filesRead(int read, LiveRuns live) {
    return catalogName + ": " + read + " of " + live.fileCount() + " files";
  }

  private static String readParquet(SqlPrinter printer, List<LakeFile> files) {
    return files.stream()
        .map(file -> printer.dialect().string(file.path().toString()))
        .collect(
            Collectors.joining(
                ", ", "read_parquet([", "], hive_partitioning = false, union_by_name = true)"));
  }

  @Override
  public List<InsertTarget.Path> paths() {
    return List.of(new LakeInsertPath(this));
  }

  DuckDbEngine engine() {
    return engine;
  }

  LakeTableDefinition definition() {
    return definition;
  }

  /** Stages a run; the first run of a table that is not there yet makes it. */
  RunDirectory stage() throws SQLException {
    return directory.isPresent() ? directory.get().stage() : lake.stageNewTable(name, definition);
  }
}
