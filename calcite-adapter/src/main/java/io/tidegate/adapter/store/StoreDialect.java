package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexOver;

/**
 * How a store spells SQL. What a dialect does not spell, the store is not asked to run: every
 * method throws {@link NotSupported} for a construct that the store cannot run with Tidegate's
 * meaning, so the dialect is the list of what may be pushed down.
 */
public interface StoreDialect {

  /** A quoted identifier. */
  String identifier(String name);

  /** A string literal. The only way a text enters the store's SQL. */
  String string(String text);

  /** The store's name of a type, as {@code CAST} takes it. */
  String type(RelDataType type);

  /** A literal of any type, typed so that the store sees exactly this value in this type. */
  String literal(RexLiteral literal);

  /** A cast with Tidegate's meaning. */
  String cast(String operand, RelDataType from, RelDataType to);

  /**
   * A cast of an output column to the type that it must leave the store with. Unlike {@link #cast}
   * it never changes a value.
   */
  String carry(String operand, RelDataType type);

  /** A call of an operator or function over operands that are already printed. */
  String call(RexCall call, List<String> operands);

  /** A column of the outer row inside of a lateral join, which not every engine has. */
  String outer(String column);

  /** A field of a ROW by its position, from 0. */
  String field(String row, int position);

  /** Membership in a list of literals, NULL for a NULL operand. */
  String in(String operand, RelDataType type, List<String> values, boolean in);

  /**
   * An aggregate call.
   *
   * @param order the ORDER BY items of WITHIN GROUP; mostly none
   * @param filter null or a printed condition
   */
  String aggregate(
      AggregateCall call,
      List<String> operands,
      List<RelDataType> operandTypes,
      List<String> order,
      String filter);

  /** A window call; {@code window} is its printed OVER clause. */
  String windowFunction(RexOver over, List<String> operands, String window);

  /** The words of a join with a condition, as {@code LEFT JOIN}. */
  String join(JoinRelType joinType);

  /** One ORDER BY item. Null order is always explicit. */
  String orderItem(String operand, RelDataType type, boolean descending, boolean nullsFirst);
}
