package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A column of a store's relation.
 *
 * @param type its SQL type; empty if no SQL type carries its values exactly
 * @param storeType the store's own name of its type
 * @param expression how the store's SQL names its value in the carried type, given a qualified
 *     reference in place of {@code %s}
 * @param hasDefault whether an INSERT may leave it out though it takes no NULL
 */
public record StoreColumn(
    String name,
    Optional<RelDataType> type,
    String storeType,
    String expression,
    boolean hasDefault) {
  public StoreColumn {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(storeType, "storeType");
    requireNonNull(expression, "expression");
  }

  /** A column whose value needs no conversion. */
  public static StoreColumn plain(String name, Optional<RelDataType> type, String storeType) {
    return new StoreColumn(name, type, storeType, "%s", false);
  }

  boolean isPlain() {
    return expression.equals("%s");
  }
}
