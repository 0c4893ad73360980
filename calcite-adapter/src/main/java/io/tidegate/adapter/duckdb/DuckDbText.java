package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.CHARACTER;
import static io.tidegate.adapter.store.Operand.COUNT;
import static io.tidegate.adapter.store.Operand.INTEGER;
import static io.tidegate.adapter.store.Operand.POSITIVE;
import static io.tidegate.adapter.store.Operand.TEXT;
import static io.tidegate.adapter.store.Operand.WORD;

import io.tidegate.adapter.store.LikePattern;
import io.tidegate.adapter.store.PushDownList;
import java.util.List;

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
        .operator(
            "LIKE",
            "text, pattern literal, escape literal",
            "({0} LIKE pattern ESCAPE '\\')",
            call -> TEXT.test(call.getOperands().get(0)) && LikePattern.isConstant(call),
            (call, operands) ->
                "("
                    + operands.get(0)
                    + " LIKE "
                    + dialect.string(LikePattern.escapedByBackslash(call))
                    + " ESCAPE '\\')")
        .operator("LIKE", "({0} LIKE {1})", TEXT, TEXT)
        .operator("LIKE", "({0} LIKE {1} ESCAPE {2})", TEXT, TEXT, TEXT);
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
}
