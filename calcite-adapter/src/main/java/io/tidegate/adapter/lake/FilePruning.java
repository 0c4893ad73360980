package io.tidegate.adapter.lake;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which files can hold a row that meets all constraints: each constraint becomes tests on directory
 * values and on the sort key's bounds, once per statement.
 *
 * <p>{@code =} and IN on a bare column are evaluated through every partition expression over it, by
 * the same kernels that wrote the directories; ranges through the monotone ones.
 */
final class FilePruning {
  private final LakeTableDefinition definition;
  private final List<Predicate<LakeFile>> tests = new ArrayList<>();

  FilePruning(LakeTableDefinition definition, List<ColumnConstraint> constraints)
      throws LakeException {
    this.definition = definition;
    for (ColumnConstraint constraint : constraints) {
      add(constraint);
    }
  }

  boolean mayMatch(LakeFile file) {
    return tests.stream().allMatch(test -> test.test(file));
  }

  private void add(ColumnConstraint constraint) throws LakeException {
    String name = constraint.column();
    if (name.equalsIgnoreCase(LakeTableDefinition.RUN_KEY)) {
      wanted(LakeType.of(LakeType.Kind.VARCHAR), constraint)
          .ifPresent(wanted -> tests.add(file -> wanted.admits(file.runId())));
      return;
    }
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      PartitionExpression expression = definition.partitionedBy().get(level);
      if (expression.key().equalsIgnoreCase(name)) {
        addLevel(level, wanted(definition.partitionType(expression), constraint));
      }
    }
    Optional<LakeColumn> column = definition.column(name);
    if (column.isPresent()) {
      wanted(column.get().type(), constraint).ifPresent(wanted -> addColumn(name, wanted));
    }
  }

  private void addColumn(String name, Wanted wanted) {
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      PartitionExpression expression = definition.partitionedBy().get(level);
      if (expression.column().equalsIgnoreCase(name)) {
        addLevel(level, through(expression, wanted));
      }
    }
    for (int i = 0; i < definition.sortedBy().size(); i++) {
      if (definition.sortedBy().get(i).equalsIgnoreCase(name)) {
        int position = i;
        tests.add(
            file -> {
              ParquetFooter.ColumnBounds bounds = file.sortKeyBounds(position);
              return bounds.nulls() != file.rows() && wanted.meets(bounds.min(), bounds.max());
            });
      }
    }
  }

  /** A literal beyond what the expression can compute with leaves no file out. */
  private static Optional<Wanted> through(PartitionExpression expression, Wanted wanted) {
    try {
      return wanted.through(expression);
    } catch (ArithmeticException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private void addLevel(int level, Optional<Wanted> wanted) {
    wanted.ifPresent(
        values -> tests.add(file -> file.partitionValue(level).map(values::admits).orElse(false)));
  }

  /**
   * CHAR may compare padded and REAL in either width, as the engine likes: they leave nothing out.
   */
  private static Optional<Wanted> wanted(LakeType type, ColumnConstraint constraint) {
    if (type.kind() == LakeType.Kind.CHAR || type.kind() == LakeType.Kind.REAL) {
      return Optional.empty();
    }
    if (constraint instanceof ColumnConstraint.OneOf oneOf) {
      List<Object> values = new ArrayList<>();
      for (Object value : oneOf.values()) {
        Optional<Object> own = LakeValue.of(type, value);
        if (own.isEmpty()) {
          return Optional.empty();
        }
        values.add(own.get());
      }
      return Optional.of(new Values(values));
    }
    ColumnConstraint.Range range = (ColumnConstraint.Range) constraint;
    Optional<Object> lower = Optional.ofNullable(range.lower()).flatMap(v -> LakeValue.of(type, v));
    Optional<Object> upper = Optional.ofNullable(range.upper()).flatMap(v -> LakeValue.of(type, v));
    return Optional.of(new Interval(lower, range.lowerInclusive(), upper, range.upperInclusive()));
  }

  /** The values that a constraint lets through, in the lake's Java form. */
  private sealed interface Wanted {
    boolean admits(Object value);

    /** Whether a value between the bounds may be let through; an empty bound is unknown. */
    boolean meets(Optional<Object> min, Optional<Object> max);

    /** What it lets through after an expression; empty when that says nothing. */
    Optional<Wanted> through(PartitionExpression expression);
  }

  private record Values(List<Object> values) implements Wanted {
    @Override
    public boolean admits(Object value) {
      return values.stream().anyMatch(wanted -> LakeValue.compare(wanted, value) == 0);
    }

    @Override
    public boolean meets(Optional<Object> min, Optional<Object> max) {
      return values.stream()
          .anyMatch(
              value ->
                  (min.isEmpty() || LakeValue.compare(value, min.get()) >= 0)
                      && (max.isEmpty() || LakeValue.compare(value, max.get()) <= 0));
    }

    @Override
    public Optional<Wanted> through(PartitionExpression expression) {
      return Optional.of(new Values(values.stream().map(expression::evaluate).toList()));
    }
  }

  private record Interval(
      Optional<Object> lower,
      boolean lowerInclusive,
      Optional<Object> upper,
      boolean upperInclusive)
      implements Wanted {
    @Override
    public boolean admits(Object value) {
      return meets(Optional.of(value), Optional.of(value));
    }

    @Override
    public boolean meets(Optional<Object> min, Optional<Object> max) {
      if (lower.isPresent() && max.isPresent()) {
        int order = LakeValue.compare(max.get(), lower.get());
        if (order < 0 || (order == 0 && !lowerInclusive)) {
          return false;
        }
      }
      if (upper.isPresent() && min.isPresent()) {
        int order = LakeValue.compare(min.get(), upper.get());
        return order < 0 || (order == 0 && upperInclusive);
      }
      return true;
    }

    /** Both ends become inclusive: values beyond an open end can share its partition. */
    @Override
    public Optional<Wanted> through(PartitionExpression expression) {
      if (!expression.monotone()) {
        return Optional.empty();
      }
      if (expression instanceof PartitionExpression.Identity) {
        return Optional.of(this);
      }
      return Optional.of(
          new Interval(
              lower.map(expression::evaluate),
              true,
              upper.map(expression::evaluate),
              upperInclusive || upper.isEmpty() || !upperStartsPartition(expression)));
    }

    /** {@code ts < '2024-02-01'} needs nothing of the partition that begins there. */
    private boolean upperStartsPartition(PartitionExpression expression) {
      Object start = expression.evaluate(upper.orElseThrow());
      Object comparable =
          start instanceof LocalDate date && upper.get() instanceof LocalDateTime
              ? date.atStartOfDay()
              : start;
      return comparable.equals(upper.get());
    }
  }
}
