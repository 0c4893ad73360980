package io.tidegate.adapter.lake;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which files can hold a row that meets all constraints, and in which files every row does: each
 * constraint becomes tests on directory values and on the columns' bounds, once per statement.
 *
 * <p>{@code =} and IN on a bare column are evaluated through every partition expression over it, by
 * the same kernels that wrote the directories; ranges through the monotone ones.
 */
final class FilePruning {
  private final LakeTableDefinition definition;
  private final List<Check> checks = new ArrayList<>();

  /** What one constraint says of a file: all of the first, and any of the second. */
  private record Check(List<Predicate<LakeFile>> mayMatch, List<Predicate<LakeFile>> isWhole) {
    Check() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    boolean mayMatch(LakeFile file) {
      return mayMatch.stream().allMatch(test -> test.test(file));
    }

    boolean isWhole(LakeFile file) {
      return isWhole.stream().anyMatch(test -> test.test(file));
    }
  }

  FilePruning(LakeTableDefinition definition, List<ColumnConstraint> constraints)
      throws LakeException {
    this.definition = definition;
    for (ColumnConstraint constraint : constraints) {
      checks.add(check(constraint));
    }
  }

  boolean mayMatch(LakeFile file) {
    return checks.stream().allMatch(check -> check.mayMatch(file));
  }

  /** Whether it is known that every row of the file meets all constraints. */
  boolean isWhole(LakeFile file) {
    return checks.stream().allMatch(check -> check.isWhole(file));
  }

  private Check check(ColumnConstraint constraint) throws LakeException {
    Check check = new Check();
    if (constraint instanceof ColumnConstraint.OneOf oneOf) {
      addNamed(check, oneOf.column(), constraint);
    } else if (constraint instanceof ColumnConstraint.Range range) {
      addNamed(check, range.column(), constraint);
    } else if (constraint instanceof ColumnConstraint.Nullness nullness) {
      addNullness(check, nullness);
    } else if (constraint instanceof ColumnConstraint.Through through) {
      addThrough(check, through);
    } else if (constraint instanceof ColumnConstraint.AnyOf anyOf) {
      List<FilePruning> alternatives = new ArrayList<>();
      for (List<ColumnConstraint> alternative : anyOf.alternatives()) {
        alternatives.add(new FilePruning(definition, alternative));
      }
      check.mayMatch.add(file -> alternatives.stream().anyMatch(each -> each.mayMatch(file)));
      check.isWhole.add(file -> alternatives.stream().anyMatch(each -> each.isWhole(file)));
    }
    return check;
  }

  private void addNamed(Check check, String name, ColumnConstraint constraint)
      throws LakeException {
    if (name.equalsIgnoreCase(LakeTableDefinition.RUN_KEY)) {
      wanted(LakeType.of(LakeType.Kind.VARCHAR), constraint)
          .ifPresent(wanted -> check.mayMatch.add(file -> wanted.admits(file.runId())));
      return;
    }
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      PartitionExpression expression = definition.partitionedBy().get(level);
      if (expression.key().equalsIgnoreCase(name)) {
        addLevel(check, level, wanted(definition.partitionType(expression), constraint));
      }
    }
    int column = position(name);
    if (column >= 0) {
      wanted(definition.columns().get(column).type(), constraint)
          .ifPresent(wanted -> addColumn(check, column, wanted));
    }
  }

  private void addColumn(Check check, int column, Wanted wanted) {
    String name = definition.columns().get(column).name();
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      PartitionExpression expression = definition.partitionedBy().get(level);
      if (expression.column().equalsIgnoreCase(name)) {
        addLevel(check, level, through(expression, wanted));
      }
    }
    check.mayMatch.add(
        file -> {
          ColumnBounds bounds = file.bounds(column);
          return bounds.nulls() != file.rows() && wanted.meets(bounds.min(), bounds.max());
        });
    check.isWhole.add(
        file -> {
          ColumnBounds bounds = file.bounds(column);
          return bounds.nulls() == 0
              && bounds.isKnown()
              && wanted.covers(bounds.min().get(), bounds.max().get());
        });
  }

  private void addNullness(Check check, ColumnConstraint.Nullness nullness) {
    int column = position(nullness.column());
    if (column < 0) {
      return;
    }
    Predicate<LakeFile> noNulls = file -> file.bounds(column).nulls() == 0;
    Predicate<LakeFile> allNulls = file -> file.bounds(column).nulls() == file.rows();
    check.mayMatch.add((nullness.isNull() ? noNulls : allNulls).negate());
    check.isWhole.add(nullness.isNull() ? allNulls : noNulls);
  }

  /** A function of a column: its directory says all, and a monotone one maps bounds into bounds. */
  private void addThrough(Check check, ColumnConstraint.Through through) {
    Optional<Wanted> wanted = wanted(through.type(), through.constraint());
    PartitionExpression function = through.function();
    int column = position(function.column());
    if (wanted.isEmpty() || column < 0) {
      return;
    }
    for (int level = 0; level < definition.partitionedBy().size(); level++) {
      if (definition.partitionedBy().get(level).isSameFunction(function)) {
        int same = level;
        Predicate<LakeFile> admits =
            file ->
                file.partitionValue(same)
                    .map(value -> wanted.get().admits(inType(value, through.type())))
                    .orElse(false);
        check.mayMatch.add(admits);
        check.isWhole.add(admits);
      }
    }
    if (function.monotone()) {
      check.mayMatch.add(
          file -> {
            ColumnBounds bounds = file.bounds(column);
            return bounds.nulls() != file.rows()
                && wanted.get().meets(apply(through, bounds.min()), apply(through, bounds.max()));
          });
      check.isWhole.add(
          file -> {
            ColumnBounds bounds = file.bounds(column);
            Optional<Object> min = apply(through, bounds.min());
            Optional<Object> max = apply(through, bounds.max());
            return bounds.nulls() == 0
                && min.isPresent()
                && max.isPresent()
                && wanted.get().covers(min.get(), max.get());
          });
    }
  }

  /** The function's value of a bound; unknown where it cannot be computed. */
  private static Optional<Object> apply(ColumnConstraint.Through through, Optional<Object> bound) {
    try {
      return bound.map(value -> inType(through.function().evaluate(value), through.type()));
    } catch (ArithmeticException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Object inType(Object value, LakeType type) {
    return value instanceof LocalDate date && type.kind().isTimestamp()
        ? date.atStartOfDay()
        : value;
  }

  private int position(String name) {
    for (int i = 0; i < definition.columns().size(); i++) {
      if (definition.columns().get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** A literal beyond what the expression can compute with leaves no file out. */
  private static Optional<Wanted> through(PartitionExpression expression, Wanted wanted) {
    try {
      return wanted.through(expression);
    } catch (ArithmeticException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private void addLevel(Check check, int level, Optional<Wanted> wanted) {
    wanted.ifPresent(
        values ->
            check.mayMatch.add(
                file -> file.partitionValue(level).map(values::admits).orElse(false)));
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
    boolean exact =
        lower.isPresent() == (range.lower() != null)
            && upper.isPresent() == (range.upper() != null);
    return Optional.of(
        new Interval(lower, range.lowerInclusive(), upper, range.upperInclusive(), exact));
  }

  /** The values that a constraint lets through, in the lake's Java form. */
  private sealed interface Wanted {
    boolean admits(Object value);

    /** Whether a value between the bounds may be let through; an empty bound is unknown. */
    boolean meets(Optional<Object> min, Optional<Object> max);

    /** Whether every value between the bounds is let through. */
    boolean covers(Object min, Object max);

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

    /** Bounds that a writer has cut are no values. */
    @Override
    public boolean covers(Object min, Object max) {
      boolean cut =
          min instanceof String text
              && text.getBytes(StandardCharsets.UTF_8).length >= RunVerification.CUT_TEXT_BYTES;
      return !cut && LakeValue.compare(min, max) == 0 && admits(min);
    }

    @Override
    public Optional<Wanted> through(PartitionExpression expression) {
      return Optional.of(new Values(values.stream().map(expression::evaluate).toList()));
    }
  }

  /**
   * A range.
   *
   * @param exact false if a bound was left out because it is no value of the column's type
   */
  private record Interval(
      Optional<Object> lower,
      boolean lowerInclusive,
      Optional<Object> upper,
      boolean upperInclusive,
      boolean exact)
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

    @Override
    public boolean covers(Object min, Object max) {
      return exact && admits(min) && admits(max);
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
              upperInclusive || upper.isEmpty() || !upperStartsPartition(expression),
              exact));
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
