package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.arrow.ArrowExecution;
import io.tidegate.adapter.lake.HeldRun;
import io.tidegate.adapter.lake.LakeFile;
import io.tidegate.adapter.lake.RunManifest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What two runs have in common and what not.
 *
 * <p>Equal rows cancel each other, each as often as it is there. What is left over is brought
 * together by the sort key: a key that both sides have is a changed row, and its columns are
 * compared one by one. Files with the same hash are equal and are not read. Columns that only one
 * run has, or that have another type there, are named and left out of the comparison.
 */
final class RunDifference {

  /** What an output line tells of. */
  private static final String LEFT = "left";

  private static final String RIGHT = "right";

  private final DuckDbEngine engine;
  private final HeldRun left;
  private final HeldRun right;
  private final List<LakeRuns.Difference> found = new ArrayList<>();

  RunDifference(DuckDbEngine engine, HeldRun left, HeldRun right) {
    this.engine = requireNonNull(engine, "engine");
    this.left = requireNonNull(left, "left");
    this.right = requireNonNull(right, "right");
  }

  List<LakeRuns.Difference> run(ArrowExecution execution) throws SQLException {
    List<String> columns = commonColumns();
    List<LakeFile> onlyLeft = new ArrayList<>(left.files());
    List<LakeFile> onlyRight = new ArrayList<>(right.files());
    if (columns.size() == left.manifest().schema().size()
        && columns.size() == right.manifest().schema().size()) {
      cancelEqual(onlyLeft, onlyRight);
    }
    Counts counts =
        onlyLeft.isEmpty() && onlyRight.isEmpty() || columns.isEmpty()
            ? new Counts(0, 0, 0, List.of())
            : count(columns, onlyLeft, onlyRight, execution);
    add(LEFT, left.manifest().rows(), "run " + left.manifest().runId());
    add(RIGHT, right.manifest().rows(), "run " + right.manifest().runId());
    if (!columns.isEmpty()) {
      add("equal", left.manifest().rows() - counts.onlyLeft - counts.changed, "");
      add("only left", counts.onlyLeft, "");
      add("only right", counts.onlyRight, "");
      add("changed", counts.changed, keyText());
    }
    found.addAll(counts.columns);
    return found;
  }

  private void add(String item, long rows, String detail) {
    found.add(new LakeRuns.Difference(item, Optional.empty(), rows, detail));
  }

  private List<String> key() {
    return left.table().definition().sortedBy();
  }

  private String keyText() {
    return key().isEmpty() ? "no sort key to tell by" : "by " + String.join(", ", key());
  }

  private List<String> commonColumns() {
    Map<String, RunManifest.Column> others = new HashMap<>();
    right.manifest().schema().forEach(column -> others.put(column.name(), column));
    List<String> common = new ArrayList<>();
    for (RunManifest.Column column : left.manifest().schema()) {
      RunManifest.Column other = others.remove(column.name());
      if (other == null) {
        schema(column.name(), "only left, " + column.type());
      } else if (!other.type().equals(column.type())) {
        schema(column.name(), "left " + column.type() + ", right " + other.type());
      } else {
        common.add(column.name());
        if (column.nullable() != other.nullable()) {
          schema(column.name(), "NOT NULL only " + (column.nullable() ? RIGHT : LEFT));
        }
      }
    }
    for (RunManifest.Column column : right.manifest().schema()) {
      if (others.containsKey(column.name())) {
        schema(column.name(), "only right, " + column.type());
      }
    }
    return common;
  }

  private void schema(String column, String detail) {
    found.add(new LakeRuns.Difference("schema", Optional.of(column), 0, detail));
  }

  /** Rows of equal files cancel each other whatever else there is. */
  private static void cancelEqual(List<LakeFile> left, List<LakeFile> right) {
    left.removeIf(
        file -> {
          Optional<LakeFile> equal =
              right.stream().filter(other -> other.sha256().equals(file.sha256())).findFirst();
          equal.ifPresent(right::remove);
          return equal.isPresent();
        });
  }

  private record Counts(
      long onlyLeft, long onlyRight, long changed, List<LakeRuns.Difference> columns) {}

  private Counts count(
      List<String> columns,
      List<LakeFile> leftFiles,
      List<LakeFile> rightFiles,
      ArrowExecution execution)
      throws SQLException {
    List<String> key = columns.containsAll(key()) ? key() : List.of();
    List<String> others = columns.stream().filter(column -> !key.contains(column)).toList();
    String remaining = remaining(columns, leftFiles, rightFiles);
    try (DuckDbSession session = engine.session(Map.of(), execution)) {
      if (key.isEmpty()) {
        return session
            .rows(
                "SELECT coalesce(sum(\"$d\") FILTER (\"$d\" > 0), 0),"
                    + " coalesce(-sum(\"$d\") FILTER (\"$d\" < 0), 0) FROM "
                    + remaining,
                row -> new Counts(row.getLong(1), row.getLong(2), 0, List.of()))
            .get(0);
      }
      return session.rows(keyed(key, others, remaining), row -> counts(row, others)).get(0);
    }
  }

  private static Counts counts(ResultSet row, List<String> others) throws SQLException {
    List<LakeRuns.Difference> changed = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      long rows = row.getLong(4 + 2 * i);
      if (rows > 0) {
        changed.add(
            new LakeRuns.Difference(
                "changed column",
                Optional.of(others.get(i)),
                rows,
                "first " + row.getString(5 + 2 * i)));
      }
    }
    return new Counts(row.getLong(1), row.getLong(2), row.getLong(3), changed);
  }

  /** The rows that do not cancel, and how often more the left side has them in {@code $d}. */
  private static String remaining(
      List<String> columns, List<LakeFile> leftFiles, List<LakeFile> rightFiles) {
    List<String> sides = new ArrayList<>();
    if (!leftFiles.isEmpty()) {
      sides.add(side(columns, leftFiles, 1));
    }
    if (!rightFiles.isEmpty()) {
      sides.add(side(columns, rightFiles, -1));
    }
    return "(SELECT "
        + quoted(columns)
        + ", CAST(sum(\"$s\") AS BIGINT) AS \"$d\" FROM ("
        + String.join(" UNION ALL ", sides)
        + ") GROUP BY "
        + quoted(columns)
        + " HAVING sum(\"$s\") <> 0)";
  }

  private static String side(List<String> columns, List<LakeFile> files, int sign) {
    return "SELECT "
        + quoted(columns)
        + ", "
        + sign
        + " AS \"$s\" FROM "
        + LakeSql.readParquet(files);
  }

  /** One row of counts: only left, only right, changed, then count and example of each column. */
  private static String keyed(List<String> key, List<String> others, String remaining) {
    String each =
        "SELECT "
            + quoted(key)
            + others.stream().map(o -> ", " + DuckDbDialect.quote(o)).collect(Collectors.joining())
            + ", \"$d\" > 0 AS \"$l\", unnest(range(abs(\"$d\"))) FROM "
            + remaining;
    String numbered =
        "SELECT *, row_number() OVER (PARTITION BY "
            + quoted(key)
            + ", \"$l\""
            + (others.isEmpty() ? "" : " ORDER BY " + quoted(others))
            + ") AS \"$n\" FROM ("
            + each
            + ")";
    StringBuilder paired = new StringBuilder("SELECT " + quoted(key));
    paired.append(", bool_or(\"$l\") AS \"$hl\", bool_or(NOT \"$l\") AS \"$hr\"");
    StringBuilder counts = new StringBuilder("SELECT count(*) FILTER (NOT \"$hr\")");
    counts.append(", count(*) FILTER (NOT \"$hl\"), count(*) FILTER (\"$hl\" AND \"$hr\")");
    for (int i = 0; i < others.size(); i++) {
      // A pair has one row at most on each side, so the greatest is the value, NULL too.
      String column = DuckDbDialect.quote(others.get(i));
      paired.append(", max(" + column + ") FILTER (\"$l\") AS \"$l" + i + "\"");
      paired.append(", max(" + column + ") FILTER (NOT \"$l\") AS \"$r" + i + "\"");
      String changed =
          " FILTER (\"$hl\" AND \"$hr\" AND \"$l%1$d\" IS DISTINCT FROM \"$r%1$d\")".formatted(i);
      counts.append(", count(*)").append(changed);
      counts.append(", CAST(min(struct_pack(" + quotedFields(key));
      counts.append(", \"left\" := \"$l" + i + "\", \"right\" := \"$r" + i + "\"))");
      counts.append(changed).append(" AS VARCHAR)");
    }
    return counts
        + " FROM ("
        + paired
        + " FROM ("
        + numbered
        + ") GROUP BY "
        + quoted(key)
        + ", \"$n\")";
  }

  private static String quotedFields(List<String> key) {
    return key.stream()
        .map(name -> DuckDbDialect.quote(name) + " := " + DuckDbDialect.quote(name))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(List<String> columns) {
    return columns.stream().map(DuckDbDialect::quote).collect(Collectors.joining(", "));
  }
}
