package io.tidegate.adapter.sql;

import io.tidegate.adapter.sql.parser.TidegateSqlDialect;
import io.tidegate.functions.RangeBars;
import io.tidegate.functions.RangeThreshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlTableFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.TableCharacteristic;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.NlsString;

/**
 * A table function whose first argument is a table: {@code f(TABLE t, ...)}, {@code f((SELECT ...),
 * ...)}, either with PARTITION BY and ORDER BY behind it. The other arguments are constants.
 *
 * <p>Arguments are given by position or by name, in any case. Before a call is validated it is
 * rewritten to all arguments in order, so that there is one form to check and to convert.
 */
abstract class TableOperator extends SqlFunction implements SqlTableFunction {

  /**
   * An argument behind the table.
   *
   * @param preset what it is where it is not given, or null if it must be
   */
  record Parameter(String name, SqlLiteral preset) {}

  private static final String DATA = "data";

  private final List<Parameter> parameters;

  TableOperator(String name, Parameter... parameters) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.parameters = List.of(parameters);
  }

  /** The columns of the result; refuses what is wrong with the arguments or the input's columns. */
  abstract RelDataType rowType(RelDataTypeFactory typeFactory, RelDataType input, SqlCall call);

  /** The plan of a call over its converted input. */
  abstract RelNode convert(RelNode input, SqlCall call);

  /** The query that gives the input. */
  static SqlNode query(SqlCall call) {
    SqlNode table = call.operand(0);
    return table.getKind() == SqlKind.SET_SEMANTICS_TABLE ? ((SqlCall) table).operand(0) : table;
  }

  static SqlNodeList partitionBy(SqlCall call) {
    SqlNode table = call.operand(0);
    return table.getKind() == SqlKind.SET_SEMANTICS_TABLE
        ? ((SqlCall) table).operand(1)
        : SqlNodeList.EMPTY;
  }

  static SqlNodeList orderBy(SqlCall call) {
    SqlNode table = call.operand(0);
    return table.getKind() == SqlKind.SET_SEMANTICS_TABLE
        ? ((SqlCall) table).operand(2)
        : SqlNodeList.EMPTY;
  }

  @Override
  public SqlNode rewriteCall(SqlValidator validator, SqlCall call) {
    boolean named = false;
    boolean unnamed = false;
    SqlNode[] arguments = new SqlNode[parameters.size() + 1];
    int position = 0;
    for (SqlNode operand : call.getOperandList()) {
      int index = position++;
      SqlNode argument = operand;
      if (operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT) {
        named = true;
        index = index(((SqlIdentifier) ((SqlCall) operand).operand(1)).getSimple());
        argument = ((SqlCall) operand).operand(0);
      } else {
        unnamed = true;
      }
      if (index >= arguments.length) {
        throw invalid("takes " + arguments.length + " arguments at most: " + names());
      }
      if (arguments[index] != null) {
        throw invalid("argument " + name(index) + " is given twice");
      }
      arguments[index] = argument;
    }
    if (named && unnamed) {
      throw invalid("give all arguments by name or none");
    }
    complete(arguments);
    return new SqlBasicCall(this, Arrays.asList(arguments), call.getParserPosition());
  }

  private void complete(SqlNode[] arguments) {
    if (arguments[0] == null
        || !(arguments[0].getKind() == SqlKind.SET_SEMANTICS_TABLE
            || arguments[0].getKind().belongsTo(SqlKind.QUERY))) {
      throw invalid("its first argument must be a table: TABLE t, or a query in brackets");
    }
    for (int i = 1; i < arguments.length; i++) {
      if (arguments[i] == null || arguments[i].getKind() == SqlKind.DEFAULT) {
        Parameter parameter = parameters.get(i - 1);
        if (parameter.preset() == null) {
          throw invalid("argument " + parameter.name() + " is missing");
        }
        arguments[i] = parameter.preset();
      }
      if (arguments[i] instanceof SqlDynamicParam) {
        throw notConstant(i, arguments[i]);
      }
    }
  }

  private int index(String argument) {
    if (argument.equalsIgnoreCase(DATA)) {
      return 0;
    }
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equalsIgnoreCase(argument)) {
        return i + 1;
      }
    }
    throw invalid("has no argument " + argument + "; its arguments are " + names());
  }

  private String name(int index) {
    return index == 0 ? DATA : parameters.get(index - 1).name();
  }

  private String names() {
    return DATA + ", " + parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    validator.deriveType(scope, query(call));
    return validator.getTypeFactory().createSqlType(SqlTypeName.CURSOR);
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return binding -> {
      SqlCallBinding call = (SqlCallBinding) binding;
      RelDataType input = call.getValidator().deriveType(call.getScope(), query(call.getCall()));
      return rowType(binding.getTypeFactory(), input, call.getCall());
    };
  }

  /** Keys and an order may stand behind the table; the function itself says whether they must. */
  @Override
  public TableCharacteristic tableCharacteristic(int ordinal) {
    return ordinal == 0
        ? TableCharacteristic.builder(TableCharacteristic.Semantics.SET).build()
        : null;
  }

  @Override
  public boolean argumentMustBeScalar(int ordinal) {
    return ordinal != 0;
  }

  /** The value of a constant argument: BigDecimal, String, Boolean or null. */
  final Object constant(SqlCall call, int index) {
    SqlNode node = call.operand(index);
    boolean negative = false;
    while (node.getKind() == SqlKind.CAST || node.getKind() == SqlKind.MINUS_PREFIX) {
      negative ^= node.getKind() == SqlKind.MINUS_PREFIX;
      node = ((SqlCall) node).operand(0);
    }
    if (SqlUtil.isNullLiteral(node, false)) {
      return null;
    }
    Object value = node instanceof SqlLiteral literal ? literal.getValue() : null;
    if (value instanceof BigDecimal number) {
      return negative ? number.negate() : number;
    }
    if (value instanceof NlsString string) {
      return string.getValue();
    }
    if (value instanceof Boolean) {
      return value;
    }
    throw notConstant(index, call.operand(index));
  }

  private RuntimeException notConstant(int index, SqlNode argument) {
    return invalid(name(index) + " must be a constant but was " + text(argument));
  }

  final boolean flag(SqlCall call, int index) {
    Object value = constant(call, index);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw invalid(name(index) + " must be TRUE or FALSE but was " + shown(value));
  }

  /** A threshold of range bars in decimal basis points, given as a number or by its name. */
  final int threshold(SqlCall call, int index) {
    return thresholdDbps(getName().toLowerCase(Locale.ROOT), constant(call, index));
  }

  /**
   * A threshold of range bars in decimal basis points.
   *
   * @param function who asks, for the error
   * @param value a number or a name
   */
  static int thresholdDbps(String function, Object value) {
    try {
      if (value instanceof String name) {
        return RangeThreshold.dbpsOf(function, name);
      }
      if (value instanceof BigDecimal number
          && number.stripTrailingZeros().scale() <= 0
          && number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
        return RangeThreshold.checked(function, number.intValueExact());
      }
    } catch (IllegalArgumentException e) {
      throw PlanErrors.invalid(e.getMessage());
    }
    throw PlanErrors.invalid(
        function
            + ": threshold must be "
            + RangeBars.MIN_THRESHOLD_DBPS
            + " to "
            + RangeBars.MAX_THRESHOLD_DBPS
            + " dbps but was "
            + shown(value));
  }

  /** A value as messages show it. */
  static String shown(Object value) {
    return value == null
        ? "NULL"
        : value instanceof String ? "'" + value + "'" : value.toString().toUpperCase(Locale.ROOT);
  }

  static String text(SqlNode node) {
    return node.toSqlString(TidegateSqlDialect.INSTANCE).getSql();
  }

  /** The column that a name stands for, in any case. */
  final RelDataTypeField column(RelDataType input, String clause, SqlNode name) {
    if (!(name instanceof SqlIdentifier identifier) || !identifier.isSimple()) {
      throw invalid(clause + " takes a column of the input but was " + text(name));
    }
    RelDataTypeField field = input.getField(identifier.getSimple(), false, false);
    if (field == null) {
      throw invalid(
          clause
              + " column '"
              + identifier.getSimple()
              + "' is not in the input (its columns: "
              + String.join(", ", input.getFieldNames())
              + ")");
    }
    return field;
  }

  /** The PARTITION BY columns. */
  final List<RelDataTypeField> keys(RelDataType input, SqlCall call) {
    List<RelDataTypeField> keys = new ArrayList<>();
    for (SqlNode key : partitionBy(call)) {
      RelDataTypeField field = column(input, "PARTITION BY", key);
      if (keys.contains(field)) {
        throw invalid("PARTITION BY names '" + field.getName() + "' twice");
      }
      requireType(field, isKey(field.getType()), "of a type without a fraction or parts");
      keys.add(field);
    }
    return List.copyOf(keys);
  }

  /** Whether equal keys sort together in every engine. */
  private static boolean isKey(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN,
          TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          DECIMAL,
          CHAR,
          VARCHAR,
          BINARY,
          VARBINARY,
          DATE,
          TIME,
          TIMESTAMP ->
          true;
      default -> false;
    };
  }

  /** The ORDER BY columns, of which the first is the time; refuses an order that descends. */
  final List<RelDataTypeField> order(RelDataType input, SqlCall call) {
    SqlNodeList orderBy = orderBy(call);
    if (orderBy.isEmpty()) {
      throw invalid("the input needs an order: write ORDER BY and its time behind it");
    }
    for (SqlNode item : orderBy) {
      if (item.getKind() == SqlKind.DESCENDING) {
        throw invalid("ORDER BY must ascend but was " + text(item) + "; leave DESC out");
      }
    }
    List<RelDataTypeField> order =
        orderBy.stream().map(item -> column(input, "ORDER BY", item)).toList();
    RelDataTypeField time = order.get(0);
    requireType(time, time.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP, "TIMESTAMP");
    return order;
  }

  final void requireType(RelDataTypeField field, boolean fits, String wanted) {
    if (!fits) {
      throw invalid(
          "column '" + field.getName() + "' must be " + wanted + " but is " + field.getType());
    }
  }

  /** An error that says which columns there are. */
  final RuntimeException missing(String columns, RelDataType input) {
    return invalid(
        "the input has no column "
            + columns
            + " (its columns: "
            + String.join(", ", input.getFieldNames())
            + ")");
  }

  /** Refuses input columns that are called like one of the result. */
  final void refuseNames(List<String> taken, List<String> given) {
    List<String> clashes = new ArrayList<>();
    for (String name : given) {
      if (taken.stream().anyMatch(name::equalsIgnoreCase)) {
        clashes.add("'" + name + "'");
      }
    }
    if (!clashes.isEmpty()) {
      throw invalid(
          "the result has a column of its own called "
              + String.join(", ", clashes)
              + "; rename that of the input in a query");
    }
  }

  /** An error of this function's user. */
  final RuntimeException invalid(String message) {
    return PlanErrors.invalid(getName().toLowerCase(Locale.ROOT) + ": " + message);
  }

  /** An input as EXPLAIN shows it. */
  static String explained(List<RelDataTypeField> keys, List<RelDataTypeField> sorted) {
    return "data =>"
        + (keys.isEmpty() ? "" : " PARTITION BY " + names(keys))
        + " ORDER BY "
        + names(sorted);
  }

  private static String names(List<RelDataTypeField> columns) {
    return columns.stream().map(RelDataTypeField::getName).collect(Collectors.joining(", "));
  }
}
