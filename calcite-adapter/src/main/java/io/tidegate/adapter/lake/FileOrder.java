package io.tidegate.adapter.lake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts files of a table one behind the other so that all their rows come in an order, if that can
 * be known from the manifests alone.
 *
 * <p>Each file is in the table's order. So it is in any order that differs from that only by
 * columns of one value: a directory's key, a column whose smallest and greatest value are equal, or
 * one that the statement fixes. And one file comes behind another if it begins behind that one's
 * end.
 */
public final class FileOrder {
  private final LakeTableDefinition definition;
  private final List<String> columns;
  private final Set<String> fixed = new HashSet<>();

  /**
   * An order.
   *
   * @param columns ascending, NULL last
   * @param constraints conditions that all rows which count meet
   */
  public FileOrder(
      LakeTableDefinition definition, List<String> columns, List<ColumnConstraint> constraints) {
    this.definition = definition;
    this.columns = List.copyOf(columns);
    for (ColumnConstraint constraint : constraints) {
      if (constraint instanceof ColumnConstraint.OneOf oneOf && oneOf.values().size() == 1) {
        fixed.add(oneOf.column());
      }
    }
  }

  /** The smallest and the greatest value of a column in a file. */
  private record Extent(Object least, Object greatest) {
    boolean isOne() {
      return LakeValue.compare(least, greatest) == 0;
    }
  }

  /** The files in order; empty where it is not known that they have one. */
  public Optional<List<LakeFile>> of(List<LakeFile> files) {
    for (LakeFile file : files) {
      if (!isOrdered(file)) {
        return Optional.empty();
      }
    }
    if (files.size() <= 1) {
      return Optional.of(files);
    }
    List<List<Extent>> extents = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (LakeFile file : files) {
      Optional<List<Extent>> known = extents(file);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      order.add(extents.size());
      extents.add(known.get());
    }
    order.sort((left, right) -> compareBegins(extents.get(left), extents.get(right)));
    for (int i = 1; i < order.size(); i++) {
      if (!isBefore(extents.get(order.get(i - 1)), extents.get(order.get(i)))) {
        return Optional.empty();
      }
    }
    return Optional.of(order.stream().map(files::get).toList());
  }

  private boolean isOrdered(LakeFile file) {
    List<String> stored =
        definition.sortedBy().stream().filter(column -> !isOne(file, column)).toList();
    List<String> wanted = columns.stream().filter(column -> !isOne(file, column)).toList();
    return wanted.size() <= stored.size() && stored.subList(0, wanted.size()).equals(wanted);
  }

  private boolean isOne(LakeFile file, String column) {
    return fixed.contains(column) || extent(file, column).map(Extent::isOne).orElse(false);
  }

  /**
   * The extents of the columns wanted as far as they are needed to tell files apart: those behind
   * one of several values are not.
   */
  private Optional<List<Extent>> extents(LakeFile file) {
    List<Extent> extents = new ArrayList<>();
    for (String column : columns) {
      if (fixed.contains(column)) {
        continue;
      }
      Optional<Extent> extent = extent(file, column);
      if (extent.isEmpty()) {
        return Optional.empty();
      }
      extents.add(extent.get());
      if (!extent.get().isOne()) {
        break;
      }
    }
    return Optional.of(extents);
  }

  /** What is known of a column's values in a file, if none of them is NULL. */
  private Optional<Extent> extent(LakeFile file, String column) {
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      if (definition.partitionedBy().get(level) instanceof PartitionExpression.Identity identity
          && identity.column().equals(column)) {
        return file.partitionValue(level).map(value -> new Extent(value, value));
      }
    }
    int position = position(column);
    if (position < 0) {
      return Optional.empty();
    }
    ColumnBounds bounds = file.bounds(position);
    return bounds.nulls() == 0 && bounds.min().isPresent() && bounds.max().isPresent()
        ? Optional.of(new Extent(bounds.min().get(), bounds.max().get()))
        : Optional.empty();
  }

  private int position(String column) {
    for (int i = 0; i < definition.columns().size(); i++) {
      if (definition.columns().get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  private static int compareBegins(List<Extent> left, List<Extent> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = LakeValue.compare(left.get(i).least(), right.get(i).least());
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static boolean isBefore(List<Extent> first, List<Extent> second) {
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      int order = LakeValue.compare(first.get(i).greatest(), second.get(i).least());
      if (order != 0) {
        return order < 0;
      }
      if (!first.get(i).isOne() || !second.get(i).isOne()) {
        return false;
      }
    }
    return false;
  }
}
