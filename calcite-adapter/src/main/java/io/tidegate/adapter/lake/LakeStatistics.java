package io.tidegate.adapter.lake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the manifests of a table's live runs tell a planner; estimates, not answers. */
public final class LakeStatistics {
  private final LakeTableDefinition definition;
  private final List<LakeFile> files;

  LakeStatistics(LakeTableDefinition definition, List<LakeFile> files) {
    this.definition = definition;
    this.files = List.copyOf(files);
  }

  public long rows() {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  public int fileCount() {
    return files.size();
  }

  /**
   * How many different values a column has. Directories that a function of the column names share
   * none; nor do files whose ranges do not meet.
   */
  public OptionalDouble distinct(int column) {
    String name = definition.columns().get(column).name();
    Map<List<Object>, List<ColumnBounds>> groups = new HashMap<>();
    for (LakeFile file : files) {
      List<Object> directories = new ArrayList<>();
      for (int level = 0; level < definition.partitionedBy().size(); level++) {
        if (definition.partitionedBy().get(level).column().equalsIgnoreCase(name)) {
          directories.add(file.partitionValue(level));
        }
      }
      groups.computeIfAbsent(directories, any -> new ArrayList<>()).add(file.bounds(column));
    }
    double sum = 0;
    for (List<ColumnBounds> group : groups.values()) {
      long distinct = DistinctValues.together(group);
      if (distinct < 0) {
        return OptionalDouble.empty();
      }
      sum += distinct;
    }
    return OptionalDouble.of(sum);
  }

  /**
   * Which part of the rows is in files that may match.
   *
   * @param whole the part of the rows that is known to match
   * @param partly the part of the rows in files that may hold others too
   */
  public record Share(double whole, double partly) {}

  /** What constraints leave over. */
  public Share share(List<ColumnConstraint> constraints) throws LakeException {
    FilePruning pruning = new FilePruning(definition, constraints);
    double whole = 0;
    double partly = 0;
    for (LakeFile file : files) {
      if (pruning.mayMatch(file)) {
        whole += pruning.isWhole(file) ? file.rows() : 0;
        partly += pruning.isWhole(file) ? 0 : file.rows();
      }
    }
    double rows = Math.max(1, rows());
    return new Share(whole / rows, partly / rows);
  }
}
