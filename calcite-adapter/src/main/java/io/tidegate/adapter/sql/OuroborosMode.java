package io.tidegate.adapter.sql;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * Where a series of bars begins anew: the bar that forms at such a moment, UTC, is dropped and the
 * next tick opens another. What lies behind a boundary then does not depend on what lies before it.
 */
enum OuroborosMode {
  /** Nowhere: one continuous series. */
  NONE,
  /** At the beginning of each year. */
  YEAR,
  /** At the beginning of each month. */
  MONTH,
  /** On each Sunday. */
  WEEK;

  /**
   * The mode of a name, in any case.
   *
   * @throws IllegalArgumentException naming the modes
   */
  static OuroborosMode of(String name) {
    for (OuroborosMode mode : values()) {
      if (mode.name().equalsIgnoreCase(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "ouroboros_mode must be none, year, month or week, but was '" + name + "'");
  }

  /** The name that tables hold. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The first day of the period that a day is in. */
  LocalDate periodOf(LocalDate day) {
    return switch (this) {
      case NONE -> LocalDate.MIN;
      case YEAR -> day.withDayOfYear(1);
      case MONTH -> day.withDayOfMonth(1);
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
    };
  }

  /** The first day behind a day's month, or before that, at which a step must end. */
  LocalDate stepEnd(LocalDate day) {
    LocalDate month = day.withDayOfMonth(1).plusMonths(1);
    LocalDate week = day.with(TemporalAdjusters.next(DayOfWeek.SUNDAY));
    return this == WEEK && week.isBefore(month) ? week : month;
  }
}
