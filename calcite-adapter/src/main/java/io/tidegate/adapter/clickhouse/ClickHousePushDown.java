package io.tidegate.adapter.clickhouse;

import static io.tidegate.adapter.store.Operand.ANY;
import static io.tidegate.adapter.store.Operand.BOOLEAN;
import static io.tidegate.adapter.store.Operand.CHARACTER;
import static io.tidegate.adapter.store.Operand.COUNT;
import static io.tidegate.adapter.store.Operand.DATE;
import static io.tidegate.adapter.store.Operand.MOMENT;
import static io.tidegate.adapter.store.Operand.POSITIVE;
import static io.tidegate.adapter.store.Operand.TEXT;
import static io.tidegate.adapter.store.Operand.TIMESTAMP;
import static io.tidegate.adapter.store.Operand.WORD;

import io.tidegate.adapter.store.NotSupported;
import io.tidegate.adapter.store.PushDownEntry.Spelling;
import io.tidegate.adapter.store.PushDownList;
import io.tidegate.adapter.store.StoreFunction;
import io.tidegate.adapter.store.StoreFunctions;
import io.tidegate.adapter.store.TimestampDifference;
import java.util.List;
import org.apache.calcite.rex.RexCall;

/**
 * What ClickHouse may be asked to run: operators and functions here, what else there is in {@link
 * ClickHouseArithmetic}, {@link ClickHouseComparison}, {@link ClickHouseCast}, {@link
 * ClickHouseAggregates}, {@link ClickHouseWindows} and {@link ClickHouseOperators}.
 */
final class ClickHousePushDown {
  private ClickHousePushDown() {}

  /** The list, spelled by a dialect. */
  static PushDownList list(ClickHouseDialect dialect) {
    PushDownList.Builder list = new PushDownList.Builder();
    logic(list, dialect);
    ClickHouseComparison.add(list, dialect);
    ClickHouseArithmetic.add(list, dialect);
    ClickHouseCast.add(list, dialect);
    texts(list);
    times(list);
    market(list);
    ClickHouseAggregates.add(list, dialect);
    ClickHouseWindows.add(list);
    ClickHouseOperators.add(list);
    reasons(list);
    return list.build();
  }

  private static void logic(PushDownList.Builder list, ClickHouseDialect dialect) {
    list.provenBy("filter/logic")
        .operator("AND", "boolean, ...", "({0} AND {1})", call -> true, infix("AND"))
        .operator("OR", "boolean, ...", "({0} OR {1})", call -> true, infix("OR"))
        .operator("NOT", "(NOT {0})", BOOLEAN)
        .operator("IS TRUE", "ifNull({0}, false)", BOOLEAN)
        .operator("IS NOT TRUE", "NOT ifNull({0}, false)", BOOLEAN)
        .operator("IS FALSE", "NOT ifNull({0}, true)", BOOLEAN)
        .operator("IS NOT FALSE", "ifNull({0}, true)", BOOLEAN)
        .provenBy("filter/null")
        .operator("IS NULL", "isNull({0})", ANY)
        .operator("IS NOT NULL", "isNotNull({0})", ANY)
        .provenBy("filter/case")
        .operator(
            "CASE",
            "any",
            "multiIf(ifNull({0}, false), {1}, {2})",
            call -> true,
            (call, operands) -> caseWhen(call, operands, dialect));
  }

  private static Spelling<RexCall> infix(String word) {
    return (call, operands) -> "(" + String.join(" " + word + " ", operands) + ")";
  }

  private static String caseWhen(RexCall call, List<String> operands, ClickHouseDialect dialect) {
    StringBuilder sql = new StringBuilder("multiIf(");
    int i = 0;
    for (; i + 1 < operands.size(); i += 2) {
      sql.append("ifNull(").append(operands.get(i)).append(", false), ");
      sql.append(dialect.carry(operands.get(i + 1), call.getType())).append(", ");
    }
    return sql.append(dialect.carry(operands.get(i), call.getType())).append(")").toString();
  }

  private static void texts(PushDownList.Builder list) {
    list.provenBy("text/concat")
        .operator("||", "concat({*})", TEXT, TEXT)
        .provenBy("text/length")
        .operator("CHAR_LENGTH", "toInt32(lengthUTF8({0}))", TEXT)
        .provenBy("text/substring")
        .operator("SUBSTRING", "substringUTF8({0}, {1})", TEXT, POSITIVE)
        .operator("SUBSTRING", "substringUTF8({0}, {1}, {2})", TEXT, POSITIVE, COUNT)
        .provenBy("text/trim")
        .operator(
            "TRIM",
            "trim(BOTH {1} FROM {2})",
            (call, operands) ->
                "trim("
                    + operands.get(0)
                    + " "
                    + operands.get(1)
                    + " FROM "
                    + operands.get(2)
                    + ")",
            WORD,
            CHARACTER,
            TEXT)
        .provenBy("text/position")
        .operator("POSITION", "toInt32(positionUTF8({1}, {0}))", TEXT, TEXT)
        .provenBy("text/replace")
        .operator("REPLACE", "replaceAll({0}, {1}, {2})", TEXT, TEXT, TEXT);
  }

  private static void times(PushDownList.Builder list) {
    list.provenBy("time/floor")
        .operator(
            "FLOOR",
            "fromUnixTimestamp64Micro({0} - positiveModulo({0}, unit))",
            ClickHousePushDown::floorTime,
            TIMESTAMP,
            WORD)
        .operator("FLOOR", "makeDate32(toYear({0}), toMonth({0}), 1)", floorDate(), DATE, WORD)
        .provenBy("time/extract")
        .operator(
            "EXTRACT", "toInt64(toHour({1}))", ClickHousePushDown::extractTime, WORD, TIMESTAMP)
        .operator("EXTRACT", "toInt64(toYear({1}))", ClickHousePushDown::extractDay, WORD, MOMENT)
        .provenBy("time/difference")
        .operator(
            "TIMESTAMPDIFF",
            "intDiv(toUnixTimestamp64Micro({2}) - toUnixTimestamp64Micro({1}), unit)",
            (call, operands) -> TimestampDifference.FUNCTION.clickHouse(operands),
            WORD,
            MOMENT,
            MOMENT);
  }

  private static String floorTime(RexCall call, List<String> operands) {
    String value = operands.get(0);
    return switch (operands.get(1)) {
      case "YEAR" -> "makeDateTime64(toYear(" + value + "), 1, 1, 0, 0, 0, 0, 6, 'UTC')";
      case "MONTH" ->
          "makeDateTime64(toYear(" + value + "), toMonth(" + value + "), 1, 0, 0, 0, 0, 6, 'UTC')";
      case "DAY" -> floorSeconds(value, 86_400);
      case "HOUR" -> floorSeconds(value, 3_600);
      case "MINUTE" -> floorSeconds(value, 60);
      case "SECOND" -> floorSeconds(value, 1);
      default -> throw new NotSupported("FLOOR TO " + operands.get(1));
    };
  }

  private static String floorSeconds(String value, long seconds) {
    return StoreFunctions.FLOOR_TO_INTERVAL.clickHouse(List.of(value, Long.toString(seconds)));
  }

  private static Spelling<RexCall> floorDate() {
    return (call, operands) ->
        switch (operands.get(1)) {
          case "YEAR" -> "makeDate32(toYear(" + operands.get(0) + "), 1, 1)";
          case "MONTH" ->
              "makeDate32(toYear(" + operands.get(0) + "), toMonth(" + operands.get(0) + "), 1)";
          default -> throw new NotSupported("FLOOR TO " + operands.get(1));
        };
  }

  private static String extractTime(RexCall call, List<String> operands) {
    return switch (operands.get(0)) {
      case "HOUR" -> "toInt64(toHour(" + operands.get(1) + "))";
      case "MINUTE" -> "toInt64(toMinute(" + operands.get(1) + "))";
      case "SECOND" -> "toInt64(toSecond(" + operands.get(1) + "))";
      default -> extractDay(call, operands);
    };
  }

  private static String extractDay(RexCall call, List<String> operands) {
    String day = operands.get(1);
    return switch (operands.get(0)) {
      case "YEAR" -> "toInt64(toYear(" + day + "))";
      case "QUARTER" -> "toInt64(toQuarter(" + day + "))";
      case "MONTH" -> "toInt64(toMonth(" + day + "))";
      case "WEEK" -> "toInt64(toISOWeek(" + day + "))";
      case "ISOYEAR" -> "toInt64(toISOYear(" + day + "))";
      case "DAY" -> "toInt64(toDayOfMonth(" + day + "))";
      case "DOY" -> throw new NotSupported("EXTRACT(DOY): it counts wrongly after 2149");
      // SQL counts Sunday as 1, ClickHouse Monday.
      case "DOW" -> "toInt64(toDayOfWeek(" + day + ") % 7 + 1)";
      case "ISODOW" -> "toInt64(toDayOfWeek(" + day + "))";
      default -> throw new NotSupported("EXTRACT(" + operands.get(0) + ")");
    };
  }

  private static void market(PushDownList.Builder list) {
    list.provenBy("market/functions");
    for (StoreFunction function : StoreFunctions.all()) {
      if (function == StoreFunctions.REFUSE_UNLESS) {
        continue;
      }
      own(
          list,
          function,
          function == StoreFunctions.MINT_BUCKET ? "hex(SHA1({0}))" : "by microseconds");
      if (function != StoreFunctions.MINT_BUCKET) {
        list.raises();
      }
    }
    list.provenBy("limits/within");
    own(list, StoreFunctions.WITHIN, "({0} + throwIf({0} NOT BETWEEN {1} AND {2}, {3}))");
    list.raises().provenBy("limits/text");
    list.operator(
        StoreFunctions.REFUSED_TEXT,
        "",
        "substring({0}, 1 + throwIf(what {0} may not be, {1}))",
        call -> true,
        (call, operands) -> ((StoreFunction) call.getOperator()).clickHouse(operands));
    list.raises();
  }

  private static void own(PushDownList.Builder list, StoreFunction function, String spelling) {
    list.operator(
        function.getName(),
        "",
        spelling,
        call -> true,
        (call, operands) -> function.clickHouse(operands));
  }

  private static void reasons(PushDownList.Builder list) {
    list.leftOut("UPPER", "its upper case of 110 letters is another: of ß it is SS, here ẞ")
        .leftOut(
            "LOWER",
            "its lower case of 9 letters is another (İ), and it heeds the end of a word (Σ)")
        .leftOut("REFUSE_UNLESS", "an error's message cannot be made of a row's values")
        .leftOut("ROUND", "it rounds halves to even")
        .leftOut("CEIL", "the end of the last unit is later than its times, which end in 2299")
        .leftOut("INTERSECT ALL", "it does not count duplicates")
        .leftOut("EXCEPT ALL", "it does not count duplicates")
        .leftOut("CORRELATE", "it has no lateral join")
        .leftOut("VALUES", "literal rows cost nothing where they are")
        .leftOut("LIKE", "only a constant pattern without a mistake can be translated")
        .leftOut("STDDEV_POP", "the last digits depend on the method")
        .leftOut("STDDEV_SAMP", "the last digits depend on the method")
        .leftOut("VAR_POP", "the last digits depend on the method")
        .leftOut("VAR_SAMP", "the last digits depend on the method");
  }
}
