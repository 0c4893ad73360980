package io.tidegate.adapter.duckdb;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import io.tidegate.adapter.lake.ColumnConstraint;
import io.tidegate.adapter.lake.LakeTableDefinition;
import io.tidegate.adapter.store.StatementContext;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.apache.calcite.util.TimestampString;

/**
 * Finds in a filter what rules out files: comparisons of a bare column with a constant. The filter
 * is applied to the rows all the same, so whatever is not understood here is left out.
 */
final class LakeConstraints {
  private LakeConstraints() {}

  static List<ColumnConstraint> of(
      RexNode condition, LakeTableDefinition definition, StatementContext statement) {
    List<ColumnConstraint> constraints = new ArrayList<>();
    if (condition != null) {
      for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
        add(constraints, conjunct, definition, statement);
      }
    }
    return constraints;
  }

  private static void add(
      List<ColumnConstraint> constraints,
      RexNode conjunct,
      LakeTableDefinition definition,
      StatementContext statement) {
    if (!(conjunct instanceof RexCall call) || call.getOperands().size() != 2) {
      return;
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (call.getKind() == SqlKind.SEARCH && left instanceof RexInputRef ref) {
      addSearch(constraints, column(ref, definition), (RexLiteral) right);
      return;
    }
    if (left instanceof RexInputRef ref) {
      addComparison(constraints, call.getKind(), column(ref, definition), value(right, statement));
    } else if (right instanceof RexInputRef ref) {
      addComparison(
          constraints, call.getKind().reverse(), column(ref, definition), value(left, statement));
    }
  }

  private static String column(RexInputRef ref, LakeTableDefinition definition) {
    return definition.columns().get(ref.getIndex()).name();
  }

  private static void addComparison(
      List<ColumnConstraint> constraints, SqlKind kind, String column, Object value) {
    if (value == null) {
      return;
    }
    switch (kind) {
      case EQUALS -> constraints.add(ColumnConstraint.equalTo(column, value));
      case LESS_THAN -> constraints.add(ColumnConstraint.lessThan(column, value));
      case LESS_THAN_OR_EQUAL -> constraints.add(ColumnConstraint.atMost(column, value));
      case GREATER_THAN -> constraints.add(ColumnConstraint.moreThan(column, value));
      case GREATER_THAN_OR_EQUAL -> constraints.add(ColumnConstraint.atLeast(column, value));
      default -> {
        // No other comparison rules out a file.
      }
    }
  }

  private static void addSearch(
      List<ColumnConstraint> constraints, String column, RexLiteral literal) {
    Sarg<?> sarg = literal.getValueAs(Sarg.class);
    if (sarg == null || sarg.nullAs == RexUnknownAs.TRUE) {
      return;
    }
    List<Object> points = new ArrayList<>();
    for (Range<?> range : sarg.rangeSet.asRanges()) {
      Object point = isPoint(range) ? javaValue(range.lowerEndpoint()) : null;
      if (point == null) {
        points.clear();
        break;
      }
      points.add(point);
    }
    if (!points.isEmpty()) {
      constraints.add(ColumnConstraint.oneOf(column, points));
      return;
    }
    Range<?> span = sarg.rangeSet.isEmpty() ? null : sarg.rangeSet.span();
    if (span != null) {
      Object lower = span.hasLowerBound() ? javaValue(span.lowerEndpoint()) : null;
      Object upper = span.hasUpperBound() ? javaValue(span.upperEndpoint()) : null;
      constraints.add(
          new ColumnConstraint.Range(
              column,
              lower,
              lower != null && span.lowerBoundType() == BoundType.CLOSED,
              upper,
              upper != null && span.upperBoundType() == BoundType.CLOSED));
    }
  }

  private static boolean isPoint(Range<?> range) {
    return range.hasLowerBound()
        && range.hasUpperBound()
        && range.lowerEndpoint().equals(range.upperEndpoint());
  }

  private static Object value(RexNode node, StatementContext statement) {
    if (node instanceof RexDynamicParam parameter && statement.isRunning()) {
      return value(statement.parameterLiteral(parameter), statement);
    }
    return node instanceof RexLiteral literal && !literal.isNull()
        ? javaValue(
            switch (literal.getType().getSqlTypeName()) {
              case DATE -> literal.getValueAs(DateString.class);
              case TIMESTAMP -> literal.getValueAs(TimestampString.class);
              case CHAR, VARCHAR -> literal.getValueAs(String.class);
              default -> literal.getValue();
            })
        : null;
  }

  private static Object javaValue(Object value) {
    if (value instanceof NlsString text) {
      return text.getValue();
    }
    if (value instanceof DateString date) {
      return LocalDate.parse(date.toString());
    }
    if (value instanceof TimestampString timestamp) {
      return LocalDateTime.parse(timestamp.toString().replace(' ', 'T'));
    }
    return value instanceof String || value instanceof BigDecimal || value instanceof Boolean
        ? value
        : null;
  }
}
