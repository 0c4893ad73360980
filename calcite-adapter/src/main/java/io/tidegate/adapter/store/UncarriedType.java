package io.tidegate.adapter.store;

import static java.util.Objects.requireNonNull;

import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The type of a column that is listed but cannot be used: no SQL type carries its values exactly.
 * Its text is the store's own name of the type.
 */
public final class UncarriedType extends AbstractSqlType {
  private final String column;
  private final String storeType;
  private final String reason;

  /**
   * Creates the type of one column.
   *
   * @param reason what SQL has no counterpart of, as the end of a sentence on the type
   */
  UncarriedType(String column, String storeType, String reason) {
    super(SqlTypeName.OTHER, true, null);
    this.column = requireNonNull(column, "column");
    this.storeType = requireNonNull(storeType, "storeType");
    this.reason = requireNonNull(reason, "reason");
    computeDigest();
  }

  /** Why a statement cannot use the column, and what it can do instead. */
  public String refusal() {
    return "Column '"
        + column
        + "' is "
        + storeType
        + ", which "
        + reason
        + ": name the other columns, or convert it in the engine's own SQL with native_query";
  }

  @Override
  protected void generateTypeString(StringBuilder text, boolean withDetail) {
    text.append(storeType);
  }
}
