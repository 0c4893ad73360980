package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.function.UnaryOperator;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A column of a store's relation.
 *
 * @param type its SQL type; an {@link UncarriedType} if no SQL type carries its values exactly
 * @param storeType the store's own name of its type
 * @param expression how the store's SQL names its value in the carried type, given a qualified
 *     reference
 * @param hasDefault whether an INSERT may leave it out though it takes no NULL
 */
public record StoreColumn(
    String name,
    RelDataType type,
    String storeType,
    UnaryOperator<String> expression,
    boolean hasDefault) {
  /** The expression of a column whose value needs no conversion. */
  public static final UnaryOperator<String> PLAIN = UnaryOperator.identity();

  public StoreColumn {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(storeType, "storeType");
    requireNonNull(expression, "expression");
  }

  /** A column whose value needs no conversion. */
  public static StoreColumn plain(String name, RelDataType type, String storeType) {
    return new StoreColumn(name, type, storeType, PLAIN, false);
  }

  /**
   * A column that is listed and refused where it is used.
   *
   * @param reason why, as the end of the sentence "it is of a type, which ..."
   */
  public static StoreColumn uncarried(String name, String storeType, String reason) {
    return plain(name, new UncarriedType(name, storeType, reason), storeType);
  }

  boolean isPlain() {
    return expression == PLAIN;
  }
}
