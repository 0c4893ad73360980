package io.tidegate.adapter.store;

import java.util.Locale;
import java.util.function.Predicate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** What an operand of a call has to be for an entry of a {@link PushDownList} to hold. */
public enum Operand implements Predicate<RexNode> {
  ANY(node -> true),
  BOOLEAN(node -> node.getType().getSqlTypeName() == SqlTypeName.BOOLEAN),
  INTEGER(node -> isInteger(node.getType())),
  DECIMAL(node -> SqlTypeUtil.isDecimal(node.getType())),
  /** INTEGER or DECIMAL. */
  EXACT(node -> isInteger(node.getType()) || SqlTypeUtil.isDecimal(node.getType())),
  /** REAL, FLOAT or DOUBLE. */
  FLOATING(node -> isFloating(node.getType())),
  NUMBER(node -> isInteger(node.getType()) || DECIMAL.test(node) || isFloating(node.getType())),
  TEXT(node -> SqlTypeName.CHAR_TYPES.contains(node.getType().getSqlTypeName())),
  DATE(node -> node.getType().getSqlTypeName() == SqlTypeName.DATE),
  TIMESTAMP(node -> node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP),
  /** DATE or TIMESTAMP. */
  MOMENT(node -> DATE.test(node) || TIMESTAMP.test(node)),
  INTERVAL(node -> SqlTypeUtil.isInterval(node.getType())),
  /** A word such as DAY or LEADING. */
  WORD(node -> node instanceof RexLiteral literal && literal.getValue() instanceof Enum<?>),
  /** An integer literal other than 0 and -1, by which a division cannot fail. */
  SAFE_DIVISOR(
      node ->
          isInteger(node.getType())
              && node instanceof RexLiteral literal
              && !literal.isNull()
              && literal.getValueAs(Long.class) != 0
              && literal.getValueAs(Long.class) != -1),
  /** An integer literal of 1 or more. */
  POSITIVE(
      node ->
          isInteger(node.getType())
              && node instanceof RexLiteral literal
              && !literal.isNull()
              && literal.getValueAs(Long.class) > 0),
  /** An integer literal of 0 or more. */
  COUNT(
      node ->
          isInteger(node.getType())
              && node instanceof RexLiteral literal
              && !literal.isNull()
              && literal.getValueAs(Long.class) >= 0),
  /** A text literal. */
  TEXT_LITERAL(node -> TEXT.test(node) && node instanceof RexLiteral literal && !literal.isNull()),
  /** A text literal of one character. */
  CHARACTER(
      node ->
          TEXT_LITERAL.test(node)
              && ((RexLiteral) node).getValueAs(String.class).codePoints().count() == 1);

  private final Predicate<RexNode> test;

  Operand(Predicate<RexNode> test) {
    this.test = test;
  }

  @Override
  public boolean test(RexNode node) {
    return test.test(node);
  }

  /** The word for it in the documentation. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** TINYINT to BIGINT. */
  public static boolean isInteger(RelDataType type) {
    return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
  }

  /** REAL, FLOAT or DOUBLE. */
  public static boolean isFloating(RelDataType type) {
    return SqlTypeName.APPROX_TYPES.contains(type.getSqlTypeName());
  }
}
