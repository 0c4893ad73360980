package io.tidegate.adapter.duckdb;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import io.tidegate.adapter.lake.ColumnConstraint;
import io.tidegate.adapter.lake.LakeException;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.lake.LakeType;
import io.tidegate.adapter.lake.PartitionExpression;
import io.tidegate.adapter.store.StatementContext;
import io.tidegate.adapter.store.StoreFunctions;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.apache.calcite.util.TimestampString;

/**
 * Finds in a filter what rules out files: comparisons of a column, or of a function of a column
 * that tables are partitioned by, with a constant, combined by AND and OR. The filter is applied to
 * the rows all the same, so whatever is not understood here may be left out.
 *
 * @param constraints what was understood; all of them hold in every row that passes
 * @param complete whether they say all that the filter says
 */
record LakeConstraints(List<ColumnConstraint> constraints, boolean complete) {

  /** Integers of so many bits, and powers of ten up to that one, are exact as DOUBLE. */
  private static final int EXACT_BITS = 53;

  private static final int EXACT_POWER_OF_TEN = 22;

  LakeConstraints {
    constraints = List.copyOf(constraints);
  }

  static LakeConstraints of(
      RexNode condition, LakeTableDefinition definition, StatementContext statement) {
    return condition == null
        ? new LakeConstraints(List.of(), true)
        : new Reader(definition, statement).read(condition);
  }

  private record Reader(LakeTableDefinition definition, StatementContext statement) {

    LakeConstraints read(RexNode condition) {
      List<ColumnConstraint> constraints = new ArrayList<>();
      boolean complete = true;
      for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
        List<ColumnConstraint> understood = conjunct(conjunct);
        constraints.addAll(understood);
        complete &= !understood.isEmpty();
        if (conjunct.isA(SqlKind.OR)) {
          complete &= ((RexCall) conjunct).getOperands().stream().allMatch(o -> read(o).complete());
        }
      }
      return new LakeConstraints(constraints, complete);
    }

    /** The constraint that says the same; for an OR, at most as much. Empty if there is none. */
    private List<ColumnConstraint> conjunct(RexNode node) {
      if (node instanceof RexInputRef flag) {
        return List.of(ColumnConstraint.equalTo(column(flag), true));
      }
      if (!(node instanceof RexCall call)) {
        return List.of();
      }
      RexNode first = call.getOperands().isEmpty() ? null : call.getOperands().get(0);
      switch (call.getKind()) {
        case NOT:
          return first instanceof RexInputRef flag
              ? List.of(ColumnConstraint.equalTo(column(flag), false))
              : List.of();
        case IS_NULL, IS_NOT_NULL:
          return first instanceof RexInputRef ref
              ? List.of(
                  new ColumnConstraint.Nullness(column(ref), call.getKind() == SqlKind.IS_NULL))
              : List.of();
        case OR:
          return anyOf(call);
        case SEARCH:
          return constrained(first).flatMap(operand -> search(operand, call)).stream().toList();
        case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL:
          RexNode second = call.getOperands().get(1);
          Optional<Operand> left = constrained(first);
          Optional<Operand> right = constrained(second);
          return left.isPresent()
              ? left.flatMap(o -> comparison(call.getKind(), o, value(second))).stream().toList()
              : right.flatMap(o -> comparison(call.getKind().reverse(), o, value(first))).stream()
                  .toList();
        default:
          return List.of();
      }
    }

    private List<ColumnConstraint> anyOf(RexCall or) {
      List<List<ColumnConstraint>> alternatives = new ArrayList<>();
      for (RexNode alternative : or.getOperands()) {
        List<ColumnConstraint> understood = read(alternative).constraints();
        if (understood.isEmpty()) {
          return List.of();
        }
        alternatives.add(understood);
      }
      return List.of(new ColumnConstraint.AnyOf(alternatives));
    }

    /** A column, or a function of one; the type is that of the value as SQL sees it. */
    private record Operand(String column, PartitionExpression function, LakeType type) {
      ColumnConstraint constraint(ColumnConstraint onValue) {
        return function == null ? onValue : new ColumnConstraint.Through(function, type, onValue);
      }
    }

    private Optional<Operand> constrained(RexNode node) {
      if (node instanceof RexInputRef ref) {
        return Optional.of(new Operand(column(ref), null, null));
      }
      if (!(node instanceof RexCall call)
          || call.getOperands().isEmpty()
          || !(call.getOperands().get(0) instanceof RexInputRef ref)) {
        return Optional.empty();
      }
      String column = column(ref);
      LakeType type = definition.columns().get(ref.getIndex()).type();
      PartitionExpression function = function(call, column);
      try {
        if (function == null) {
          return Optional.empty();
        }
        // Refuses a type that the function does not take.
        LakeType value = function.valueType(type);
        return Optional.of(
            new Operand(
                column,
                function,
                call.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
                    ? LakeType.parse("TIMESTAMP(6)")
                    : value));
      } catch (LakeException e) {
        return Optional.empty();
      }
    }

    private static PartitionExpression function(RexCall call, String column) {
      if (call.getOperator() == StoreFunctions.MINT_BUCKET) {
        return PartitionExpression.mintBucket(column);
      }
      RelDataType from = call.getOperands().get(0).getType();
      if (call.getOperator() == StoreFunctions.FLOOR_TO_INTERVAL) {
        return call.getOperands().get(1) instanceof RexLiteral seconds && !seconds.isNull()
            ? PartitionExpression.floorToInterval(column, seconds.getValueAs(Long.class))
            : null;
      }
      if (call.isA(SqlKind.CAST)
          && call.getType().getSqlTypeName() == SqlTypeName.DATE
          && from.getSqlTypeName() == SqlTypeName.TIMESTAMP) {
        return PartitionExpression.floor(column, PartitionExpression.FloorUnit.DAY);
      }
      if (call.isA(SqlKind.FLOOR) && call.getOperands().size() == 2) {
        TimeUnitRange unit =
            ((RexLiteral) call.getOperands().get(1)).getValueAs(TimeUnitRange.class);
        for (PartitionExpression.FloorUnit known : PartitionExpression.FloorUnit.values()) {
          if (known.name().equals(unit.name())) {
            return PartitionExpression.floor(column, known);
          }
        }
      }
      return null;
    }

    private String column(RexInputRef ref) {
      return definition.columns().get(ref.getIndex()).name();
    }

    private static Optional<ColumnConstraint> comparison(
        SqlKind kind, Operand operand, Object value) {
      if (value == null) {
        return Optional.empty();
      }
      String column = operand.column();
      return Optional.of(
          operand.constraint(
              switch (kind) {
                case EQUALS -> ColumnConstraint.equalTo(column, value);
                case LESS_THAN -> ColumnConstraint.lessThan(column, value);
                case LESS_THAN_OR_EQUAL -> ColumnConstraint.atMost(column, value);
                case GREATER_THAN -> ColumnConstraint.moreThan(column, value);
                case GREATER_THAN_OR_EQUAL -> ColumnConstraint.atLeast(column, value);
                default -> throw new IllegalStateException(kind.name());
              }));
    }

    /** Points become a list, anything else the ranges it consists of. */
    private static Optional<ColumnConstraint> search(Operand operand, RexCall call) {
      RexLiteral literal = (RexLiteral) call.getOperands().get(1);
      Sarg<?> sarg = literal.getValueAs(Sarg.class);
      if (sarg == null || sarg.nullAs == RexUnknownAs.TRUE || sarg.rangeSet.isEmpty()) {
        return Optional.empty();
      }
      List<Object> points = new ArrayList<>();
      List<List<ColumnConstraint>> ranges = new ArrayList<>();
      for (Range<?> range : sarg.rangeSet.asRanges()) {
        Object lower =
            range.hasLowerBound() ? javaValue(range.lowerEndpoint(), literal.getType()) : null;
        Object upper =
            range.hasUpperBound() ? javaValue(range.upperEndpoint(), literal.getType()) : null;
        if (range.hasLowerBound() && lower == null || range.hasUpperBound() && upper == null) {
          return Optional.empty();
        }
        if (lower != null && lower.equals(upper)) {
          points.add(lower);
        } else {
          ranges.add(
              List.of(
                  operand.constraint(
                      new ColumnConstraint.Range(
                          operand.column(),
                          lower,
                          lower != null && range.lowerBoundType() == BoundType.CLOSED,
                          upper,
                          upper != null && range.upperBoundType() == BoundType.CLOSED))));
        }
      }
      if (!points.isEmpty()) {
        ranges.add(List.of(operand.constraint(ColumnConstraint.oneOf(operand.column(), points))));
      }
      return Optional.of(
          ranges.size() == 1 ? ranges.get(0).get(0) : new ColumnConstraint.AnyOf(ranges));
    }

    private Object value(RexNode node) {
      if (node instanceof RexDynamicParam parameter && statement.isRunning()) {
        return value(statement.parameterLiteral(parameter));
      }
      if (node.isA(SqlKind.CAST)
          && SqlTypeUtil.isApproximateNumeric(node.getType())
          && value(((RexCall) node).getOperands().get(0)) instanceof BigDecimal number) {
        return exactDouble(number);
      }
      if (!(node instanceof RexLiteral literal) || literal.isNull()) {
        return null;
      }
      Object value =
          switch (literal.getType().getSqlTypeName()) {
            case DATE -> literal.getValueAs(DateString.class);
            case TIMESTAMP -> literal.getValueAs(TimestampString.class);
            case CHAR, VARCHAR -> literal.getValueAs(String.class);
            default -> literal.getValue();
          };
      return javaValue(value, literal.getType());
    }

    /** The number that every engine makes of a decimal; null where one may round otherwise. */
    private static Double exactDouble(BigDecimal number) {
      return number.unscaledValue().bitLength() <= EXACT_BITS
              && number.scale() >= 0
              && number.scale() <= EXACT_POWER_OF_TEN
          ? (Double) number.doubleValue()
          : null;
    }

    private static Object javaValue(Object value, RelDataType type) {
      if (value instanceof Number number) {
        return switch (type.getSqlTypeName()) {
          case REAL, FLOAT, DOUBLE -> number.doubleValue();
          default -> number instanceof BigDecimal ? number : null;
        };
      }
      if (value instanceof NlsString text) {
        return text.getValue();
      }
      if (value instanceof DateString date) {
        return LocalDate.parse(date.toString());
      }
      if (value instanceof TimestampString timestamp) {
        return LocalDateTime.parse(timestamp.toString().replace(' ', 'T'));
      }
      return value instanceof String || value instanceof Boolean ? value : null;
    }
  }
}
