package io.tidegate.adapter.duckdb;

import static java.util.Objects.requireNonNull;

import io.tidegate.adapter.store.InsertTarget;
import io.tidegate.adapter.store.SharedTarget;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Who writes files of the lake beside DuckDB: stores that see its storage and may write there. */
public final class LakeWriters {
  private final List<Function<SharedTarget, InsertTarget.Path>> paths =
      new CopyOnWriteArrayList<>();

  /** Adds a store, by the way that its rows take into a table of the lake. */
  public void add(Function<SharedTarget, InsertTarget.Path> path) {
    paths.add(requireNonNull(path, "path"));
  }

  List<InsertTarget.Path> of(SharedTarget table) {
    return paths.stream().map(path -> path.apply(table)).toList();
  }
}
