package io.tidegate.adapter.clickhouse;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A UInt64 column beside literals of its range: compared as it is stored. It is a DECIMAL(20, 0) to
 * SQL, and through the cast to that ClickHouse does not see its primary key; through the casts of
 * all other types it does.
 */
final class BareUnsigned {
  private static final BigInteger LARGEST = new BigInteger("18446744073709551615");

  private static final String NAME = "`(?:[^`\\\\]|\\\\.)*`";

  /** How {@link ClickHouseTypes} reads such a column; nothing else casts with a comma. */
  private static final Pattern COLUMN =
      Pattern.compile(
          "CAST\\((%s\\.%s), '(?:Decimal\\(20, 0\\)|Nullable\\(Decimal\\(20, 0\\)\\))'\\)"
              .formatted(NAME, NAME));

  /** How {@link ClickHouseDialect#literal} writes a DECIMAL(20, 0). */
  private static final Pattern LITERAL =
      Pattern.compile("CAST\\('(\\d{1,20})' AS Decimal\\(20, 0\\)\\)");

  private BareUnsigned() {}

  /** Operands, one such column and else literals, without their casts; others as they are. */
  static List<String> of(List<String> operands) {
    List<String> bare = new ArrayList<>();
    boolean hasColumn = false;
    for (String operand : operands) {
      Matcher column = COLUMN.matcher(operand);
      Matcher literal = LITERAL.matcher(operand);
      if (!hasColumn && column.matches()) {
        hasColumn = true;
        bare.add(column.group(1));
      } else if (literal.matches() && new BigInteger(literal.group(1)).compareTo(LARGEST) <= 0) {
        bare.add("toUInt64(" + literal.group(1) + ")");
      } else {
        return operands;
      }
    }
    return hasColumn ? bare : operands;
  }
}
