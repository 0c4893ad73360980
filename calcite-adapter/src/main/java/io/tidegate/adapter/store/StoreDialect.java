package io.tidegate.adapter.store;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;

/**
 * How a store spells SQL: names, values and types here, operators and functions by the entries of
 * its {@link PushDownList}. Every method throws {@link NotSupported} for what the store cannot run
 * with Tidegate's meaning.
 */
public interface StoreDialect {

  /** What the store may be asked to run, and how that is spelled. */
  PushDownList pushDown();

  /** A quoted identifier. */
  String identifier(String name);

  /** A string literal. The only way a text enters the store's SQL. */
  String string(String text);

  /** The store's name of a type, as {@code CAST} takes it. */
  String type(RelDataType type);

  /** A literal of any type, typed so that the store sees exactly this value in this type. */
  String literal(RexLiteral literal);

  /**
   * A cast of an output column to the type that it must leave the store with. Unlike SQL's CAST it
   * never changes a value.
   */
  String carry(String operand, RelDataType type);

  /** Membership in a list of literals, NULL for a NULL operand. */
  String in(String operand, RelDataType type, List<String> values, boolean in);

  /** One ORDER BY item. Null order is always explicit. */
  String orderItem(String operand, RelDataType type, boolean descending, boolean nullsFirst);

  /**
   * A relation that comes from elsewhere, to stand in FROM, so that the store plans its joins for
   * about so many rows.
   */
  default String sized(String relation, int columns, double rows) {
    return relation;
  }
}
