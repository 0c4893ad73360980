package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

/** A column of a lake table; its name keeps its case and is matched without it. */
public record LakeColumn(String name, LakeType type, boolean nullable) {
  public LakeColumn {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
  }
}
