package io.tidegate.adapter.sql;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * Computes what is exact: sums, differences and products of whole and decimal literals, and dates
 * and times moved by an interval. A store that cannot be asked for the arithmetic then still gets
 * the filter, and the lake's files are pruned by it.
 *
 * <p>Calcite's own reducer cuts times to milliseconds, so it is not used. What does not fit into
 * its type is left to the engine, which says so.
 */
final class ConstantFolding extends RexShuttle {
  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;

  private final RexBuilder rexBuilder;

  private ConstantFolding(RexBuilder rexBuilder) {
    this.rexBuilder = rexBuilder;
  }

  /** The plan with literals where it had constant expressions; it has no sub-queries. */
  static RelNode fold(RelNode plan) {
    ConstantFolding folding = new ConstantFolding(plan.getCluster().getRexBuilder());
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(folding);
          }
        });
  }

  @Override
  public RexNode visitCall(RexCall unfolded) {
    RexNode node = super.visitCall(unfolded);
    if (!(node instanceof RexCall call)
        || call.getOperands().size() != 2
        || !(call.getOperands().get(0) instanceof RexLiteral left)
        || !(call.getOperands().get(1) instanceof RexLiteral right)
        || left.isNull()
        || right.isNull()) {
      return node;
    }
    Optional<RexNode> folded =
        SqlTypeUtil.isInterval(right.getType())
            ? moved(call, left, right.getType(), right.getValueAs(BigDecimal.class))
            : computed(call, left, right);
    return folded.orElse(call);
  }

  private Optional<RexNode> computed(RexCall call, RexLiteral left, RexLiteral right) {
    if (!SqlTypeUtil.isExactNumeric(call.getType())
        || !SqlTypeUtil.isExactNumeric(left.getType())
        || !SqlTypeUtil.isExactNumeric(right.getType())) {
      return Optional.empty();
    }
    BigDecimal a = left.getValueAs(BigDecimal.class);
    BigDecimal b = right.getValueAs(BigDecimal.class);
    return switch (call.getKind()) {
      case PLUS, CHECKED_PLUS -> exact(a.add(b), call.getType());
      case MINUS, CHECKED_MINUS -> exact(a.subtract(b), call.getType());
      case TIMES, CHECKED_TIMES -> exact(a.multiply(b), call.getType());
      default -> Optional.empty();
    };
  }

  private Optional<RexNode> exact(BigDecimal value, RelDataType type) {
    boolean fits =
        switch (type.getSqlTypeName()) {
          case TINYINT -> isWithin(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
          case SMALLINT -> isWithin(value, Short.MIN_VALUE, Short.MAX_VALUE);
          case INTEGER -> isWithin(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case BIGINT -> isWithin(value, Long.MIN_VALUE, Long.MAX_VALUE);
          case DECIMAL ->
              value.stripTrailingZeros().scale() <= type.getScale()
                  && value.precision() - value.scale() <= type.getPrecision() - type.getScale();
          default -> false;
        };
    return fits ? Optional.of(rexBuilder.makeExactLiteral(value, type)) : Optional.empty();
  }

  private static boolean isWithin(BigDecimal value, long least, long greatest) {
    return value.compareTo(BigDecimal.valueOf(least)) >= 0
        && value.compareTo(BigDecimal.valueOf(greatest)) <= 0;
  }

  /** A date or time plus or minus an interval, which counts months or milliseconds. */
  private Optional<RexNode> moved(
      RexCall call, RexLiteral from, RelDataType interval, BigDecimal count) {
    if (!call.getType().equals(from.getType())) {
      return Optional.empty();
    }
    long by;
    switch (call.getKind()) {
      case PLUS:
        by = count.longValueExact();
        break;
      case MINUS:
        by = -count.longValueExact();
        break;
      default:
        return Optional.empty();
    }
    boolean months = interval.getSqlTypeName().isYearMonth();
    try {
      return switch (from.getType().getSqlTypeName()) {
        case DATE -> date(from, months, by);
        case TIMESTAMP -> timestamp(from, months, by);
        default -> Optional.empty();
      };
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private Optional<RexNode> date(RexLiteral from, boolean months, long by) {
    long day = ChronoUnit.DAYS.getDuration().toMillis();
    if (!months && by % day != 0) {
      return Optional.empty();
    }
    LocalDate date = LocalDate.parse(from.getValueAs(DateString.class).toString());
    LocalDate moved = months ? date.plusMonths(by) : date.plusDays(by / day);
    return isYear(moved.getYear())
        ? Optional.of(rexBuilder.makeDateLiteral(new DateString(moved.toString())))
        : Optional.empty();
  }

  private Optional<RexNode> timestamp(RexLiteral from, boolean months, long by) {
    int precision = from.getType().getPrecision();
    if (!months && by % 1000 != 0 && precision < 3) {
      return Optional.empty();
    }
    String text = from.getValueAs(TimestampString.class).toString();
    LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
    LocalDateTime moved = months ? time.plusMonths(by) : time.plus(by, ChronoUnit.MILLIS);
    if (!isYear(moved.getYear())) {
      return Optional.empty();
    }
    TimestampString string =
        new TimestampString(
                moved.getYear(),
                moved.getMonthValue(),
                moved.getDayOfMonth(),
                moved.getHour(),
                moved.getMinute(),
                moved.getSecond())
            .withNanos(moved.getNano());
    return Optional.of(rexBuilder.makeTimestampLiteral(string, precision));
  }

  private static boolean isYear(int year) {
    return year >= FIRST_YEAR && year <= LAST_YEAR;
  }
}
