package io.tidegate.adapter.sql.parser;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * Calcite's DEFAULT conformance and two spellings more.
 *
 * <p>Not BABEL, which allows them too: it also lets ROLLUP keys become ANY_VALUE, and the total row
 * of a rollup then names some group instead of NULL.
 */
public final class TidegateConformance extends SqlDelegatingConformance {
  public static final TidegateConformance INSTANCE = new TidegateConformance();

  private TidegateConformance() {
    super(SqlConformanceEnum.DEFAULT);
  }

  /** {@code a != b} is {@code a <> b}: both engines and most people write it so. */
  @Override
  public boolean isBangEqualAllowed() {
    return true;
  }

  /** {@code a % b} is {@code MOD(a, b)}: both engines take it. */
  @Override
  public boolean isPercentRemainderAllowed() {
    return true;
  }
}
