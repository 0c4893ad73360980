package io.tidegate.adapter.ports;

import static java.util.Objects.requireNonNull;

/**
 * A column of an artifact.
 *
 * @param type as in CREATE TABLE: {@code VARCHAR}, {@code TIMESTAMP(6)}, {@code DECIMAL(18, 8)}
 */
public record ArtifactColumn(String name, String type, boolean nullable) {
  public ArtifactColumn {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
  }

  public static ArtifactColumn of(String name, String type) {
    return new ArtifactColumn(name, type, true);
  }

  public static ArtifactColumn notNull(String name, String type) {
    return new ArtifactColumn(name, type, false);
  }
}
