package io.tidegate.adapter.lake;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;

/**
 * A condition that every row of a statement's result meets, used to leave files out.
 *
 * <p>The column may be one of the table, a directory key or {@code run_id}. Values are those of
 * {@link LakeType}'s Java forms: integers of any width or BigDecimal, Double, String, Boolean,
 * LocalDate, LocalTime, LocalDateTime or Instant (UTC). A value that cannot be one of the column's
 * leaves no file out: a constraint may only save work. NULL meets no constraint but {@link
 * Nullness}, as in WHERE.
 */
public sealed interface ColumnConstraint {

  /** {@code column IN (values)}, and {@code =} with one value. */
  record OneOf(String column, List<Object> values) implements ColumnConstraint {
    public OneOf {
      requireNonNull(column, "column");
      values = List.copyOf(values);
    }
  }

  /** A range; a null bound is no bound. */
  record Range(
      String column, Object lower, boolean lowerInclusive, Object upper, boolean upperInclusive)
      implements ColumnConstraint {
    public Range {
      requireNonNull(column, "column");
    }
  }

  /** {@code column IS NULL} or {@code IS NOT NULL}. */
  record Nullness(String column, boolean isNull) implements ColumnConstraint {
    public Nullness {
      requireNonNull(column, "column");
    }
  }

  /**
   * A constraint on what a function of a column gives.
   *
   * @param function the function of {@code constraint}'s column, whose own key does not count
   * @param type the type of its value as SQL sees it: FLOOR of a TIMESTAMP is one, though a
   *     directory named after it is a DATE
   * @param constraint on the function's value; a {@link OneOf} or a {@link Range}
   */
  record Through(PartitionExpression function, LakeType type, ColumnConstraint constraint)
      implements ColumnConstraint {
    public Through {
      requireNonNull(function, "function");
      requireNonNull(type, "type");
      requireNonNull(constraint, "constraint");
    }
  }

  /** At least one of these alternatives holds, each of which is met if all in it are. */
  record AnyOf(List<List<ColumnConstraint>> alternatives) implements ColumnConstraint {
    public AnyOf {
      alternatives = alternatives.stream().map(List::copyOf).toList();
    }
  }

  static ColumnConstraint equalTo(String column, Object value) {
    return new OneOf(column, List.of(value));
  }

  static ColumnConstraint oneOf(String column, Collection<?> values) {
    return new OneOf(column, List.copyOf(values));
  }

  static ColumnConstraint atLeast(String column, Object lower) {
    return new Range(column, lower, true, null, false);
  }

  static ColumnConstraint moreThan(String column, Object lower) {
    return new Range(column, lower, false, null, false);
  }

  static ColumnConstraint atMost(String column, Object upper) {
    return new Range(column, null, false, upper, true);
  }

  static ColumnConstraint lessThan(String column, Object upper) {
    return new Range(column, null, false, upper, false);
  }
}
