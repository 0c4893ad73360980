package io.tidegate.adapter.duckdb;

import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.LakeTableDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** How DuckDB is told to read and write files of the lake. */
public final class LakeSql {
  private static final DuckDbDialect DIALECT = new DuckDbDialect();

  private LakeSql() {}

  /** What stands in FROM for the rows of files, at least one. */
  public static String readParquet(List<LakeFile> files) {
    return readParquet(files, "");
  }

  /** The same for the first files of more, which {@code more} tells of. */
  static String readParquet(List<LakeFile> files, String more) {
    return files.stream()
        .map(file -> DIALECT.string(file.path().toString()))
        .collect(
            Collectors.joining(
                ", ",
                "read_parquet([",
                more + "], hive_partitioning = false, union_by_name = true)"));
  }

  /** The clause that puts rows into a table's total order: same rows, same bytes. */
  public static String orderBy(LakeTableDefinition definition) {
    return definition.totalOrder().stream()
        .map(column -> DIALECT.identifier(column.name()) + " ASC NULLS LAST")
        .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  /** Writes a query's rows, as they come, to a file of a table. */
  public static String copy(String query, Path file, LakeTableDefinition definition) {
    String codec = definition.codec().text();
    return "COPY ("
        + query
        + ") TO "
        + DIALECT.string(file.toString())
        + " (FORMAT parquet, COMPRESSION "
        + (codec.equals("none") ? "uncompressed" : codec)
        + ")";
  }
}
