package io.tidegate.adapter.store;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * A scalar function over market data: one SQL name, one meaning, and its spelling in each engine.
 * The kernel in {@code io.tidegate.functions} is the meaning; a test holds the spellings against
 * it.
 */
public final class MarketFunction extends SqlFunction {

  /** Spells the call in an engine's SQL. The operands are printed and safe to repeat. */
  @FunctionalInterface
  public interface Spelling {
    String spell(List<String> operands);
  }

  private final Spelling duckDb;
  private final Spelling clickHouse;

  public MarketFunction(
      String name,
      SqlReturnTypeInference returns,
      SqlOperandTypeChecker operands,
      Spelling duckDb,
      Spelling clickHouse) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        returns,
        null,
        operands,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.duckDb = duckDb;
    this.clickHouse = clickHouse;
  }

  public String duckDb(List<String> operands) {
    return duckDb.spell(operands);
  }

  public String clickHouse(List<String> operands) {
    return clickHouse.spell(operands);
  }
}
