package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.lake.ColumnBounds;
import io.tidegate.adapter.lake.ColumnConstraint;
import io.tidegate.adapter.lake.FileOrder;
import io.tidegate.adapter.lake.Lake;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeStatistics;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.LiveRuns;
import io.tidegate.adapter.lake.RunDirectory;
import io.tidegate.adapter.lake.RunReport;
import io.tidegate.adapter.lake.TableDirectory;
import io.tidegate.adapter.store.InsertRows;
import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.NewTable;
import io.tidegate.adapter.store.OrderWish;
import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SharedFiles;
import io.tidegate.adapter.store.SharedTarget;
import io.tidegate.adapter.store.SqlPrinter;
import io.tidegate.adapter.store.StatementContext;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Sarg;

/**
 * A table of the lake; only a definition until it is created. A statement that reads it gets the
 * list of its live files, fixed when the statement starts, without those that a filter rules out.
 */
final class LakeTable extends StoreRelation implements NewTable, SharedFiles, SharedTarget {
  private static final int EXPLAINED_FILES = 4;

  private final Lake lake;
  private final DuckDbEngine engine;
  private final String name;
  private final String catalogName;
  private final LakeTableDefinition definition;
  private final Optional<TableDirectory> directory;
  private final RunOptions runOptions;
  private final LakeWriters writers;
  private LakeStatistics statistics;

  LakeTable(
      StoreConvention duckDb,
      DuckDbEngine engine,
      Lake lake,
      String name,
      String catalogName,
      LakeTableDefinition definition,
      List<StoreColumn> columns,
      Optional<TableDirectory> directory,
      RunOptions runOptions,
      LakeWriters writers) {
    super(duckDb, null, columns, 1, null);
    this.engine = engine;
    this.lake = lake;
    this.name = name;
    this.catalogName = catalogName;
    this.definition = definition;
    this.directory = directory;
    this.runOptions = runOptions;
    this.writers = writers;
  }

  @Override
  public String catalogName() {
    return catalogName;
  }

  @Override
  public List<String> keyOrder() {
    // Each file is in order; several files are so only by themselves.
    return directory.isPresent() && statistics().fileCount() <= 1
        ? definition.sortedBy()
        : List.of();
  }

  /** What is known of the rows; looked up when it is first asked for. */
  private synchronized LakeStatistics statistics() {
    if (statistics == null) {
      try (LiveRuns live = directory.orElseThrow().liveRuns()) {
        statistics = live.statistics();
      } catch (LakeException e) {
        throw SqlFailure.unchecked(e);
      }
    }
    return statistics;
  }

  @Override
  protected double rowCount() {
    return directory.isPresent() ? Math.max(1, statistics().rows()) : 1;
  }

  @Override
  protected OptionalDouble distinctValues(int column) {
    return directory.isPresent() ? statistics().distinct(column) : OptionalDouble.empty();
  }

  /** What is in whole files passes; of the others, as much as a guess at each condition says. */
  @Override
  protected OptionalDouble selectivity(RexNode condition) {
    if (directory.isEmpty()) {
      return OptionalDouble.empty();
    }
    LakeConstraints constraints =
        LakeConstraints.of(condition, definition, StatementContext.explaining(null));
    try {
      LakeStatistics.Share share = statistics().share(constraints.constraints());
      double guess = 1;
      for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
        guess *= guess(conjunct);
      }
      return OptionalDouble.of(
          (constraints.complete() ? share.whole() : share.whole() * guess)
              + share.partly() * guess);
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  /** A value of a column has its share of the rows; everything else is Calcite's to guess. */
  private double guess(RexNode conjunct) {
    if (conjunct instanceof RexCall call
        && (call.isA(SqlKind.EQUALS) || call.isA(SqlKind.SEARCH))
        && call.getOperands().get(0) instanceof RexInputRef column) {
      OptionalDouble distinct = distinctValues(column.getIndex());
      Sarg<?> sarg =
          call.isA(SqlKind.SEARCH)
              ? ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class)
              : null;
      if (distinct.isPresent() && (sarg == null || sarg.isPoints())) {
        double values = sarg == null ? 1 : sarg.pointCount;
        return Math.min(1, values / Math.max(1, distinct.getAsDouble()));
      }
    }
    return RelMdUtil.guessSelectivity(conjunct);
  }

  @Override
  public void create() throws SQLException {
    lake.create(name, definition);
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    return block(printer, condition, null);
  }

  /** DuckDB reads the files one behind the other, and the rows of each in their order. */
  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition, OrderWish wish) {
    try {
      LiveRuns live = liveRuns(printer.statement());
      List<ColumnConstraint> constraints =
          LakeConstraints.of(condition, definition, printer.statement()).constraints();
      List<LakeFile> files = live.files(constraints);
      if (wish != null) {
        Optional<List<LakeFile>> ordered =
            new FileOrder(definition, wish.columns(), constraints).of(files);
        if (ordered.isPresent()) {
          files = ordered.get();
          wish.meet();
        }
      }
      if (!printer.statement().isRunning()) {
        printer.statement().note(filesRead(files.size(), live));
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
    try {
      LiveRuns live = liveRuns(printer.statement());
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

  /** The runs that a statement reads, the same wherever it reads them. */
  private LiveRuns liveRuns(StatementContext statement) {
    return statement.once(
        directory.orElseThrow(),
        () -> {
          try {
            LiveRuns live = directory.orElseThrow().liveRuns();
            if (statement.isRunning()) {
              statement.hold(live);
            } else {
              live.close();
            }
            return live;
          } catch (LakeException e) {
            throw SqlFailure.unchecked(e);
          }
        });
  }

  /** Not those whose Parquet form engines read in several ways. */
  @Override
  public Optional<List<StoreColumn>> sharedColumns(Days days) {
    boolean known =
        definition.columns().stream().allMatch(column -> isShared(column.type().kind()));
    if (!known || directory.isEmpty()) {
      return Optional.empty();
    }
    try (LiveRuns live = directory.get().liveRuns()) {
      return live.files().stream().allMatch(file -> isOf(days, file))
          ? Optional.of(columns())
          : Optional.empty();
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private static boolean isShared(LakeType.Kind kind) {
    return switch (kind) {
      case BOOLEAN,
          TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          REAL,
          DOUBLE,
          DECIMAL,
          CHAR,
          VARCHAR,
          DATE,
          TIMESTAMP ->
          true;
      default -> false;
    };
  }

  /** Whether a file is known to hold no other days than these. */
  private boolean isOf(Days days, LakeFile file) {
    for (int i = 0; i < definition.columns().size(); i++) {
      LakeType.Kind kind = definition.columns().get(i).type().kind();
      ColumnBounds bounds = file.bounds(i);
      if ((kind == LakeType.Kind.DATE || kind == LakeType.Kind.TIMESTAMP)
          && bounds.nulls() != file.rows()
          && !(bounds.min().filter(min -> days.include(day(min))).isPresent()
              && bounds.max().filter(max -> days.include(day(max))).isPresent())) {
        return false;
      }
    }
    return true;
  }

  private static LocalDate day(Object dateOrTimestamp) {
    return dateOrTimestamp instanceof LocalDateTime timestamp
        ? timestamp.toLocalDate()
        : (LocalDate) dateOrTimestamp;
  }

  @Override
  public Files files(StatementContext statement, RexNode condition, Days days) {
    try {
      LiveRuns live = liveRuns(statement);
      List<LakeFile> files =
          live.files(LakeConstraints.of(condition, definition, statement).constraints());
      if (!statement.isRunning()) {
        statement.note(filesRead(files.size(), live));
      }
      for (LakeFile file : files) {
        if (!isOf(days, file)) {
          throw SqlFailure.unchecked(
              new SQLException(
                  catalogName
                      + ": file "
                      + file.path()
                      + " may hold dates outside "
                      + days.first()
                      + " to "
                      + days.last()
                      + ", which the engine that this statement was planned for does not have",
                  "22008"));
        }
      }
      return new Files(
          files.stream().map(file -> lake.root().relativize(file.path()).toString()).toList(),
          files.stream().mapToLong(LakeFile::bytes).sum());
    } catch (LakeException e) {
      throw SqlFailure.unchecked(e);
    }
  }

  private String filesRead(int read, LiveRuns live) {
    return catalogName + ": " + read + " of " + live.fileCount() + " files";
  }

  /**
   * An explanation names the first files and counts the others; a statement that runs needs all.
   */
  private static String readParquet(SqlPrinter printer, List<LakeFile> files) {
    boolean all = printer.statement().isRunning() || files.size() <= EXPLAINED_FILES;
    return all
        ? LakeSql.readParquet(files)
        : LakeSql.readParquet(
            files.subList(0, EXPLAINED_FILES - 1),
            ", ... " + (files.size() - EXPLAINED_FILES + 1) + " more");
  }

  @Override
  public List<InsertTarget.Path> paths() {
    List<Path> paths = new ArrayList<>();
    paths.add(new LakeInsertPath(this));
    paths.addAll(writers.of(this));
    return paths;
  }

  @Override
  public String codec() {
    return definition.codec().text();
  }

  /** One file of a table is in order by itself; whoever writes many keeps them apart here. */
  @Override
  public Optional<String> ownFilesOnly() {
    if (!definition.partitionedBy().isEmpty()) {
      return Optional.of("which is partitioned");
    }
    if (runOptions.targetFileBytes().isPresent()) {
      return Optional.of("whose files are to have a size (target_file_mb)");
    }
    return definition.columns().stream()
        .filter(column -> !isShared(column.type().kind()))
        .findFirst()
        .map(column -> "whose column '" + column.name() + "' is " + column.type().sql());
  }

  @Override
  public InsertRows inOrder(RelNode rows, List<String> columns) {
    return LakeInsertPath.inOrder(this, rows, columns);
  }

  @Override
  public long write(ArrowExecution execution, Map<String, String> engines, FileWriter writer)
      throws SQLException {
    return run(
        execution,
        engines,
        run -> {
          var file = run.file();
          long rows = writer.write(lake.root().relativize(file).toString());
          execution.checkCancelled();
          run.adopt(file, rows);
          return rows;
        });
  }

  /** Writes the files of a run and returns how many rows they have. */
  @FunctionalInterface
  interface RunWriter {
    long write(RunDirectory run) throws SQLException;
  }

  /**
   * Stages a run, has it written, seals and publishes it. After an error nothing of it is visible.
   *
   * @param engines versions of what writes, by name
   */
  long run(ArrowExecution execution, Map<String, String> engines, RunWriter writer)
      throws SQLException {
    try (RunDirectory run = stage()) {
      long count = writer.write(run);
      execution.checkCancelled();
      run.seal(RunReport.of(count, execution.sql(), engines, runOptions.inputs()));
      // Of a run that is there already nothing was written.
      return run.publish() == RunDirectory.Outcome.PUBLISHED ? count : 0;
    }
  }

  DuckDbEngine engine() {
    return engine;
  }

  LakeTableDefinition definition() {
    return definition;
  }

  @Override
  public InsertTarget with(Map<String, String> options) throws SQLException {
    return new LakeTable(
        store(),
        engine,
        lake,
        name,
        catalogName,
        definition,
        columns(),
        directory,
        RunOptions.of(catalogName, definition.codec(), options),
        writers);
  }

  RunOptions runOptions() {
    return runOptions;
  }

  /** Stages a run; the first run of a table that is not there yet makes it. */
  private RunDirectory stage() throws SQLException {
    if (directory.isEmpty()) {
      return lake.stageNewTable(name, definition);
    }
    return runOptions.runId().isPresent()
        ? directory.get().stage(runOptions.runId().get())
        : directory.get().stage();
  }
}
