package io.tidegate.adapter.sql;

import io.tidegate.adapter.store.TimestampDifference;
import io.tidegate.adapter.store.UncarriedType;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorTable;

/**
 * Calcite's validator with Tidegate's operators, and with an INSERT that converts nothing on its
 * own: Calcite would make numbers of texts.
 */
final class TidegateValidator extends SqlValidatorImpl {
  TidegateValidator(
      SqlOperatorTable operators,
      CalciteCatalogReader catalogReader,
      RelDataTypeFactory typeFactory,
      Config config) {
    super(operators, catalogReader, typeFactory, config);
  }

  /** Whatever names a column asks for its type, {@code SELECT *} too. */
  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expression) {
    RelDataType type = super.deriveType(scope, expression);
    if (expression instanceof SqlIdentifier && type instanceof UncarriedType uncarried) {
      throw PlanErrors.unsupported(uncarried.refusal());
    }
    return type;
  }

  @Override
  protected SqlNode performUnconditionalRewrites(SqlNode node, boolean underFrom) {
    SqlNode rewritten = super.performUnconditionalRewrites(node, underFrom);
    if (!(rewritten instanceof SqlCall call)) {
      return rewritten;
    }
    if (call.getKind() == SqlKind.OVER) {
      return FilteredWindows.rewrite(call);
    }
    return isDifference(call) ? difference(call) : call;
  }

  private static boolean isDifference(SqlCall call) {
    return call.getOperator() == SqlStdOperatorTable.TIMESTAMP_DIFF
        || call.getOperator() instanceof SqlJdbcFunctionCall escaped
            && escaped.getName().equals("{fn TIMESTAMPDIFF}")
            && call.operandCount() == 3;
  }

  /** TIMESTAMPDIFF with Tidegate's meaning; Calcite's is an interval cut to milliseconds. */
  private SqlNode difference(SqlCall call) {
    if (!(call.operand(0) instanceof SqlIntervalQualifier unit)) {
      return call;
    }
    // SQL_TSI_DAY is DAY.
    String name = validateTimeFrame(unit).name();
    return TimestampDifference.FUNCTION.createCall(
        call.getParserPosition(),
        SqlLiteral.createSymbol(TimeUnit.valueOf(name), unit.getParserPosition()),
        call.operand(1),
        call.operand(2));
  }

  @Override
  public CalciteException handleUnresolvedFunction(
      SqlCall call,
      SqlOperator unresolved,
      List<RelDataType> argumentTypes,
      List<String> argumentNames) {
    try {
      return super.handleUnresolvedFunction(call, unresolved, argumentTypes, argumentNames);
    } catch (CalciteContextException e) {
      boolean unknown =
          e.getCause().getMessage().startsWith("No match found for function signature");
      return unknown ? unknownFunction(call, unresolved, argumentTypes) : e;
    }
  }

  private CalciteException unknownFunction(
      SqlCall call, SqlOperator unresolved, List<RelDataType> argumentTypes) {
    String name = unresolved.getName();
    List<String> known =
        getOperatorTable().getOperatorList().stream()
            .filter(SqlFunction.class::isInstance)
            .map(SqlOperator::getName)
            .toList();
    String arguments =
        argumentTypes.stream().map(RelDataType::toString).collect(Collectors.joining(", "));
    SqlParserPos at = call.getParserPosition();
    return new CalciteContextException(
        "",
        new SqlValidatorException(
            PlanErrors.NO_FUNCTION + name + "(" + arguments + ")" + NearNames.hint(name, known),
            null),
        at.getLineNum(),
        at.getColumnNum(),
        at.getEndLineNum(),
        at.getEndColumnNum());
  }

  @Override
  protected void checkTypeAssignment(
      SqlValidatorScope sourceScope,
      SqlValidatorTable table,
      RelDataType sourceRowType,
      RelDataType targetRowType,
      SqlNode query) {
    checkAssignable(
        String.join(".", table.getQualifiedName()), sourceRowType, targetRowType, query);
  }

  private static void checkAssignable(
      String table, RelDataType sourceRowType, RelDataType targetRowType, SqlNode query) {
    List<RelDataTypeField> sources = sourceRowType.getFieldList();
    List<RelDataTypeField> targets = targetRowType.getFieldList();
    for (int i = 0; i < Math.min(sources.size(), targets.size()); i++) {
      RelDataType source = sources.get(i).getType();
      RelDataType target = targets.get(i).getType();
      if (target instanceof UncarriedType uncarried) {
        throw PlanErrors.unsupported("Cannot insert into " + table + ": " + uncarried.refusal());
      }
      if (!isAssignable(target, source) && !isParameter(query, i)) {
        throw PlanErrors.invalid(
            "Cannot insert into "
                + table
                + ": column '"
                + targets.get(i).getName()
                + "' is "
                + target
                + " but the query gives "
                + source);
      }
    }
  }

  private static boolean isAssignable(RelDataType target, RelDataType source) {
    if (source.getSqlTypeName() == SqlTypeName.NULL) {
      return true;
    }
    // Texts differ by the character set of their literals here; all of them are UTF-8 when they
    // run.
    return SqlTypeUtil.inCharFamily(target) && SqlTypeUtil.inCharFamily(source)
        || SqlTypeUtil.canAssignFrom(target, source);
  }

  private static boolean isParameter(SqlNode query, int column) {
    return query instanceof SqlSelect select
        && column < select.getSelectList().size()
        && select.getSelectList().get(column) instanceof SqlDynamicParam;
  }
}
