package io.tidegate.adapter.clickhouse;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.SelectBlock;
import io.tidegate.adapter.store.SharedFiles;
import io.tidegate.adapter.store.SqlPrinter;
import io.tidegate.adapter.store.StoreColumn;
import io.tidegate.adapter.store.StoreConvention;
import io.tidegate.adapter.store.StoreDialect;
import io.tidegate.adapter.store.StoreRelation;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;

/**
 * A table of the lake as ClickHouse reads it itself, where it sees the lake's storage: a table
 * function over exactly the files that count, with the types of the lake's own definition.
 *
 * <p>ClickHouse leaves out, without a word, what it does not find of a list of files. So the
 * statement counts the files and their bytes as ClickHouse sees them before it reads, and fails
 * where that is not what the lake says.
 */
public final class ClickHouseFiles extends StoreRelation {
  /** Of Date32 and DateTime64. Before and behind them ClickHouse takes the nearest, in silence. */
  private static final SharedFiles.Days DAYS =
      new SharedFiles.Days(LocalDate.of(1900, 1, 1), LocalDate.of(2299, 12, 31));

  /** How many files an explanation names; a statement that runs needs all. */
  private static final int EXPLAINED_FILES = 3;

  private final SharedFiles files;
  private final LakeLocation location;

  private ClickHouseFiles(
      StoreConvention clickHouse,
      SharedFiles files,
      List<StoreColumn> columns,
      LakeLocation location) {
    super(clickHouse, null, columns, 1, null);
    this.files = files;
    this.location = location;
  }

  /** The table in ClickHouse; empty if ClickHouse cannot give all its columns as they are. */
  public static Optional<StoreRelation> of(
      StoreConvention clickHouse,
      SharedFiles files,
      LakeLocation location,
      RelDataTypeFactory typeFactory) {
    requireNonNull(location, "location");
    Optional<List<StoreColumn>> shared = files.sharedColumns(DAYS);
    if (shared.isEmpty()) {
      return Optional.empty();
    }
    List<StoreColumn> columns = new ArrayList<>();
    for (StoreColumn column : shared.get()) {
      StoreColumn here =
          ClickHouseTypes.column(
              column.name(), ClickHouseTypes.toClickHouse(column.type()), false, typeFactory);
      if (!here.type().equals(column.type())) {
        return Optional.empty();
      }
      columns.add(here);
    }
    return Optional.of(new ClickHouseFiles(clickHouse, files, columns, location));
  }

  @Override
  public SelectBlock block(SqlPrinter printer, RexNode condition) {
    SharedFiles.Files read = files.files(printer.statement(), condition, DAYS);
    if (read.paths().isEmpty()) {
      return empty(printer);
    }
    StoreDialect dialect = printer.dialect();
    boolean runs = printer.statement().isRunning();
    // A directory's text is not a column's value: it has no NULL, and an escaped space is no space.
    printer.setting("use_hive_partitioning = 0");
    SelectBlock scan = block(printer, location.read(dialect, runs, named(read, runs), structure()));
    return scan.where(seen(dialect, runs, read));
  }

  /** Fails if ClickHouse does not see the same files; always true otherwise. */
  private String seen(StoreDialect dialect, boolean runs, SharedFiles.Files read) {
    return "(SELECT throwIf(count() <> "
        + read.paths().size()
        + " OR sum(_size) <> "
        + read.bytes()
        + ", "
        + dialect.string(
            files.catalogName()
                + ": ClickHouse does not see the lake's files at "
                + location.root()
                + " as they are")
        + ") FROM "
        + location.list(dialect, runs, named(read, runs))
        + ") = 0";
  }

  private static List<String> named(SharedFiles.Files read, boolean runs) {
    int files = read.paths().size();
    if (runs || files <= EXPLAINED_FILES) {
      return read.paths();
    }
    List<String> named = new ArrayList<>(read.paths().subList(0, EXPLAINED_FILES - 1));
    named.add("... " + (files - EXPLAINED_FILES + 1) + " more");
    return named;
  }

  private String structure() {
    return columns().stream()
        .map(column -> ClickHouseIdentifiers.quote(column.name()) + " " + column.storeType())
        .collect(Collectors.joining(", "));
  }
}
