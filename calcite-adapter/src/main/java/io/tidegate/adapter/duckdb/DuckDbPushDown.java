package io.tidegate.adapter.duckdb;

import static io.tidegate.adapter.store.Operand.ANY;
import static io.tidegate.adapter.store.Operand.BOOLEAN;

import io.tidegate.adapter.store.Operand;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreFunction;
import io.tidegate.adapter.store.StoreFunctions;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

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
      list.operator(
          operator,
          "any but ROWs and MAPs",
          "({0} " + operator + " {1})",
          call ->
              call.getOperands().stream()
                  .map(RexNode::getType)
                  .noneMatch(type -> type.isStruct() || hasMap(type)),
          infix(operator));
    }
    list.provenBy("nested/rows")
        .operator(
            "=",
            "ROWs",
            "the same of all fields",
            DuckDbPushDown::isOfRows,
            (call, operands) -> sameRows(call, operands))
        .operator(
            "<>",
            "ROWs",
            "not the same of all fields",
            DuckDbPushDown::isOfRows,
            (call, operands) -> "(NOT " + sameRows(call, operands) + ")")
        .provenBy("join/correlated")
        .operator(
            "IS NOT DISTINCT FROM",
            "any but MAPs",
            "({0} IS NOT DISTINCT FROM {1})",
            call -> !hasMap(call),
            infix("IS NOT DISTINCT FROM"))
        .provenBy("filter/in")
        .operator(
            "IN",
            "any but MAPs, literals",
            "({0} IN (...))",
            call -> !hasMap(call),
            (call, operands) -> {
              throw new IllegalStateException("IN is spelled by the dialect");
            });
  }

  /**
   * Whether values of a type cannot be compared, sorted or grouped because a MAP is in them: to
   * DuckDB the order of its entries counts.
   */
  static boolean hasMap(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.MAP
        || type.getComponentType() != null && hasMap(type.getComponentType())
        || type.isStruct()
            && type.getFieldList().stream().anyMatch(field -> hasMap(field.getType()));
  }

  private static boolean hasMap(RexCall call) {
    return call.getOperands().stream().anyMatch(operand -> hasMap(operand.getType()));
  }

  private static boolean isMap(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.MAP;
  }

  private static boolean isOfRows(RexCall call) {
    return call.getOperands().stream()
        .allMatch(node -> node.getType().isStruct() && !hasMap(node.getType()));
  }

  /** Rows are equal as their fields are; DuckDB would find NULL fields equal to each other. */
  private static String sameRows(RexCall call, List<String> operands) {
    return sameRows(call.getOperands().get(0).getType(), operands.get(0), operands.get(1));
  }

  private static String sameRows(RelDataType type, String left, String right) {
    List<String> fields = new ArrayList<>();
    for (RelDataTypeField field : type.getFieldList()) {
      String one = field(left, field.getIndex());
      String other = field(right, field.getIndex());
      fields.add(
          field.getType().isStruct()
              ? sameRows(field.getType(), one, other)
              : "(" + one + " = " + other + ")");
    }
    return "(" + String.join(" AND ", fields) + ")";
  }

  private static String field(String row, int position) {
    return "struct_extract_at(" + row + ", " + (position + 1) + ")";
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
            "array, multiset",
            "len({0})",
            call -> !isMap(call.getOperands().get(0)),
            (call, operands) -> dialect.carry("len(" + operands.get(0) + ")", call.getType()))
        .provenBy("nested/rows")
        .field(
            "struct_extract_at({0}, position)",
            (position, operands) -> field(operands.get(0), position))
        .provenBy("nested/map")
        .operator(
            "MAP",
            "keys and values in turn",
            "map([{0}, {2}], [{1}, {3}])",
            call -> true,
            (call, operands) -> map(operands))
        .operator(
            "CARDINALITY",
            "map",
            "cardinality({0})",
            call -> isMap(call.getOperands().get(0)),
            (call, operands) ->
                dialect.carry("cardinality(" + operands.get(0) + ")", call.getType()))
        // What MULTISET[...] is made of: rows of one field.
        .provenBy("nested/multiset")
        .operator(
            "$SLICE",
            "list_transform({0}, lambda e: struct_extract_at(e, 1))",
            (call, operands) ->
                "list_transform(" + operands.get(0) + ", lambda e: " + field("e", 0) + ")",
            ANY)
        .provenBy("aggregate/within-distinct")
        .operator(
            "$THROW_UNLESS", "CASE WHEN {0} THEN TRUE ELSE error({1}) END", BOOLEAN, Operand.TEXT);
  }

  /** Keys and values alternate. */
  private static String map(List<String> operands) {
    List<String> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      keys.add(operands.get(i));
      values.add(operands.get(i + 1));
    }
    return "map([" + String.join(", ", keys) + "], [" + String.join(", ", values) + "])";
  }

  private static void market(PushDownList.Builder list) {
    list.provenBy("market/functions");
    for (StoreFunction function : StoreFunctions.all()) {
      own(
          list,
          function,
          function == StoreFunctions.MINT_BUCKET
              ? "substr(sha1({0}), 1, 2)"
              : function == StoreFunctions.REFUSE_UNLESS
                  ? "CASE WHEN {1} THEN {0} ELSE error({2}) END"
                  : "time_bucket(...)");
    }
    list.provenBy("write/required");
    own(list, StoreFunctions.REQUIRED, "CASE WHEN {0} IS NULL THEN error({1}) ELSE {0} END");
    list.provenBy("limits/within");
    own(
        list,
        StoreFunctions.WITHIN,
        "CASE WHEN {0} NOT BETWEEN {1} AND {2} THEN error({3}) ELSE {0} END");
    list.provenBy("write/exact");
    own(
        list,
        StoreFunctions.EXACT,
        "CASE WHEN {1} <> {2} THEN error({3} || CAST({2} AS VARCHAR)) ELSE {0} END");
    list.provenBy("limits/sent");
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
