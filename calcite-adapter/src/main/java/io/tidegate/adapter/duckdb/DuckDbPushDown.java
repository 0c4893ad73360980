package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.ANY;
import static io.tidegate.adapter.store.Operand.BOOLEAN;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreFunction;
import io.tidegate.adapter.store.StoreFunctions;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;

/**
 * What DuckDB runs, which is all that Tidegate can run: logic, comparisons and nested values here,
 * the rest in {@link DuckDbArithmetic}, {@link DuckDbText}, {@link DuckDbTime}, {@link DuckDbCast},
 * {@link DuckDbAggregates}, {@link DuckDbWindows} and {@link DuckDbOperators}.
 */
final class DuckDbPushDown {
  private DuckDbPushDown() {}

  /** The list, spelled by a dialect. */
  static PushDownList list(DuckDbDialect dialect) {
    PushDownList.Builder list = new PushDownList.Builder();
    logic(list);
    comparisons(list);
    DuckDbArithmetic.add(list, dialect);
    DuckDbCast.add(list, dialect);
    DuckDbText.add(list, dialect);
    DuckDbTime.add(list, dialect);
    nested(list, dialect);
    market(list);
    DuckDbAggregates.add(list, dialect);
    DuckDbWindows.add(list);
    DuckDbOperators.add(list);
    return list.build();
  }

  private static void logic(PushDownList.Builder list) {
    list.provenBy("filter/logic")
        .operator("AND", "boolean, ...", "({0} AND {1})", call -> true, infix("AND"))
        .operator("OR", "boolean, ...", "({0} OR {1})", call -> true, infix("OR"))
        .operator("NOT", "(NOT {0})", BOOLEAN)
        .operator("IS TRUE", "({0} IS NOT DISTINCT FROM TRUE)", BOOLEAN)
        .operator("IS NOT TRUE", "({0} IS DISTINCT FROM TRUE)", BOOLEAN)
        .operator("IS FALSE", "({0} IS NOT DISTINCT FROM FALSE)", BOOLEAN)
        .operator("IS NOT FALSE", "({0} IS DISTINCT FROM FALSE)", BOOLEAN)
        .provenBy("filter/null")
        .operator("IS NULL", "({0} IS NULL)", ANY)
        .operator("IS NOT NULL", "({0} IS NOT NULL)", ANY)
        .provenBy("filter/case")
        .operator(
            "CASE",
            "any",
            "CASE WHEN {0} THEN {1} ELSE {2} END",
            call -> true,
            (call, operands) -> caseWhen(operands))
        .provenBy("write/partitions")
        .variadic("COALESCE", ANY, "coalesce({*})");
  }

  static Spelling<RexCall> infix(String word) {
    return (call, operands) -> "(" + String.join(" " + word + " ", operands) + ")";
  }

  private static void comparisons(PushDownList.Builder list) {
    list.provenBy("filter/comparison");
    for (String operator : List.of("=", "<>", "<", "<=", ">", ">=")) {
      list.operator(operator, "({0} " + operator + " {1})", ANY, ANY);
    }
    list.provenBy("join/correlated")
        .operator("IS NOT DISTINCT FROM", "({0} IS NOT DISTINCT FROM {1})", ANY, ANY)
        .provenBy("filter/in")
        .operator(
            "IN",
            "any, literals",
            "({0} IN (...))",
            call -> true,
            (call, operands) -> {
              throw new IllegalStateException("IN is spelled by the dialect");
            });
  }

  private static String caseWhen(List<String> operands) {
    StringBuilder sql = new StringBuilder("CASE");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      sql.append(" WHEN ").append(operands.get(i)).append(" THEN ").append(operands.get(i + 1));
    }
    return sql.append(" ELSE ").append(operands.get(i)).append(" END").toString();
  }

  private static void nested(PushDownList.Builder list, DuckDbDialect dialect) {
    list.provenBy("nested/values")
        .variadic("ROW", ANY, "row({*})")
        .variadic("ARRAY", ANY, "[{*}]")
        .operator("ITEM", "{0}[{1}]", ANY, ANY)
        .operator(
            "CARDINALITY",
            "len({0})",
            (call, operands) -> dialect.carry("len(" + operands.get(0) + ")", call.getType()),
            ANY);
  }

  private static void market(PushDownList.Builder list) {
    list.provenBy("market/functions");
    for (StoreFunction function : StoreFunctions.all()) {
      own(
          list,
          function,
          function == StoreFunctions.MINT_BUCKET ? "substr(sha1({0}), 1, 2)" : "time_bucket(...)");
    }
    list.provenBy("write/required");
    own(list, StoreFunctions.REQUIRED, "CASE WHEN {0} IS NULL THEN error({1}) ELSE {0} END");
    list.provenBy("none");
    own(
        list,
        StoreFunctions.WITHIN,
        "CASE WHEN {0} NOT BETWEEN {1} AND {2} THEN error({3}) ELSE {0} END");
    own(
        list,
        StoreFunctions.EXACT,
        "CASE WHEN {1} <> {2} THEN error({3} || CAST({2} AS VARCHAR)) ELSE {0} END");
    list.operator(
        "$SENT_AS",
        "",
        "CAST({0} AS type)",
        call -> true,
        (call, operands) -> ((StoreFunction) call.getOperator()).duckDb(operands));
  }

  private static void own(PushDownList.Builder list, StoreFunction function, String spelling) {
    list.operator(
        function.getName(),
        "",
        spelling,
        call -> true,
        (call, operands) -> function.duckDb(operands));
  }

  /** Whether an operand is a number literal other than 0, which a division need not check. */
  static boolean isSafeDivisor(RexCall call) {
    return Operand.NUMBER.test(call.getOperands().get(1))
        && call.getOperands().get(1) instanceof RexLiteral literal
        && !literal.isNull()
        && literal.getValueAs(Double.class) != 0;
  }
}
