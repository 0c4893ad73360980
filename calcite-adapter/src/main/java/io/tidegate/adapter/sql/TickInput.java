package io.tidegate.adapter.sql;

import io.tidegate.adapter.bars.TickLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Which columns of a table {@code range_bars} and the other bars read as trades. Names count in any
 * case:
 *
 * <ul>
 *   <li>the ORDER BY column: the time, TIMESTAMP
 *   <li>{@code price}, and one of {@code quantity}, {@code volume}, {@code amount}, {@code qty}:
 *       DOUBLE, DECIMAL of at most 8 places, or BIGINT of raw units (times 10^8)
 *   <li>{@code agg_trade_id}, else {@code id}; may be missing: the id of the record
 *   <li>{@code first_trade_id} and {@code last_trade_id}; both may be missing
 *   <li>{@code is_buyer_maker}: BOOLEAN or an integer 0 or 1; may be missing: all are buys
 * </ul>
 *
 * @param keys the PARTITION BY columns
 * @param aggTradeId null if there is none, as are the ones behind it
 */
record TickInput(
    List<RelDataTypeField> keys,
    RelDataTypeField time,
    RelDataTypeField price,
    RelDataTypeField volume,
    RelDataTypeField aggTradeId,
    RelDataTypeField firstTradeId,
    RelDataTypeField lastTradeId,
    RelDataTypeField buyerMaker) {

  private static final List<String> VOLUMES = List.of("quantity", "volume", "amount", "qty");
  private static final int PLACES = 8;

  /** Finds the columns, or refuses the input. */
  static TickInput of(TableOperator operator, RelDataType input, SqlCall call) {
    RelDataTypeField aggTradeId =
        Stream.of("agg_trade_id", "id")
            .map(name -> input.getField(name, false, false))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    RelDataTypeField time = time(operator, input, aggTradeId, call);
    TickInput ticks =
        new TickInput(
            operator.keys(input, call),
            time,
            required(operator, input, List.of("price")),
            required(operator, input, VOLUMES),
            aggTradeId,
            input.getField("first_trade_id", false, false),
            input.getField("last_trade_id", false, false),
            input.getField("is_buyer_maker", false, false));
    ticks.check(operator);
    return ticks;
  }

  private static RelDataTypeField time(
      TableOperator operator, RelDataType input, RelDataTypeField id, SqlCall call) {
    List<RelDataTypeField> order = operator.order(input, call);
    if (order.size() > 2 || order.size() == 2 && !order.get(1).equals(id)) {
      throw operator.invalid(
          "ORDER BY takes the time and, behind it, agg_trade_id or id, but was "
              + TableOperator.orderBy(call).stream()
                  .map(TableOperator::text)
                  .collect(Collectors.joining(", ")));
    }
    return order.get(0);
  }

  private static RelDataTypeField required(
      TableOperator operator, RelDataType input, List<String> names) {
    List<RelDataTypeField> found =
        names.stream()
            .map(name -> input.getField(name, false, false))
            .filter(Objects::nonNull)
            .toList();
    if (found.isEmpty()) {
      throw operator.missing(String.join(" or ", names), input);
    }
    if (found.size() > 1) {
      throw operator.invalid(
          "the input has both "
              + found.get(0).getName()
              + " and "
              + found.get(1).getName()
              + "; select one of them in a query");
    }
    return found.get(0);
  }

  private void check(TableOperator operator) {
    for (RelDataTypeField amount : List.of(price, volume)) {
      RelDataType type = amount.getType();
      boolean fits =
          switch (type.getSqlTypeName()) {
            case REAL, FLOAT, DOUBLE, BIGINT -> true;
            case DECIMAL -> type.getScale() <= PLACES;
            default -> false;
          };
      operator.requireType(
          amount,
          fits,
          "DOUBLE, DECIMAL with at most 8 decimals, or BIGINT holding units of 0.00000001");
    }
    if ((firstTradeId == null) != (lastTradeId == null)) {
      throw operator.invalid(
          "first_trade_id and last_trade_id come together, but the input has only "
              + (firstTradeId == null ? lastTradeId : firstTradeId).getName());
    }
    for (RelDataTypeField id :
        Stream.of(aggTradeId, firstTradeId, lastTradeId).filter(Objects::nonNull).toList()) {
      RelDataType type = id.getType();
      boolean whole = type.getSqlTypeName() == SqlTypeName.DECIMAL && type.getScale() == 0;
      operator.requireType(
          id, whole || SqlTypeName.INT_TYPES.contains(type.getSqlTypeName()), "BIGINT");
    }
    if (buyerMaker != null) {
      SqlTypeName type = buyerMaker.getType().getSqlTypeName();
      operator.requireType(
          buyerMaker,
          type == SqlTypeName.BOOLEAN || SqlTypeName.INT_TYPES.contains(type),
          "BOOLEAN, or an integer 0 or 1");
    }
  }

  TickLayout layout() {
    return new TickLayout(
        keys.size(), aggTradeId != null, firstTradeId != null, buyerMaker != null);
  }

  /** How many of the first columns the input is ordered by, before the id. */
  int orderedColumns() {
    return keys.size() + 1;
  }

  private List<RelDataTypeField> columns() {
    List<RelDataTypeField> columns = new ArrayList<>(keys);
    Stream.of(time, price, volume, aggTradeId, firstTradeId, lastTradeId, buyerMaker)
        .filter(Objects::nonNull)
        .forEach(columns::add);
    return columns;
  }

  List<String> names() {
    return columns().stream().map(RelDataTypeField::getName).toList();
  }

  /** The columns in the order and in the types that the function reads. */
  List<RexNode> projects(RexBuilder rexBuilder) {
    List<RexNode> projects = new ArrayList<>();
    for (RelDataTypeField column : columns()) {
      RexNode reference = rexBuilder.makeInputRef(column.getType(), column.getIndex());
      projects.add(
          keys.contains(column)
              ? reference
              : rexBuilder.ensureType(
                  carried(rexBuilder.getTypeFactory(), column.getType()), reference, true));
    }
    return projects;
  }

  /** The type in which a value that is no key is read. */
  private static RelDataType carried(RelDataTypeFactory typeFactory, RelDataType type) {
    RelDataType wide =
        switch (type.getSqlTypeName()) {
          case TIMESTAMP -> typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6);
          case REAL, FLOAT -> typeFactory.createSqlType(SqlTypeName.DOUBLE);
          case TINYINT, SMALLINT, INTEGER -> typeFactory.createSqlType(SqlTypeName.BIGINT);
          default -> type;
        };
    return typeFactory.createTypeWithNullability(wide, type.isNullable());
  }

  /** The input as EXPLAIN shows it. */
  @Override
  public String toString() {
    return TableOperator.explained(
        keys, aggTradeId == null ? List.of(time) : List.of(time, aggTradeId));
  }
}
