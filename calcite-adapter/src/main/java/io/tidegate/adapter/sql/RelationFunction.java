package io.tidegate.adapter.sql;

import io.tidegate.adapter.arrow.SqlFailure;
import io.tidegate.adapter.store.StoreRelation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlTableFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A table function that names a relation by constants: {@code read_parquet('path')}, {@code
 * read_csv('path')}, {@code native_query('schema', 'SQL')}. Its columns are asked of the store
 * while the statement is validated, so a parameter {@code ?} cannot stand in it.
 */
final class RelationFunction extends SqlFunction implements SqlTableFunction {

  /** Finds the relation that the arguments name. */
  @FunctionalInterface
  interface Source {
    StoreRelation relation(List<String> arguments, String call) throws SQLException;
  }

  private final Source source;

  /** Relations by their arguments: one statement asks for the same one several times. */
  private final Map<List<String>, StoreRelation> relations = new HashMap<>();

  RelationFunction(String name, int arguments, Source source) {
    this(
        name,
        OperandTypes.family(
            Arrays.asList(
                Collections.nCopies(arguments, SqlTypeFamily.CHARACTER)
                    .toArray(SqlTypeFamily[]::new))),
        source);
  }

  /** A function of one text or more. */
  static RelationFunction ofTexts(String name, Source source) {
    return new RelationFunction(
        name, OperandTypes.repeat(SqlOperandCountRanges.from(1), OperandTypes.CHARACTER), source);
  }

  private RelationFunction(String name, SqlOperandTypeChecker arguments, Source source) {
    super(
        name.toUpperCase(Locale.ROOT),
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.CURSOR,
        null,
        arguments,
        SqlFunctionCategory.USER_DEFINED_TABLE_FUNCTION);
    this.source = source;
  }

  @Override
  public SqlReturnTypeInference getRowTypeInference() {
    return this::rowType;
  }

  private RelDataType rowType(SqlOperatorBinding binding) {
    return relation((SqlCallBinding) binding).getRowType(binding.getTypeFactory());
  }

  StoreRelation relation(SqlCallBinding binding) {
    List<String> arguments = new ArrayList<>();
    for (SqlNode operand : binding.operands()) {
      if (!(operand instanceof SqlLiteral literal)
          || !SqlTypeName.CHAR_TYPES.contains(literal.getTypeName())) {
        throw PlanErrors.invalid(
            getName().toLowerCase(Locale.ROOT)
                + " takes constant texts, but argument "
                + (arguments.size() + 1)
                + " is "
                + (SqlUtil.isNull(operand) ? "NULL" : operand));
      }
      arguments.add(literal.getValueAs(String.class));
    }
    return relations.computeIfAbsent(arguments, this::find);
  }

  private StoreRelation find(List<String> arguments) {
    try {
      return source.relation(
          arguments, getName().toLowerCase(Locale.ROOT) + "(" + String.join(", ", arguments) + ")");
    } catch (SQLException e) {
      throw SqlFailure.unchecked(e);
    }
  }
}
