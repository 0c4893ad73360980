package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.CHARACTER;
import static io.tidegate.adapter.store.Operand.COUNT;
import static io.tidegate.adapter.store.Operand.INTEGER;
import static io.tidegate.adapter.store.Operand.POSITIVE;
import static io.tidegate.adapter.store.Operand.TEXT;
import static io.tidegate.adapter.store.Operand.WORD;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.PushDownList;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/** Texts. DuckDB counts characters; a start before the first one counts from the end to it. */
final class DuckDbText {
  private DuckDbText() {}

  static void add(PushDownList.Builder list, DuckDbDialect dialect) {
    list.provenBy("text/concat")
        .operator("||", "any, any", "({0} || {1})", call -> true, DuckDbPushDown.infix("||"))
        .provenBy("text/case")
        .operator("UPPER", "upper({0})", TEXT)
        .operator("LOWER", "lower({0})", TEXT)
        .provenBy("text/length")
        .operator(
            "CHAR_LENGTH",
            "length({0})",
            (call, operands) -> dialect.carry("length(" + operands.get(0) + ")", call.getType()),
            TEXT)
        .provenBy("text/substring")
        .operator("SUBSTRING", "substring({0}, {1})", TEXT, POSITIVE)
        .operator("SUBSTRING", "substring({0}, {1}, {2})", TEXT, POSITIVE, COUNT)
        .operator(
            "SUBSTRING", "substring({0}, CASE WHEN {1} < 1 THEN 1 ELSE {1} END)", TEXT, INTEGER)
        .operator(
            "SUBSTRING",
            "substring({0}, {1}, {2}) of the part inside the text",
            (call, operands) -> substring(operands),
            TEXT,
            INTEGER,
            INTEGER)
        .provenBy("text/trim")
        .operator(
            "TRIM", "trim({2}, {1})", (call, operands) -> trim(operands), WORD, CHARACTER, TEXT)
        .operator("TRIM", "trim({2}, {1})", (call, operands) -> trim(operands), WORD, TEXT, TEXT)
        .provenBy("text/position")
        .operator(
            "POSITION",
            "position({0} IN {1})",
            (call, operands) ->
                dialect.carry(
                    "position(" + operands.get(0) + " IN " + operands.get(1) + ")", call.getType()),
            TEXT,
            TEXT)
        .provenBy("text/replace")
        .operator("REPLACE", "replace({0}, {1}, {2})", TEXT, TEXT, TEXT)
        .provenBy("text/like")
        .operator("LIKE", "({0} LIKE {1})", TEXT, TEXT)
        .operator("LIKE", "({0} LIKE {1} ESCAPE {2})", DuckDbText::like, TEXT, TEXT, TEXT);
  }

  private static String trim(List<String> operands) {
    String function =
        switch (operands.get(0)) {
          case "LEADING" -> "ltrim";
          case "TRAILING" -> "rtrim";
          default -> "trim";
        };
    return function + "(" + operands.get(2) + ", " + operands.get(1) + ")";
  }

  private static String substring(List<String> operands) {
    String start = operands.get(1);
    String length = operands.get(2);
    return "substring("
        + operands.get(0)
        + ", CASE WHEN "
        + start
        + " < 1 THEN 1 ELSE "
        + start
        + " END, CASE WHEN "
        + length
        + " < 0 THEN error('SUBSTRING: length must be 0 or more') WHEN "
        + start
        + " >= 1 OR "
        + length
        + " IS NULL THEN "
        + length
        + " ELSE greatest(CAST("
        + start
        + " AS BIGINT) + "
        + length
        + " - 1, 0) END)";
  }

  private static String like(RexCall call, List<String> operands) {
    RexNode pattern = call.getOperands().get(1);
    RexNode escape = call.getOperands().get(2);
    if (pattern instanceof RexLiteral text
        && !text.isNull()
        && escape instanceof RexLiteral character
        && !character.isNull()) {
      check(text.getValueAs(String.class), character.getValueAs(String.class));
    }
    return "(" + operands.get(0) + " LIKE " + operands.get(1) + " ESCAPE " + operands.get(2) + ")";
  }

  /** DuckDB takes an escape character before any character, and none where it is empty. */
  private static void check(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) != 1) {
      throw invalid("LIKE: ESCAPE must be one character but was '" + escape + "'", "22019");
    }
    for (int at = pattern.indexOf(escape); at >= 0; ) {
      int next = at + escape.length();
      if (!pattern.startsWith("%", next)
          && !pattern.startsWith("_", next)
          && !pattern.startsWith(escape, next)) {
        throw invalid(
            "LIKE: '" + escape + "' must stand before %, _ or itself in '" + pattern + "'",
            "22025");
      }
      at =
          pattern.indexOf(escape, pattern.startsWith(escape, next) ? next + escape.length() : next);
    }
  }

  private static RuntimeException invalid(String message, String state) {
    return SqlFailure.unchecked(new SQLException(message, state));
  }
}
