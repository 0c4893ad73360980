package io.tidegate.adapter.sql;

import io.tidegate.functions.BarField;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidatorUtil;

/**
 * Which columns of a table a validation reads as bars: the ORDER BY column, TIMESTAMP, and those
 * that are called like a {@link BarField}, in any case. {@code open_time} and {@code close_time}
 * are TIMESTAMP, all others numbers.
 *
 * @param keys the PARTITION BY columns
 * @param fields the columns by what they are; a field that the input does not have is not in it
 * @param order what decides the order of bars of one time
 */
record BarInput(
    List<RelDataTypeField> keys,
    Map<BarField, RelDataTypeField> fields,
    List<RelDataTypeField> order) {
  private static final String TIE_BREAK = "first_agg_trade_id";

  /**
   * Finds the columns, or refuses the input.
   *
   * @param wanted the fields that are read if they are there
   * @param needed those of them that must be
   */
  static BarInput of(
      TableOperator operator,
      RelDataType input,
      SqlCall call,
      Collection<BarField> wanted,
      Collection<BarField> needed) {
    List<RelDataTypeField> keys = operator.keys(input, call);
    List<RelDataTypeField> order = operator.order(input, call);
    Map<BarField, RelDataTypeField> fields = new EnumMap<>(BarField.class);
    for (BarField field : wanted) {
      RelDataTypeField column = input.getField(field.toString(), false, false);
      if (column != null) {
        requireType(operator, field, column);
        fields.put(field, column);
      }
    }
    List<String> missing =
        needed.stream()
            .filter(field -> !fields.containsKey(field))
            .map(BarField::toString)
            .toList();
    if (!missing.isEmpty()) {
      throw operator.missing(String.join(", ", missing), input);
    }
    fields.put(BarField.TIME, order.get(0));
    List<RelDataTypeField> behind = new ArrayList<>(order.subList(1, order.size()));
    RelDataTypeField tieBreak = input.getField(TIE_BREAK, false, false);
    if (behind.isEmpty() && tieBreak != null) {
      behind.add(tieBreak);
    }
    return new BarInput(keys, fields, List.copyOf(behind));
  }

  private static void requireType(TableOperator operator, BarField field, RelDataTypeField column) {
    SqlTypeName type = column.getType().getSqlTypeName();
    boolean time = field == BarField.OPEN_TIME || field == BarField.CLOSE_TIME;
    operator.requireType(
        column,
        time ? type == SqlTypeName.TIMESTAMP : SqlTypeName.NUMERIC_TYPES.contains(type),
        time ? "TIMESTAMP" : "a number");
  }

  /** The fields in the order of {@link #projects}. */
  List<BarField> present() {
    return List.copyOf(fields.keySet());
  }

  /** The columns that are read, and behind them those that only put the rows in order. */
  List<RexNode> projects(RexBuilder rexBuilder) {
    List<RexNode> projects = new ArrayList<>();
    keys.forEach(key -> projects.add(rexBuilder.makeInputRef(key.getType(), key.getIndex())));
    fields.forEach((field, column) -> projects.add(carried(rexBuilder, column)));
    order.forEach(
        column -> projects.add(rexBuilder.makeInputRef(column.getType(), column.getIndex())));
    return projects;
  }

  /** The names of {@link #projects}; those of the keys are theirs. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    keys.forEach(key -> names.add(key.getName()));
    fields.keySet().forEach(field -> names.add(field.toString()));
    order.forEach(column -> names.add(column.getName()));
    return SqlValidatorUtil.uniquify(names, false);
  }

  private static RexNode carried(RexBuilder rexBuilder, RelDataTypeField column) {
    RelDataTypeFactory typeFactory = rexBuilder.getTypeFactory();
    RelDataType carried =
        column.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? typeFactory.createSqlType(SqlTypeName.TIMESTAMP, 6)
            : typeFactory.createSqlType(SqlTypeName.DOUBLE);
    return rexBuilder.ensureType(
        typeFactory.createTypeWithNullability(carried, column.getType().isNullable()),
        rexBuilder.makeInputRef(column.getType(), column.getIndex()),
        true);
  }

  /** How many columns the function reads: those of {@link #projects} without the order's. */
  int columns() {
    return keys.size() + fields.size();
  }

  /** The input as EXPLAIN shows it. */
  @Override
  public String toString() {
    List<RelDataTypeField> sorted = new ArrayList<>(List.of(fields.get(BarField.TIME)));
    sorted.addAll(order);
    return TableOperator.explained(keys, sorted);
  }
}
