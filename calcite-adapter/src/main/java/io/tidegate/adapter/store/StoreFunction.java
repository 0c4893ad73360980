package io.tidegate.adapter.store;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * A scalar function of Tidegate's own: one SQL name, one meaning, and a spelling in each engine.
 */
public final class StoreFunction extends SqlFunction {

  /** Spells the call in an engine's SQL. The operands are printed and safe to repeat. */
  @FunctionalInterface
  public interface Spelling {
    /**
     * Spells a call.
     *
     * @throws NotSupported if the engine has no spelling
     */
    String spell(List<String> operands);
  }

  private final Spelling duckDb;
  private final Spelling clickHouse;

  StoreFunction(
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
