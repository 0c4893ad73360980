package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A kind of artifact. Its artifacts are runs of one lake table, {@link #table()}, which SQL can
 * read too.
 *
 * @param name such as {@code backtest_metrics}
 * @param schemaVersion 1 or more; other columns are another version
 * @param sortedBy names of columns; the order of an artifact's rows
 */
public record ArtifactType(
    String name, int schemaVersion, List<ArtifactColumn> columns, List<String> sortedBy) {
  public ArtifactType {
    requireNonNull(name, "name");
    if (!name.matches("[A-Za-z][A-Za-z0-9_]{0,79}")) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' cannot be an artifact type: it takes 1 to 80 of A-Z a-z 0-9 _ with a letter first");
    }
    if (schemaVersion < 1) {
      throw new IllegalArgumentException(
          "A schema version must be 1 or more but was " + schemaVersion);
    }
    columns = List.copyOf(columns);
    sortedBy = List.copyOf(sortedBy);
  }

  /** The lake table that holds the artifacts of this type. */
  public String table() {
    return "artifact_" + name + "_v" + schemaVersion;
  }
}
